import Review
import Sync
import TestSupport

// What callers, reviewers and administrators do.

extension Simulation {
    /// A case comes: a new one, the same again, or another revision of it.
    mutating func arrive() {
        if ids.count < 5, ids.isEmpty || random.chance(2, in: 3) {
            ids.append("T-\(ids.count + 1)")
        }
        let refund = Sample.refund(random.pick(ids), version: random.chance(1, in: 25) ? 2 : 1)
        let routing = Sample.routing(
            opinions: terms.opinions,
            blind: terms.blind,
            bin: random.pick([nil, 85])
        )
        let routed = Sample.routed(
            routing,
            adjudicate: terms.adjudicate,
            reveal: terms.reveal,
            policy: Sample.digest(900_000 + policies)
        )
        // A known gap (`Sync/README.md`): what a log counts of an erased case and of its successor.
        if erasedNames.contains(refund.name) { return }
        note("case \(refund.name)")
        change(Wanted(names: [refund.name])) { draft in
            _ = try? draft.intake(refund) { _, _, _ in routed }
        }
    }

    /// A reviewer answers, abstains or takes an answer back, with or without a connection.
    mutating func act(_ index: Int) {
        let node = nodes[index]
        let fresh = random.chance(3, in: 4) ? node.asked.filter(node.isOpen) : []
        guard let key = random.some(of: fresh.isEmpty ? node.asked : fresh, 1, in: 2).first else {
            return
        }
        if strikes(.failNodeStore) {
            note("\(node.device.name) could not write")
            return mark(.nodeStoreFailed)
        }
        let at = now.advanced(byMilliseconds: node.clockOffset)
        let document: Document?
        switch random.below(12) {
        case 0: document = nodes[index].retract(key, random: randomness())
        case 1, 2:
            document = nodes[index].decide(
                key,
                .abstain(random.pick(Abstention.allCases)),
                output: nil,
                now: at,
                random: randomness()
            )
        case 3...5 where strikes(.writePoison):
            mark(.poisonWritten)
            let content: JSON = ["written": "by a version to come"]
            document = nodes[index].commit(
                .verdict,
                caseKey: key,
                content,
                random: randomness()
            )
        default:
            document = nodes[index].decide(
                key,
                .label(random.pick(["approve", "approve", "deny"])),
                output: random.pick([nil, nil, nil, Sample.output, ["amount": 2], .null]),
                now: at,
                random: randomness()
            )
        }
        guard let document else { return }
        committed[index].append(document)
        note("\(nodes[index].device.name) \(document.entry.kindName) \(document.entry.uid.short)")
    }

    mutating func claim() {
        guard let name = someCase() else { return }
        note("claim \(name)")
        change(Wanted(names: [name])) { draft in _ = try? draft.claim(name, outcome: nil) }
    }

    mutating func sweep() {
        if random.chance(1, in: 2) { milliseconds += 600_000 }
        let keys = hub.rows.keys.sorted()
        note("sweep")
        change(Wanted(keys: keys)) { draft in
            draft.sweep(keys)
            draft.look(at: keys)
        }
    }

    /// An administrator decides on the hub.
    mutating func rule() {
        guard random.chance(1, in: 2), let name = someCase() else { return }
        let label = random.pick(Sample.labels)
        note("rule \(name) \(label)")
        change(Wanted(names: [name])) { draft in
            _ = try? draft.adjudicate(
                name,
                answer: .label(label),
                output: nil,
                by: "admin",
                because: "it was late"
            )
        }
    }

    private mutating func someCase() -> CaseName? {
        random.some(of: ids, 1, in: 3).first.flatMap { CaseName("refunds/\($0)") }
    }
}
