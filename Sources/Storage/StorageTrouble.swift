import GRDB

/// What went wrong below a store, told apart from what we decided.
package enum StorageTrouble: Sendable, Equatable {
    case full(String)
    case busy
    case damaged(String)

    /// Nil where the error is neither the database's nor a file's.
    package init?(_ error: any Error) {
        switch error as? BlobError {
        case .cannotWrite(let path, let reason): self = .full("\(path): \(reason)")
        case .busy: self = .busy
        case .unreadable(let path): self = .damaged(path)
        case .wrongContent(let digest): self = .damaged("\(digest)")
        case nil: self.init(ofDatabase: error)
        }
    }

    private init?(ofDatabase error: any Error) {
        guard let error = error as? DatabaseError else { return nil }
        let message = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_READONLY: self = .full("it can be read only")
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_PERM:
            self = .full(message)
        default: self = .damaged(message)
        }
    }
}
