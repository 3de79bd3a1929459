package import GRDB
package import Review
import Storage
package import Sync

/// A node's memory in one SQLite file: own entries, and what the hub sent.
///
/// Two doors for writing: `commit` (what this reviewer does) and `apply` (what comes from the hub).
/// WAL with `synchronous=FULL`: what `commit` returned for survives a power cut. Calls block.
package final class ReplicaFile: Sendable {
    let pool: any DatabaseWriter
    package let identity: Identity

    /// `PRAGMA application_id`: "CsNd".
    static let applicationID: Int32 = 0x4373_4E64

    /// Opens the replica at `path`; one that is not ours, or newer, is refused untouched.
    package init(path: String) throws {
        guard try StorageFile.exists(path) else { throw ReplicaError.notEnrolled }
        pool = try Self.open(path)
        identity = try pool.read { database in
            guard let json = try Self.value("identity", database),
                let identity = Identity(json: json)
            else { throw ReplicaError.notEnrolled }
            return identity
        }
    }

    /// Makes the replica of a device that has just been enrolled, with the first entry of its log.
    package static func create(
        path: String,
        _ identity: Identity,
        first: Document,
        workingKeys: [[UInt8]],
        at: Timestamp
    ) throws {
        let pool = try open(path)
        try pool.write { database in
            try set("identity", identity.json, database)
            try set("keys", .strings(workingKeys.map(Base64URL.encode)), database)
            try insert(first, own: true, hubSeq: nil, at: at, database)
        }
        try pool.close()
    }

    private static func open(_ path: String) throws -> any DatabaseWriter {
        try StorageFile.open(
            path,
            application: applicationID,
            Migrations.all,
            patienceSeconds: 10
        )
    }

    /// Brings a database to the present schema.
    package static func migrate(_ database: some DatabaseWriter) throws {
        try Migrations.all.migrate(database)
    }

    // MARK: - Small values

    static func value(_ name: String, _ database: Database) throws -> JSON? {
        try String.fetchOne(
            database.prepared("SELECT value FROM node WHERE name = \(name)")
        ).map { try JSON(parsing: $0) }
    }

    static func set(_ name: String, _ value: JSON, _ database: Database) throws {
        try database.prepared(
            """
            INSERT INTO node (name, value) VALUES (\(name), \(value.canonical))
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """
        ).execute()
    }

    static func insert(
        _ document: Document,
        own: Bool,
        hubSeq: Int64?,
        at: Timestamp,
        _ database: Database
    ) throws {
        let entry = document.entry
        try database.prepared(
            """
            INSERT INTO entry (uid, device, epoch, seq, prev, kind, case_key, must, line,
                signature, payload_hash, payload, own, hub_seq, at)
            VALUES (\(entry.uid), \(entry.log.device), \(entry.log.epoch), \(entry.seq),
                \(entry.prev), \(entry.kindName), \(entry.caseKey), \(entry.must),
                \(entry.line), \(entry.signature), \(entry.payload),
                \(document.payload), \(own), \(hubSeq), \(at.milliseconds))
            -- One that comes again has the place of the hub's present order, and what was purged.
            ON CONFLICT (uid) DO UPDATE SET
                hub_seq = coalesce(excluded.hub_seq, hub_seq),
                payload = coalesce(payload, excluded.payload)
            """
        ).execute()
    }
}
