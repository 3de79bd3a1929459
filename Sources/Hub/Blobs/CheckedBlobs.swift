import Review
import Storage
import Synchronization

/// The files that this process has hashed: one that nobody touched since need not be again.
final class CheckedBlobs: Sendable {
    private let marks = Mutex<[Digest: String]>([:])

    /// Whether every byte of an open file is as its name says.
    func isWhole(_ file: BlobFile, in folder: BlobFolder, as digest: Digest) -> Bool {
        if marks.withLock({ $0[digest] }) == file.mark { return true }
        guard folder.holds(digest) else { return false }
        marks.withLock { $0[digest] = file.mark }
        return true
    }
}
