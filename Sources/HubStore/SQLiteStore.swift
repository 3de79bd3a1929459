import Foundation
import GRDB
package import Review
import Storage
package import Sync

/// A hub's memory in one SQLite file, shared by the commands of the hub and a running server.
///
/// WAL with `synchronous=FULL`; writers take turns by BEGIN IMMEDIATE, also between processes.
package final class SQLiteStore: Store {
    package let hubID: String
    let pool: any DatabaseWriter

    /// `PRAGMA application_id`: "CsHb".
    static let applicationID: Int32 = 0x4373_4862

    /// Opens the file at `path`, or makes it for `hub` where there is none.
    ///
    /// A file that is not a hub's, or was written by a newer version, is refused untouched. Where
    /// `readingSuffices`, one that cannot be written can still be read.
    package init(
        path: String,
        creating hub: HubName? = nil,
        readingSuffices: Bool = false
    ) throws {
        guard try hub != nil || StorageFile.exists(path) else {
            throw StorageFileError.notOurs(path: path)
        }
        pool = try StorageFile.open(
            path,
            application: Self.applicationID,
            Migrations.all,
            patienceSeconds: 30,
            readingSuffices: readingSuffices
        )
        if let hub {
            try pool.write { database in
                try database.execute(
                    literal: """
                        INSERT INTO hub (id, epoch, event_seq) VALUES (\(hub.id), \(hub.epoch), 0)
                        ON CONFLICT DO NOTHING
                        """
                )
            }
        }
        let id = try pool.read { try String.fetchOne($0, sql: "SELECT id FROM hub") }
        guard let id else { throw StorageFileError.notOurs(path: path) }
        hubID = id
    }

    // MARK: - Writing

    package func ingest<Answer>(
        _ wanted: Wanted,
        _ decide: (Held) throws -> (Writes, Answer)
    ) throws -> Answer {
        let (answer, erases) = try pool.write { database in
            let (writes, answer) = try decide(try held(wanted, database))
            try execute(writes, database)
            return (answer, !writes.erased.isEmpty)
        }
        if erases { try StorageFile.emptyLog(of: pool) }
        return answer
    }

    package func keep(_ credential: Credential) throws {
        try pool.write { database in
            try database.execute(
                literal: """
                    INSERT INTO credential (hash, purpose, name, expires, used_by)
                    VALUES (\(credential.hash.blob), \(credential.purpose.rawValue),
                        \(credential.name), \(credential.expires?.milliseconds),
                        \(credential.usedBy))
                    """
            )
        }
    }

    package func use(_ credential: Digest, by device: String) throws -> Bool {
        try pool.write { database in
            try database.execute(
                literal: """
                    UPDATE credential SET used_by = \(device)
                    WHERE hash = \(credential.blob)
                        AND (used_by IS NULL OR used_by = \(device))
                    """
            )
            return database.changesCount > 0
        }
    }

    package func copy(to path: String) throws {
        let copy = try DatabaseQueue(path: path)
        try pool.backup(to: copy)
        try copy.close()
    }

    package func read(_ wanted: Wanted) throws -> Held {
        try pool.read { try held(wanted, $0) }
    }
}
