import Foundation
import GRDB

// Reading where nothing can be written: a full disk, a read-only medium.

extension StorageFile {
    /// Whether there is a file at `path`; throws where that cannot be found out.
    package static func exists(_ path: String) throws -> Bool {
        if access(path, F_OK) == 0 { return true }
        guard errno != ENOENT else { return false }
        throw StorageFileError.closed(path: path, reason: String(cString: strerror(errno)))
    }

    /// Opens what is at `path` for reading, also where not even the files can be made that SQLite
    /// keeps beside it.
    ///
    /// After a crash the first to come reads the log through, and the others wait for that.
    static func readable(_ path: String, _ patienceSeconds: Double) throws -> DatabaseQueue {
        if access(path, R_OK) != 0 {
            throw StorageFileError.closed(path: path, reason: String(cString: strerror(errno)))
        }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(patienceSeconds)
        do {
            return try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            switch StorageTrouble(error) {
            case .full(let reason):
                guard isWhole(path) else {
                    throw StorageFileError.closed(path: path, reason: reason)
                }
                // Nobody can write beside us either: the file stays as it is while we read.
                let url = URL(fileURLWithPath: path).absoluteString + "?immutable=1"
                return try DatabaseQueue(path: url, configuration: configuration)
            case .busy: throw error
            case .damaged, nil: throw StorageFileError.notOurs(path: path)
            }
        }
    }

    /// Whether everything that was committed stands in the file itself, and nothing in its log.
    private static func isWhole(_ path: String) -> Bool {
        var status = stat()
        return stat(path + "-wal", &status) != 0 || status.st_size == 0
    }
}
