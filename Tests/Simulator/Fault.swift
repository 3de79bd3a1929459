import TestSupport

/// What can go wrong; a seed draws which of it exists at all, and how often it strikes.
package enum Fault: String, CaseIterable, Sendable {
    // Between a node and its hub.
    case loseRequest, delayRequest, repeatRequest, loseReply, cutReply, flipBit
    /// Something else answers: a sign-in page with status 200.
    case strangeAnswer
    /// A proxy or the hub answers with a status that is not 200, and maybe a wish to be left alone.
    case refuse
    /// A node has no connection for some days.
    case partition
    /// A node reaches the hub, and hears nothing from it for some time.
    case hearNothing
    /// Files are carried by hand, beside the syncs or in their place.
    case carryByHand

    // On a node.
    case killNode
    /// The store does not take a write: busy, full, or a disk that fails.
    case failNodeStore
    case setNodeClock
    /// A sync may move little, or take little time.
    case limitSync
    /// A node writes an entry that no hub can read.
    case writePoison
    /// A disk is put back as it was at some earlier moment.
    case putNodeBack
    /// A disk is copied, and both go on.
    case copyNode

    // At the hub.
    case killHub
    case failHubStore
    case setHubClock
    /// How much a page and a transaction hold changes, and the hub takes long for each page.
    case changeLimits
    case changePolicy
    /// People and machines that join while all this goes on.
    case enrolLate
    /// The disk is put back as it was, and the hub may know of that or not.
    case putHubBack
    /// The disk is gone, and the hub made anew from its root key.
    case loseHub
    /// An administrator no longer waits for devices after that.
    case endRecovery
    /// A device is trusted no longer.
    case revokeDevice
    /// A sealed case begins another round.
    case reopenCase
    /// A case is erased on request.
    case eraseCase
}

/// How often each fault strikes, in a thousand.
package struct Faults: Sendable, Equatable {
    private var rates: [Fault: Int] = [:]

    package static let none = Faults()

    private init() {}

    /// Draws the rates; a fault that is not `among` them never strikes.
    init(among allowed: Set<Fault>, _ random: inout SplitMix64) {
        for fault in Fault.allCases {
            let rate = random.chance(2, in: 3) ? 0 : 10 + random.below(190)
            if allowed.contains(fault) { rates[fault] = rate }
        }
        // A known gap (`Sync/README.md`): to a hub that lost everything, others do not hand in the
        // headers of what was erased, and nobody can tell what it counted.
        if rates[.loseHub] ?? 0 > 0 { rates[.eraseCase] = 0 }
    }

    /// Whether somebody does now what there is in a history: as often as not.
    func acts(_ fault: Fault, _ random: inout SplitMix64) -> Bool {
        random.chance(1, in: 2) && rates[fault] ?? 0 > 0
    }

    /// Whether a fault strikes now; draws as much whether it can or not.
    func strikes(_ fault: Fault, _ random: inout SplitMix64) -> Bool {
        random.below(1000) < rates[fault] ?? 0
    }
}
