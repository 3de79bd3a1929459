import Glibc

/// An open file, to be read a piece at a time from any thread; closed when it is let go.
package final class BlobFile: Sendable {
    private let descriptor: Int32
    package let size: Int
    /// Which file it is, and when it was last written: the same for as long as nobody touches it.
    package let mark: String

    /// Nil where there is no regular file; a link to one is none.
    package init?(path: String) {
        descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0,
            status.st_mode & S_IFMT == S_IFREG
        else {
            if descriptor >= 0 { close(descriptor) }
            return nil
        }
        size = Int(status.st_size)
        let changed = status.st_mtim
        mark = "\(status.st_dev) \(status.st_ino) \(size) \(changed.tv_sec).\(changed.tv_nsec)"
    }

    deinit { close(descriptor) }

    /// The bytes from `place` on, fewer than `count` or none at the end; nil where the disk fails.
    package func read(at place: Int, upTo count: Int) -> [UInt8]? {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
            while true {
                let read = pread(descriptor, buffer.baseAddress, count, off_t(place))
                if read < 0, errno == EINTR { continue }
                failed = read < 0
                length = max(0, read)
                return
            }
        }
        return failed ? nil : bytes
    }
}
