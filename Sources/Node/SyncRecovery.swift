import Replica
import Review
import Sync

/// What one sync does about a hub that went back in time (`sync.md`, row 4).
struct SyncRecovery {
    /// Receipts for what the hub does not seem to hold, to be shown to it.
    private(set) var unfulfilled: [JSON] = []
    /// Whether the last round trip brought all there was.
    private var isLevel = false

    /// What the next request says and hands in beside the outbox.
    struct Opening {
        let log: LogName
        /// Whether the hub may have lost something that was not handed in yet.
        let mayHold: Bool
        /// The hub's epoch as it was told last.
        let hubEpoch: String
        /// What the hub may have lost; nil where that is not known yet, or it did not go back.
        let held: (documents: [Document], more: Int)?
        let receipts: [JSON]

        /// Who this is, and how much is to be handed in after a request that leaves so many entries.
        func hello(leaving entries: Int) -> Hello {
            guard mayHold else { return Hello(log: log) }
            return Hello(log: log, holds: (held?.more ?? 1) + entries)
        }
    }

    /// What may be lost is known once all that the hub has is here.
    func opening(_ replica: ReplicaFile, at now: Timestamp) throws -> Opening {
        let notes = try replica.status(dueBy: now).notes
        let held =
            notes.mayHold && isLevel ? try replica.heldFromBefore(bytes: Limits.request) : nil
        return Opening(
            log: try replica.log(),
            mayHold: notes.mayHold,
            hubEpoch: notes.hubEpoch,
            held: held,
            receipts: unfulfilled
        )
    }

    /// The hub told what it holds of each log of this device.
    mutating func heard(_ through: [Through], _ hub: HubName, _ replica: ReplicaFile) throws {
        unfulfilled = try replica.unfulfilled(through, hub)
    }

    /// A round trip came to its end; whether there is more to say or to hand in.
    mutating func finished(
        _ opening: Opening,
        more: Bool,
        _ replica: ReplicaFile,
        at now: Timestamp
    ) throws -> Bool {
        if let held = opening.held {
            try replica.apply(
                .handedIn(held.documents, isAll: held.more == 0, hubEpoch: opening.hubEpoch),
                at: now
            )
        }
        isLevel = !more
        if opening.receipts.isEmpty, !unfulfilled.isEmpty { return true }
        return try replica.status(dueBy: now).notes.mayHold
    }
}
