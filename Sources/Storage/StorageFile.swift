import Foundation
package import GRDB

/// One SQLite file of ours: marked as such, in WAL, durable at each commit.
///
/// What a replica and a hub's store have in common; what stands in the file is theirs.
package enum StorageFile {
    /// Opens the file at `path`, or makes it, and brings it to the present schema.
    ///
    /// One that is not ours, or was written by a newer version, is refused untouched. One that is
    /// there and cannot be written, as on a full disk, is opened for reading where that suffices:
    /// each write then throws.
    /// `application` is its `PRAGMA application_id`.
    package static func open(
        _ path: String,
        application: Int32,
        _ migrator: DatabaseMigrator,
        patienceSeconds: Double,
        readingSuffices: Bool = true
    ) throws -> any DatabaseWriter {
        guard try exists(path) else {
            return try writable(path, application, migrator, patienceSeconds)
        }
        let reader = try checked(path, application, migrator, patienceSeconds)
        do {
            return try writable(path, application, migrator, patienceSeconds)
        } catch {
            guard readingSuffices, case .full? = StorageTrouble(error),
                try reader.read(migrator.hasCompletedMigrations)
            else { throw error }
            return reader
        }
    }

    private static func writable(
        _ path: String,
        _ application: Int32,
        _ migrator: DatabaseMigrator,
        _ patienceSeconds: Double
    ) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(patienceSeconds)
        configuration.prepareDatabase { database in
            // What is erased must not stay readable in free space.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            // Of a file of a million rows the inner pages of every index: SQLite's 2 MB read the same
            // ones again for each row. Before 8 MiB of log, what is written often is written once.
            try database.execute(sql: "PRAGMA cache_size = -8192")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 2048")
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { database in
            // GRDB sets NORMAL for WAL; a power cut must not take back what was saved.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            guard try mark(of: database) != application else { return }
            try database.execute(sql: "PRAGMA application_id = \(application)")
        }
        try migrator.migrate(pool)
        return pool
    }

    /// Moves all of the write-ahead log into the file and empties it, so that it keeps no copy of
    /// what was erased; as far as no reader still needs it.
    package static func emptyLog(of writer: any DatabaseWriter) throws {
        try writer.writeWithoutTransaction { database in
            _ = try Row.fetchAll(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }

    /// The file at `path`, opened for reading, if it is ours and not newer.
    private static func checked(
        _ path: String,
        _ application: Int32,
        _ migrator: DatabaseMigrator,
        _ patienceSeconds: Double
    ) throws -> DatabaseQueue {
        let queue = try readable(path, patienceSeconds)
        guard try queue.read(mark) == application
        else { throw StorageFileError.notOurs(path: path) }
        if try queue.read({ try migrator.hasBeenSuperseded($0) }) {
            throw StorageFileError.tooNew(path: path)
        }
        return queue
    }

    private static func mark(of database: Database) throws -> Int32? {
        try Int32.fetchOne(database, sql: "PRAGMA application_id")
    }
}

/// Why a file cannot be used.
package enum StorageFileError: Error, Equatable {
    case notOurs(path: String)
    /// It may be ours, and cannot be read here and now.
    case closed(path: String, reason: String)
    case tooNew(path: String)
    case damaged(column: String)
}
