import GRDB
package import Review
import Storage
package import Sync

// What a hub that went back in time lost, and this replica still holds (`sync.md`, row 4).

extension ReplicaFile {
    /// Voids the receipts of an earlier epoch of the hub for what it does not hold now: their
    /// entries stand in the outbox again (**ReceiptHolds**).
    func void(_ through: [Through], _ hub: HubName, _ database: Database) throws {
        let held = Dictionary(through.map { ($0.epoch, $0.head.seq) }) { first, _ in first }
        let epochs = try String.fetchAll(
            database,
            sql: "SELECT epoch FROM entry WHERE own = 1 AND kind = 'epoch'"
        )
        for epoch in epochs {
            try database.cachedStatement(
                literal: """
                    UPDATE entry SET receipt = NULL, refusal = NULL
                    WHERE own = 1 AND epoch = \(epoch) AND seq > \(held[epoch] ?? 0)
                        AND receipt IN (SELECT id FROM receipt WHERE hub_epoch <> \(hub.epoch))
                    """
            ).execute()
        }
    }

    /// Receipts of the hub's present epoch for entries beyond what it says it holds: it went back
    /// and does not know.
    package func unfulfilled(_ through: [Through], _ hub: HubName) throws -> [JSON] {
        try pool.read { database in
            try through.compactMap { told in
                try String.fetchOne(
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

    /// What stood in feeds of earlier epochs of the hub and stands in none of the present one, in
    /// their order, as many as fit in about `bytes`, and how many more there are.
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
        WHERE f.hub_epoch NOT IN (SELECT hub_epoch FROM feed) AND e.own = 0 AND NOT EXISTS (
            SELECT 1 FROM feed_row AS present
            WHERE present.uid = f.uid AND present.hub_epoch IN (SELECT hub_epoch FROM feed))
        """
    }

    /// Forgets that these stood in feeds of earlier epochs; the entries stay.
    func forget(_ documents: [Document], _ database: Database) throws {
        for document in documents {
            try database.cachedStatement(
                literal: """
                    DELETE FROM feed_row WHERE uid = \(document.entry.uid.blob)
                        AND hub_epoch NOT IN (SELECT hub_epoch FROM feed)
                    """
            ).execute()
        }
    }
}
