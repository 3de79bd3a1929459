package import Review

/// What a node's sync does about a hub that went back in time (`sync.md`, row 4), from round trip
/// to round trip.
///
/// Performs no I/O: whoever drives it reads the replica and writes to it.
package struct NodeRecovery: Sendable {
    /// Receipts for what the hub does not seem to hold, to be shown to it.
    package private(set) var unfulfilled: [JSON] = []
    /// Whether the last round trip brought all there was.
    private var isLevel = false
    /// Whether they were shown to it in a whole round trip: what it lacks still goes up with the next.
    private var hasShown = false

    package init() {}

    /// What a bundle says, where nobody knows how much is still to come: handing in more than is
    /// needed does no harm.
    package init(showing receipts: [JSON]) {
        unfulfilled = receipts
        isLevel = true
    }

    /// What the next request says and hands in beside the outbox.
    package struct Opening: Sendable {
        package let log: LogName
        /// Whether the hub may have lost something that was not handed in yet.
        package let mayHold: Bool
        /// The hub's epoch as it was told last.
        package let hubEpoch: String
        /// What the hub may have lost; nil where that is not known yet, or it did not go back.
        package let held: (documents: [Document], more: Int)?
        /// Receipts for what the hub does not seem to hold, and what else it is to be shown.
        let unfulfilled: [JSON]
        let ofEarlierLogs: [JSON]

        package var receipts: [JSON] { unfulfilled + ofEarlierLogs }

        /// Who this is, and how much is to be handed in after a request that leaves so many entries.
        package func hello(leaving entries: Int, _ agreement: [UInt8] = []) -> Hello {
            let rest = mayHold ? (held?.more ?? 1) + entries : 0
            return Hello(log: log, holds: rest, agreement: agreement)
        }
    }

    /// What may be lost is known once all that the hub has is here: only then is it looked for.
    ///
    /// `ofEarlierLogs` are receipts that go with the first entries of a log.
    package func opening(
        _ log: LogName,
        mayHold: Bool,
        hubEpoch: String,
        ofEarlierLogs: [JSON],
        heldFromBefore: () throws -> (documents: [Document], more: Int)
    ) rethrows -> Opening {
        Opening(
            log: log,
            mayHold: mayHold,
            hubEpoch: hubEpoch,
            held: mayHold && isLevel ? try heldFromBefore() : nil,
            unfulfilled: unfulfilled,
            ofEarlierLogs: ofEarlierLogs
        )
    }

    /// The hub told what it holds of each log of this device; `unfulfilled` are its receipts for more.
    package mutating func heard(unfulfilled: [JSON]) { self.unfulfilled = unfulfilled }

    /// A round trip came to its end; whether there is more to say or to hand in.
    ///
    /// `mayHold` is what holds after what was handed in.
    package mutating func finished(_ opening: Opening, more: Bool, mayHold: Bool) -> Bool {
        isLevel = !more
        defer { hasShown = hasShown || !opening.unfulfilled.isEmpty }
        return mayHold || !hasShown && !(opening.unfulfilled + unfulfilled).isEmpty
    }
}
