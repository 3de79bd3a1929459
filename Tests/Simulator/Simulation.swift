import Review
import Sync
import TestSupport

/// One hub, a few reviewers on a few machines, and a network that loses, delays, repeats and cuts.
///
/// Drives the shipped `NodeEnd`, `NodeRecovery` and `HubDraft` in virtual time. Everything follows
/// from the history: the same one gives the same `trace` (**SameSeedSameTrace**).
package struct Simulation: Sendable {
    package internal(set) var hub = MemoryHub()
    package internal(set) var nodes: [MemoryNode] = []
    /// What happened, a line each.
    package private(set) var trace: [String] = []
    package private(set) var marks: [Mark: Int] = [:]
    /// Of each node what its disk must hold, and what it held at an earlier moment.
    var committed: [[Document]] = []
    var saved: [MemoryNode?] = []
    /// Every entry that a node ever had a receipt for, and the hub must hold.
    var promised: [Digest: Document] = [:]
    /// What the hub's disk held at an earlier moment.
    var savedHub: MemoryHub?
    /// The hub that was put back and does not know: what nodes have of it need not be its own now.
    var unknownPast: HubName?
    /// Whether that ever happened: what the hub wrote meanwhile may stand beside what it had lost.
    var everUnknown = false
    /// Whether devices were given up that the hub awaited: what they hold may come after a seal.
    var gaveUp = false
    /// The outcome of each seal when it was first seen.
    var sealed: [Digest: [UInt8]] = [:]
    /// What was checked already and cannot change.
    var checked = Checked()
    /// What was seen to be broken in the midst of a step.
    var flaw: Broken?
    var faults: Faults
    var random: SplitMix64
    var delayed: [[UInt8]] = []
    /// Files that nobody has brought yet, or that may be brought again.
    var parcels: [Parcel] = []
    /// Until when each node has no connection.
    var offline: [Int: Int64] = [:]
    /// Until when no reply reaches each node.
    var deaf: [Int: Int64] = [:]
    var milliseconds = Sample.noon.milliseconds
    var ids: [String] = []
    var erasedNames: Set<CaseName> = []
    var terms: CaseTerms
    var policies = 0
    var pace = HubPace()
    let history: History

    /// What the policy in force makes of a case.
    struct CaseTerms: Sendable {
        let blind: Bool
        let reveal: CaseRecord.Reveal
        let adjudicate: Terms.Adjudication
        let opinions: Int

        init(_ random: inout SplitMix64) {
            blind = random.chance(1, in: 2)
            reveal = random.pick([.local, .hub])
            adjudicate = random.pick([.senior, .third])
            opinions = 1 + random.below(2)
        }
    }

    package init(_ history: History) {
        self.history = history
        random = SplitMix64(seed: history.seed)
        faults = Faults(among: history.faults, &random)
        terms = CaseTerms(&random)
        hub.bug = history.bug
        setPace()
        populate()
    }

    private mutating func populate() {
        activate()
        let people = Array(Self.people.prefix(2 + random.below(4)))
        for (index, person) in people.enumerated() {
            enlist(person, isSenior: person == "sara" || index == 1)
            for number in 1...(random.chance(1, in: 3) ? 2 : 1) { enrol(person, number) }
        }
    }

    static let people = ["anna", "ben", "sara", "cleo", "dora", "emil", "fay"]
}

// MARK: - What everything here uses

extension Simulation {
    mutating func randomness() -> Randomness { seededRandomness(random.next()) }

    mutating func strikes(_ fault: Fault) -> Bool { faults.strikes(fault, &random) }

    mutating func acts(_ fault: Fault) -> Bool { faults.acts(fault, &random) }

    var now: Timestamp { Timestamp(milliseconds: milliseconds) }

    mutating func note(_ line: String) { trace.append("\(trace.count) \(line)") }

    mutating func mark(_ mark: Mark) { marks[mark, default: 0] += 1 }

    /// Something that the hub does of its own, in a transaction.
    mutating func change(_ wanted: Wanted, _ decide: (inout HubDraft) -> Void) {
        hub.ingest(wanted, now: now, random: randomness()) { draft in decide(&draft) }
    }

    /// Plays one step: something that somebody does, or that goes wrong.
    mutating func step(_ number: Int) {
        // Of its own, so that a step is the same whether others are played or not.
        random = SplitMix64(seed: SplitMix64.mix(history.seed) ^ SplitMix64.mix(UInt64(number)))
        milliseconds += Int64(random.below(60_000))
        switch random.below(41) {
        case 0..<2: arrive()
        case 2..<11: act(random.below(nodes.count))
        case 11..<17: syncOnce(random.below(nodes.count))
        case 17: claim()
        case 18: sweep()
        case 19: rule()
        case 20, 21: loseContinuity(random.below(nodes.count))
        case 22..<25: loseHubContinuity()
        case 25: setClocks(random.below(nodes.count))
        case 26: changeHub()
        case 27: join()
        case 28, 29: revoke()
        case 30, 31: judge()
        case 32, 33: reopen()
        case 34..<38: carryByHand()
        case 38: erase()
        default: deliverDelayed()
        }
    }
}
