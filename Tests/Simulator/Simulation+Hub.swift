import Review
import Sync
import TestSupport

// What happens to the hub, and who joins it.

extension Simulation {
    /// Another policy comes into force: cases that are there keep theirs.
    mutating func activate() {
        policies += 1
        let policy = Sample.digest(900_000 + policies)
        change(Wanted()) { draft in
            draft.activate(
                workflow: "refunds",
                policy: policy,
                phase: 1,
                yaml: "workflow: refunds",
                tree: [:],
                by: "admin"
            )
        }
    }

    mutating func changeHub() {
        if strikes(.changePolicy) {
            note("another policy")
            mark(.policyChanged)
            terms = CaseTerms(&random)
            activate()
        }
        if strikes(.changeLimits) {
            note("other limits")
            mark(.limitsChanged)
            setPace()
        }
    }

    mutating func setPace() {
        pace.pageBytes = random.pick([1, 1_500, 6_000, 1_000_000])
        pace.chunk = random.pick([1, 2, 512])
        pace.pageMilliseconds = random.pick([0, 0, 4_000, 11_000])
    }

    /// Somebody joins, or takes another machine.
    mutating func join() {
        guard strikes(.enrolLate), nodes.count < 12 else { return }
        let there = Set(nodes.map(\.device.reviewer))
        let person = random.pick(Self.people)
        if !there.contains(person) { enlist(person, isSenior: random.chance(1, in: 3)) }
        note("\(person) joins")
        mark(.joinedLate)
        enrol(person, 1 + nodes.filter { $0.device.reviewer == person }.count)
    }

    mutating func enlist(_ person: String, isSenior: Bool) {
        let role: Reviewer.Role = isSenior ? .senior : .reviewer
        let reviewer = Reviewer(name: person, workflows: nil, role: role)
        change(Wanted()) { draft in try? draft.enlist(reviewer) }
    }

    mutating func enrol(_ person: String, _ number: Int) {
        var node = MemoryNode(reviewer: person, number: number, hub: hub.name)
        node.bug = history.bug
        let content: JSON = [
            "parent": "", "reason": "enrolled",
            "key": .string(Base64URL.encode(node.device.key)),
        ]
        node.commit(.epoch, content, random: randomness())
        certify(node)
        nodes.append(node)
        committed.append(node.own)
        saved.append(nil)
    }

    mutating func certify(_ node: MemoryNode) {
        guard let first = node.own.first else { return }
        var wanted = Wanted()
        wanted.logs = [first.entry.log]
        wanted.uids = [first.entry.uid]
        change(wanted) { draft in _ = draft.enrol(node.device, first: first) }
    }

    /// The hub's disk is saved, or put back as it was saved.
    mutating func loseHubContinuity() {
        if hub.state.isRecovering, strikes(.endRecovery) {
            note("nobody is awaited any more")
            mark(.recoveryEnded)
            gaveUp = true
            return change(Wanted()) { $0.endRecovery(by: "admin", because: "it was late") }
        }
        if strikes(.loseHub) { return loseHub() }
        guard strikes(.putHubBack), let earlier = savedHub else {
            savedHub = random.chance(1, in: 2) ? hub : savedHub
            return
        }
        let knows = random.chance(1, in: 2)
        note(
            "the hub put back from \(hub.hubSeq) to \(earlier.hubSeq), \(knows ? "known" : "unknown")"
        )
        mark(knows ? .hubPutBack : .hubPutBackUnknown)
        hub = earlier
        // The rest is void until it is back.
        promised = promised.filter { hub.entry($0.key) != nil }
        unknownPast = knows ? nil : hub.name
        everUnknown = everUnknown || !knows
        if knows, history.bug != .reuseEpochAfterRestore {
            change(.everyFeed) { $0.openEpoch(because: "restored") }
            let live = hub.devices.values.filter { $0.revocation == nil }.map(\.id).sorted()
            if hub.state.awaited != live {
                flaw = Broken("SealHolds", "a restored hub does not wait for all devices")
            }
        }
        enrolAgain()
    }

    /// Whoever joined since the hub's disk was saved is let in again with the same key.
    private mutating func enrolAgain() {
        for node in nodes where hub.devices[node.device.id] == nil {
            note("\(node.device.name) is enrolled again")
            mark(.enrolledAgain)
            enlist(node.device.reviewer, isSenior: false)
            certify(node)
        }
    }

    mutating func setClocks(_ index: Int) {
        let jump = random.pick([1_000, 600_000, 86_400_000, 1_577_880_000_000]) as Int64
        let offset = random.chance(1, in: 2) ? jump : -jump
        if strikes(.setNodeClock) {
            note("\(nodes[index].device.name) has its clock set by \(offset) ms")
            mark(.nodeClockSet)
            nodes[index].clockOffset = offset
        }
        if strikes(.setHubClock) {
            note("the hub has its clock set by \(offset) ms")
            mark(.hubClockSet)
            milliseconds = max(1, milliseconds + offset)
            for index in nodes.indices { nodes[index].clockOffset -= offset }
        }
    }
}
