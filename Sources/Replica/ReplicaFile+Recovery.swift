import GRDB
package import Review
import Storage
package import Sync

// What a hub that went back in time lost, and this replica still holds (`sync.md`, row 4).

extension ReplicaFile {
    /// Voids the receipts for what the hub does not hold now: their entries stand in the outbox again
    /// (**ReceiptHolds**).
    ///
    /// Those of an earlier epoch of the hub, and those of the present one where it was `shown` them
    /// and went on as before: to hand in again what it holds does no harm.
    func void(_ through: [Through], _ hub: HubName, shown: [JSON], _ database: Database) throws {
        let shown = Set(shown.map(\.canonical))
        for (epoch, head) in try logs(through, database) {
            let held = try heldSeq(head, epoch, database)
            let last = try held.flatMap { try receipt(epoch, beyond: $0, hub.epoch, database) }
            let isVoid = last.map(shown.contains) ?? false
            try database.prepared(
                """
                UPDATE entry SET receipt = NULL, refusal = NULL
                WHERE own = 1 AND epoch = \(epoch) AND seq > \(held ?? 0) AND receipt IN (
                    SELECT id FROM receipt WHERE hub_epoch <> \(hub.epoch) OR \(isVoid))
                """
            ).execute()
        }
    }

    /// Every log of ours, and its end at the hub, which does not tell of one that it lacks.
    private func logs(
        _ through: [Through],
        _ database: Database
    ) throws -> [(epoch: String, head: LogHead)] {
        let told = Dictionary(through.map { ($0.epoch, $0.head) }) { first, _ in first }
        return try String.fetchAll(
            database,
            sql: "SELECT epoch FROM entry WHERE own = 1 AND kind = 'epoch' ORDER BY id"
        ).map { ($0, told[$0] ?? LogHead()) }
    }

    /// How far the hub holds a log of ours; nil where its head is another branch's: nobody can tell.
    func heldSeq(_ head: LogHead, _ epoch: String, _ database: Database) throws -> Int64? {
        let row = try Row.fetchOne(
            database.prepared(
                """
                SELECT uid FROM entry WHERE own = 1 AND epoch = \(epoch) AND seq = \(head.seq)
                """
            )
        )
        return try row?.digest("uid") == head.uid ? head.seq : nil
    }

    /// Receipts of the hub's present epoch for entries beyond what it says it holds: it went back
    /// and does not know.
    package func unfulfilled(_ through: [Through], _ hub: HubName) throws -> [JSON] {
        try pool.read { database in
            try logs(through, database).compactMap { epoch, head in
                guard let held = try heldSeq(head, epoch, database) else { return nil }
                return try receipt(epoch, beyond: held, hub.epoch, database)
                    .map { try JSON(parsing: $0) }
            }
        }
    }

    /// What the hub is to be shown with the first entries of a log: its last receipts for those before
    /// it, newest first.
    ///
    /// Of them its heads may tell nothing, as another branch went on there. Once it has signed for
    /// something of the present log, that is what it would lose first.
    package func receiptsOfEarlierLogs() throws -> [JSON] {
        try pool.read { database in
            let hub = try Self.notes(database).hubEpoch
            let present = try log(database).epoch
            guard try receipt(present, beyond: 0, hub, database) == nil else { return [] }
            return try logs([], database).reversed().compactMap { epoch, _ in
                try receipt(epoch, beyond: 0, hub, database).map { try JSON(parsing: $0) }
            }
        }
    }

    /// The last receipt of an epoch of the hub for what lies beyond a place in a log of ours.
    private func receipt(
        _ epoch: String,
        beyond held: Int64,
        _ hubEpoch: String,
        _ database: Database
    ) throws -> String? {
        try String.fetchOne(
            database.prepared(
                """
                SELECT r.record FROM entry AS e JOIN receipt AS r ON r.id = e.receipt
                WHERE e.own = 1 AND e.epoch = \(epoch) AND e.seq > \(held)
                    AND r.hub_epoch = \(hubEpoch)
                ORDER BY e.seq DESC LIMIT 1
                """
            )
        )
    }

    /// What stood in feeds of earlier epochs of the hub, stands in none of the present one, and was
    /// not handed in to it: in their order, as many as fit in about `bytes`, and how many more there are.
    ///
    /// Erasures come first, so that nothing that was erased comes back before them.
    package func heldFromBefore(bytes: Int) throws -> (documents: [Document], more: Int) {
        try pool.read { database in
            let count = try SQLRequest<Int>(
                literal: "SELECT count(DISTINCT f.uid) FROM \(Self.lacking)"
            ).fetchOne(database)
            guard let count, count > 0 else { return ([], 0) }
            var size = 0
            var documents: [Document] = []
            let rows = try SQLRequest<Row>(
                literal: """
                    SELECT DISTINCT e.* FROM \(Self.lacking)
                    ORDER BY e.kind <> 'erased', e.hub_seq, e.id
                    """
            ).fetchCursor(database)
            while let row = try rows.next() {
                let document = try Document(row: row)
                size += document.entry.line.count + (document.payload?.count ?? 0)
                if !documents.isEmpty, size > bytes { break }
                documents.append(document)
            }
            return (documents, count - documents.count)
        }
    }

    /// What shows a hub that lost everything that it let this device in: its word for its keys, and its
    /// certificates for this device.
    package func introduction() throws -> [Document] {
        try pool.read { database in
            try SQLRequest<Row>(
                literal: """
                    SELECT * FROM entry
                    WHERE kind IN ('hubKey', 'certificate') AND length(case_key) = 0
                        AND device = \(identity.hub)
                    ORDER BY kind = 'certificate', id
                    """
            ).fetchAll(database).map { try Document(row: $0) }.filter { document in
                try document.entry.kind == .hubKey
                    || document.content()["device"] == .string(identity.device)
            }
        }
    }

    /// The present epoch is that of the cursors.
    private static var lacking: SQL {
        """
        feed_row AS f JOIN entry AS e ON e.uid = f.uid
        WHERE f.hub_epoch NOT IN (SELECT hub_epoch FROM feed) AND e.own = 0
            AND f.handed_in NOT IN (SELECT hub_epoch FROM feed) AND NOT EXISTS (
            SELECT 1 FROM feed_row AS present
            WHERE present.uid = f.uid AND present.hub_epoch IN (SELECT hub_epoch FROM feed))
        """
    }

    /// Keeps what stood in a feed before it starts anew apart from what will; whether anything did.
    ///
    /// A hub that went back and does not know may put other entries in the same places.
    func setAside(_ feed: String, _ database: Database) throws -> Bool {
        // What it had of this feed may be lost again.
        try database.prepared(
            "UPDATE feed_row SET handed_in = '' WHERE feed = \(feed)"
        ).execute()
        try database.prepared(
            """
            UPDATE feed_row SET hub_epoch = hub_epoch || '~' || (SELECT count(*) FROM feed_row)
            WHERE feed = \(feed) AND hub_epoch IN (SELECT hub_epoch FROM feed)
            """
        ).execute()
        return database.changesCount > 0
    }

    /// Notes that the hub has these of earlier epochs, in this one: should it go back once more before
    /// they have come down again, they are handed in again.
    func note(_ uids: [Digest], handedInTo epoch: String, _ database: Database) throws {
        for uid in uids {
            try database.prepared(
                """
                UPDATE feed_row SET handed_in = \(epoch) WHERE uid = \(uid)
                    AND hub_epoch NOT IN (SELECT hub_epoch FROM feed)
                """
            ).execute()
        }
    }
}
