package import Review
package import Sync
import TestSupport

/// One hub, a few reviewers on a few machines, and a network that loses, delays, repeats and cuts.
///
/// Drives the shipped `NodeEnd` and `HubDraft` in virtual time. Everything follows from the seed:
/// the same one gives the same `trace` (**SameSeedSameTrace**).
package struct Simulation: Sendable {
    package let seed: UInt64
    package internal(set) var hub = MemoryHub()
    package internal(set) var nodes: [MemoryNode] = []
    /// What happened, a line each.
    package private(set) var trace: [String] = []
    /// Every entry that a node ever committed on the disk that it has now, by node.
    package private(set) var committed: [[Document]] = []
    /// Every entry that a node ever had a receipt for.
    package private(set) var promised: [Digest: Document] = [:]
    /// What a node's disk held at an earlier moment.
    private var saved: [MemoryNode?] = []
    /// What the hub's disk held at an earlier moment.
    private var savedHub: MemoryHub?
    /// The hub that was put back and does not know: what nodes have of it need not be its own now.
    private(set) var unknownPast: HubName?
    /// The outcome of each seal when it was first seen.
    package private(set) var sealed: [Digest: [UInt8]] = [:]
    package internal(set) var faults: Faults
    var random: SplitMix64
    var delayed: [[UInt8]] = []
    private var milliseconds = Sample.noon.milliseconds
    private var ids: [String] = []
    private let blind: Bool
    private let reveal: CaseRecord.Reveal
    private let adjudicate: Terms.Adjudication
    private let opinions: Int
    let pageBytes: Int

    package init(seed: UInt64) {
        self.seed = seed
        random = SplitMix64(seed: seed)
        faults = Faults(&random)
        blind = random.chance(1, in: 2)
        reveal = random.pick([.local, .hub])
        adjudicate = random.pick([.senior, .third])
        opinions = 1 + random.below(2)
        pageBytes = random.pick([1, 1_500, 6_000, 1_000_000])
        populate()
    }

    private mutating func populate() {
        change(Wanted()) { draft in
            draft.activate(
                workflow: "refunds",
                policy: Sample.policy,
                phase: 1,
                yaml: "workflow: refunds",
                tree: [:],
                by: "admin"
            )
        }
        let people = Array(["anna", "ben", "sara", "cleo", "dora"].prefix(2 + random.below(4)))
        for (index, person) in people.enumerated() {
            let role: Reviewer.Role = person == "sara" || index == 1 ? .senior : .reviewer
            enlist(Reviewer(name: person, workflows: nil, role: role))
            for number in 1...(random.chance(1, in: 3) ? 2 : 1) { enrol(person, number) }
        }
    }

    private mutating func enlist(_ reviewer: Reviewer) {
        change(Wanted()) { draft in try? draft.enlist(reviewer) }
    }

    private mutating func enrol(_ person: String, _ number: Int) {
        var node = MemoryNode(reviewer: person, number: number, hub: hub.name)
        let first = node.commit(
            .epoch,
            [
                "parent": "", "reason": "enrolled",
                "key": .string(Base64URL.encode(node.device.key)),
            ],
            random: randomness()
        )
        var wanted = Wanted()
        wanted.logs = [node.log]
        wanted.uids = [first.entry.uid]
        let device = node.device
        change(wanted) { draft in _ = draft.enrol(device, first: first) }
        nodes.append(node)
        committed.append([first])
        saved.append(nil)
    }

    mutating func randomness() -> Randomness { seededRandomness(random.next()) }

    var now: Timestamp { Timestamp(milliseconds: milliseconds) }

    mutating func note(_ line: String) { trace.append("\(trace.count) \(line)") }

    /// Something that the hub does of its own, in a transaction.
    private mutating func change(_ wanted: Wanted, _ decide: (inout HubDraft) -> Void) {
        hub.ingest(wanted, now: now, random: randomness()) { draft in decide(&draft) }
        for accepted in hub.entries where accepted.document.entry.kind == .seal {
            guard sealed[accepted.document.entry.uid] == nil,
                let json = try? accepted.document.content(), let seal = try? Seal(json: json)
            else { continue }
            sealed[accepted.document.entry.uid] = seal.outcome.bytes
        }
    }
}

// MARK: - What happens

extension Simulation {
    /// One thing that somebody does.
    package mutating func step() {
        milliseconds += Int64(random.below(60_000))
        switch random.below(22) {
        case 0..<2: arrive()
        case 2..<10: act(random.below(nodes.count))
        case 10..<16: sync(random.below(nodes.count))
        case 16: claim()
        case 17: sweep()
        case 18: rule()
        case 19: loseContinuity(random.below(nodes.count))
        case 20: restoreHub()
        default: deliverDelayed()
        }
    }

    /// A case comes: a new one, the same again, or another revision of it.
    private mutating func arrive() {
        if ids.count < 5, ids.isEmpty || random.chance(2, in: 3) {
            ids.append("T-\(ids.count + 1)")
        }
        let refund = Sample.refund(random.pick(ids), version: random.chance(1, in: 25) ? 2 : 1)
        let routing = Sample.routing(opinions: opinions, blind: blind, bin: random.pick([nil, 85]))
        let routed = Sample.routed(routing, adjudicate: adjudicate, reveal: reveal)
        note("case \(refund.name)")
        change(Wanted(names: [refund.name])) { draft in
            _ = try? draft.intake(refund) { _, _, _ in routed }
        }
    }

    /// A reviewer answers, abstains or takes an answer back, with or without a connection.
    private mutating func act(_ index: Int) {
        let node = nodes[index]
        let fresh = random.chance(3, in: 4) ? node.asked.filter(node.isOpen) : []
        guard let key = random.some(of: fresh.isEmpty ? node.asked : fresh, 1, in: 2).first else {
            return
        }
        let document: Document?
        switch random.below(12) {
        case 0: document = nodes[index].retract(key, random: randomness())
        case 1, 2:
            document = nodes[index].decide(
                key,
                .abstain(random.pick(Abstention.allCases)),
                output: nil,
                now: now,
                random: randomness()
            )
        default:
            document = nodes[index].decide(
                key,
                .label(random.pick(["approve", "approve", "deny"])),
                output: random.pick([nil, nil, nil, Sample.output, ["amount": 2], .null]),
                now: now,
                random: randomness()
            )
        }
        guard let document else { return }
        committed[index].append(document)
        note("\(nodes[index].device.name) \(document.entry.kindName) \(document.entry.uid.short)")
    }

    /// A disk is saved, put back as it was saved, or copied to another machine.
    private mutating func loseContinuity(_ index: Int) {
        if random.strikes(faults.copy), nodes.count < 12 {
            note("\(nodes[index].device.name) copied")
            nodes.append(nodes[index])
            committed.append(committed[index])
            saved.append(saved[index])
        } else if random.strikes(faults.rollBack), let earlier = saved[index] {
            note("\(nodes[index].device.name) put back to \(earlier.own.count) entries")
            nodes[index] = earlier
            committed[index] = earlier.own  // The rest was on the disk that is gone.
        } else {
            saved[index] = nodes[index]
        }
    }

    /// The hub's disk is saved, or put back as it was saved.
    private mutating func restoreHub() {
        guard random.strikes(faults.restoreHub), let earlier = savedHub else {
            savedHub = random.chance(1, in: 2) ? hub : savedHub
            return
        }
        let knows = random.chance(1, in: 2)
        note(
            "the hub put back from \(hub.hubSeq) to \(earlier.hubSeq), \(knows ? "known" : "unknown")"
        )
        hub = earlier
        // The rest is void until it is back.
        promised = promised.filter { hub.entry($0.key) != nil }
        unknownPast = knows ? nil : hub.name
        if knows { change(.everyFeed) { $0.openEpoch(because: "restored") } }
    }

    /// Notes what a sync appended and what it got receipts for.
    mutating func keepCount(of index: Int, after effect: NodeEnd.Effect) {
        let node = nodes[index]
        committed[index] += node.own.dropFirst(committed[index].count)
        guard case .received(let receipt, _) = effect else { return }
        for document in node.own where node.received.contains(document.entry.uid) {
            let entry = document.entry
            if entry.log == receipt.log, receipt.from <= entry.seq, entry.seq <= receipt.to {
                promised[entry.uid] = document
            }
        }
    }

    private mutating func claim() {
        guard let id = random.some(of: ids, 1, in: 3).first, let name = CaseName("refunds/\(id)")
        else { return }
        note("claim \(name)")
        change(Wanted(names: [name])) { draft in _ = try? draft.claim(name, outcome: nil) }
    }

    private mutating func sweep() {
        if random.chance(1, in: 2) { milliseconds += 600_000 }
        let keys = hub.rows.keys.sorted()
        note("sweep")
        change(Wanted(keys: keys)) { draft in
            draft.sweep(keys)
            draft.look(at: keys)
        }
    }

    /// An administrator decides on the hub.
    private mutating func rule() {
        guard random.chance(1, in: 6), let id = random.some(of: ids, 1, in: 3).first,
            let name = CaseName("refunds/\(id)")
        else { return }
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
}
