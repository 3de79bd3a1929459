package import Review

/// Why a file named by its content is not here, or cannot be.
package enum BlobError: Error, Equatable {
    /// What came is not what its name says; it was removed.
    case wrongContent(Digest)
    /// Somebody else is bringing it.
    case busy
    case unreadable(path: String)
    case cannotWrite(path: String, reason: String)
}
