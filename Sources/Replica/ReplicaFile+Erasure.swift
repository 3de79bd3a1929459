import GRDB
package import Review
import Storage
import Sync

// A case that was erased on request: its bytes go, and go again if they come back.

extension ReplicaFile {
    /// Does what the hub's word says: payloads are dropped, own ones too, and the case is gone.
    ///
    /// Headers stay, so that chains hold; what this device counted stays counted.
    func erase(_ document: Document, _ database: Database) throws {
        guard document.entry.log.device == identity.hub, document.payload != nil else { return }
        let key = document.entry.caseKey
        for payload in try Erasure(json: document.content()).payloads {
            try database.prepared(
                """
                INSERT INTO erased (payload_hash, case_key) VALUES (\(payload), \(key))
                ON CONFLICT DO NOTHING
                """
            ).execute()
            try database.prepared(
                """
                UPDATE entry SET payload = NULL
                WHERE case_key = \(key) AND payload_hash = \(payload)
                """
            ).execute()
        }
        try database.prepared("DELETE FROM \"case\" WHERE key = \(key)").execute()
        try database.prepared("DELETE FROM shown WHERE case_key = \(key)").execute()
        try database.prepared("DELETE FROM opened WHERE case_key = \(key)")
            .execute()
    }

    /// What came without the bytes that were erased before.
    func withoutErased(_ document: Document, _ database: Database) throws -> Document {
        let row = try Row.fetchOne(
            database.prepared(
                """
                SELECT 1 FROM erased WHERE payload_hash = \(document.entry.payload)
                    AND case_key = \(document.entry.caseKey)
                """
            )
        )
        return row == nil ? document : Document(entry: document.entry, payload: nil)
    }

    /// The payloads that the hub's erasures name, for `verify`.
    package func erasedPayloads() throws -> Set<Digest> {
        try pool.read { database in
            let rows = try SQLRequest<Row>(
                literal: """
                    SELECT * FROM entry WHERE kind = 'erased' AND device = \(identity.hub)
                    """
            ).fetchAll(database)
            return try rows.reduce(into: []) { payloads, row in
                payloads.formUnion(try Erasure(json: Document(row: row).content()).payloads)
            }
        }
    }
}
