#if Postgres
package import HubStore
package import Review
package import Sync

/// A hub's memory in a PostgreSQL database, for as many processes on as many machines as wish.
///
/// Writers take turns by an advisory lock, also between processes: what BEGIN IMMEDIATE is to
/// SQLite. What was not committed when a connection is lost did not happen; the next call makes
/// another connection.
package final class PostgresStore: Store {
    package let hubID: String
    let pool: ConnectionPool

    /// Opens the records that are at `address`, or begins them.
    package init(at address: String, _ beginning: StoreBeginning) throws {
        let address = try Address(address)
        let pool = ConnectionPool(address)
        if case .present = beginning, try pool.use(Schema.isPresent) {
            // As nearly always: then nobody waits for those who write.
        } else {
            try pool.transaction(.writing) { try Self.begin(beginning, of: address.place, $0) }
        }
        let id = try pool.use { try $0.rows("SELECT id FROM hub").first?.text("id") }
        guard let id else { throw StoreError.noHub(place: address.place) }
        hubID = id
        self.pool = pool
    }

    private static func begin(
        _ beginning: StoreBeginning,
        of place: String,
        _ connection: Connection
    ) throws {
        switch beginning {
        case .present: try Schema.prepare(connection, of: place, making: false)
        case .new(let hub):
            try Schema.prepare(connection, of: place, making: true)
            try connection.rows(
                """
                INSERT INTO hub (id, epoch, event_seq) SELECT \(hub.id), \(hub.epoch), 0
                WHERE NOT EXISTS (SELECT 1 FROM hub)
                """
            )
        case .copy(let backup):
            try Schema.prepare(connection, of: place, making: true)
            guard try connection.rows("SELECT 1 FROM hub").isEmpty else {
                throw StoreError.exists(place: place)
            }
            try fill(connection, from: backup)
        }
    }

    // MARK: - Writing

    package func ingest<Answer>(
        _ wanted: Wanted,
        _ decide: (Held) throws -> (Writes, Answer)
    ) throws -> Answer {
        let (answer, erases) = try pool.transaction(.writing) { connection in
            let (writes, answer) = try decide(try held(wanted, connection))
            try execute(writes, connection)
            return (answer, !writes.erased.isEmpty)
        }
        // Frees the space of what was erased at once; where that fails, the server does it later.
        if erases { _ = try? pool.use { try $0.execute("VACUUM entry, attachment, event") } }
        return answer
    }

    package func keep(_ credential: Credential) throws {
        _ = try pool.use { connection in
            try connection.rows(
                """
                INSERT INTO credential (hash, purpose, name, expires, used_by)
                VALUES (\(credential.hash), \(credential.purpose.rawValue), \(credential.name),
                    \(credential.expires?.milliseconds), \(credential.usedBy))
                """
            )
        }
    }

    package func use(_ credential: Digest, by device: String) throws -> Bool {
        try pool.use { connection in
            try connection.rows(
                """
                UPDATE credential SET used_by = \(device)
                WHERE hash = \(credential) AND (used_by IS NULL OR used_by = \(device))
                """
            ).changed > 0
        }
    }

    package func read(_ wanted: Wanted) throws -> Held {
        try pool.transaction(.reading) { try held(wanted, $0) }
    }
}
#endif
