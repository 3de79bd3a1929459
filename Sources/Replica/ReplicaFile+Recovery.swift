import GRDB
package import Review
import Storage
package import Sync

// What a hub that went back in time lost, and this replica still holds (`sync.md`, row 4).

extension ReplicaFile {
    /// Voids the receipts of an earlier epoch of the hub for what it does not hold now: their
    /// entries stand in the outbox again (**ReceiptHolds**).
    func void(_ through: [Through], _ hub: HubName, _ database: Database) throws {
        let told = Dictionary(through.map { ($0.epoch, $0.head) }) { first, _ in first }
        let epochs = try String.fetchAll(
            database,
            sql: "SELECT epoch FROM entry WHERE own = 1 AND kind = 'epoch'"
        )
        for epoch in epochs {
            let held = try told[epoch].flatMap { try heldSeq($0, epoch, database) } ?? 0
            try database.cachedStatement(
                literal: """
                    UPDATE entry SET receipt = NULL, refusal = NULL
                    WHERE own = 1 AND epoch = \(epoch) AND seq > \(held)
                        AND receipt IN (SELECT id FROM receipt WHERE hub_epoch <> \(hub.epoch))
                    """
            ).execute()
        }
    }

    /// How far the hub holds a log of ours; nil where its head is another branch's: nobody can tell.
    private func heldSeq(_ head: LogHead, _ epoch: String, _ database: Database) throws -> Int64? {
        let row = try Row.fetchOne(
            database.cachedStatement(
                literal: """
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
            try through.compactMap { told -> JSON? in
                // Of a head on another branch nobody can tell how far ours is held.
                let isOurs = try heldSeq(told.head, told.epoch, database) != nil
                guard told.head.seq == 0 || isOurs else { return nil }
                return try String.fetchOne(
                    database.cachedStatement(
                        literal: """
                            SELECT r.record FROM entry AS e JOIN receipt AS r ON r.id = e.receipt
                            WHERE e.own = 1 AND e.epoch = \(told.epoch) AND e.seq > \(told.head.seq)
                                AND r.hub_epoch = \(hub.epoch)
                            ORDER BY e.seq DESC LIMIT 1
                            """
                    )
                ).map { try JSON(parsing: $0) }
            }
        }
    }

    /// What stood in feeds of earlier epochs of the hub, stands in none of the present one, and was
    /// not handed in to it: in their order, as many as fit in about `bytes`, and how many more there are.
    package func heldFromBefore(bytes: Int) throws -> (documents: [Document], more: Int) {
        try pool.read { database in
            let count = try SQLRequest<Int>(
                literal: "SELECT count(DISTINCT f.uid) FROM \(Self.lacking)"
            ).fetchOne(database)
            guard let count, count > 0 else { return ([], 0) }
            var size = 0
            var documents: [Document] = []
            let rows = try SQLRequest<Row>(
                literal: "SELECT DISTINCT e.* FROM \(Self.lacking) ORDER BY e.hub_seq, e.id"
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
        try database.cachedStatement(
            literal: "UPDATE feed_row SET handed_in = '' WHERE feed = \(feed)"
        ).execute()
        try database.cachedStatement(
            literal: """
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
            try database.cachedStatement(
                literal: """
                    UPDATE feed_row SET handed_in = \(epoch) WHERE uid = \(uid.blob)
                        AND hub_epoch NOT IN (SELECT hub_epoch FROM feed)
                    """
            ).execute()
        }
    }
}
