import Crypto
import Glibc
package import Review
import Synchronization

/// A file that is still coming: its bytes so far, which survive whoever brings them.
///
/// One process at a time has it; the kernel lets go of it when that process dies.
package final class BlobPart: Sendable {
    private struct Progress {
        var hash = SHA256()
        var size = 0
    }

    private let folder: BlobFolder
    private let digest: Review.Digest
    private let descriptor: Int32
    private let progress = Mutex(Progress())

    /// Goes on where the part ended, and reads what is there; throws `busy` while another has it.
    package init(of digest: Review.Digest, in folder: BlobFolder) throws {
        self.folder = folder
        self.digest = digest
        try folder.makeDrawer(of: digest)
        let path = folder.part(digest)
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
        var mine = stat()
        var there = stat()
        // Who had it may have finished, and given it its name, before the lock was ours.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &mine) == 0,
            lstat(path, &there) == 0, mine.st_ino == there.st_ino
        else {
            close(descriptor)
            throw BlobError.busy
        }
        try readOn()
    }

    deinit { close(descriptor) }

    /// Lets the next one have it now: whoever still holds this value may be a while in forgetting it.
    package func letGo() { flock(descriptor, LOCK_UN) }

    /// How many bytes have come.
    package var size: Int { progress.withLock { $0.size } }

    package func append(_ bytes: [UInt8]) throws {
        try progress.withLock { progress in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    pwrite(descriptor, $0.baseAddress, $0.count, off_t(progress.size))
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Self.failure(folder.part(digest)) }
                progress.hash.update(data: rest.prefix(count))
                progress.size += count
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Forgets what has come.
    package func restart() throws {
        guard ftruncate(descriptor, 0) == 0 else { throw Self.failure(folder.part(digest)) }
        progress.withLock { $0 = Progress() }
    }

    /// Makes the file of it, durably; a part that is another file is removed, and `wrongContent`.
    package func finish() throws {
        let path = folder.part(digest)
        let hash = progress.withLock { $0.hash.finalize() }
        guard hash.elementsEqual(digest.bytes) else {
            unlink(path)
            throw BlobError.wrongContent(digest)
        }
        guard fsync(descriptor) == 0, rename(path, folder.file(digest)) == 0 else {
            throw Self.failure(path)
        }
        let drawer = open(folder.drawer(digest), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard drawer >= 0 else { return }
        fsync(drawer)
        close(drawer)
    }

    private func readOn() throws {
        try progress.withLock { progress in
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = pread(descriptor, &chunk, chunk.count, off_t(progress.size))
                if count == 0 { return }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Self.failure(folder.part(digest)) }
                progress.hash.update(data: chunk.prefix(count))
                progress.size += count
            }
        }
    }

    private static func failure(_ path: String) -> BlobError {
        .cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
}
