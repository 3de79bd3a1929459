import Glibc

/// One network sync at a time on a node: a kernel lock, which dies with its process.
///
/// Reading and deciding do not take it (**DecideAlways**).
package final class SyncLock {
    private let descriptor: Int32
    /// How long a waiting sync sleeps between two looks.
    private static let nap: Int64 = 50

    /// Takes the lock, or throws `syncRunning` when `patience` milliseconds have passed; nil is for
    /// ever.
    package init(of home: NodeHome, patience: Int64?, _ pace: Pace) throws {
        let path = home.lockPath
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw NodeError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
        let began = pace.elapsed()
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw NodeError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
            }
            let left = patience.map { $0 - (pace.elapsed() - began) } ?? Self.nap
            guard left > 0 else { throw NodeError.syncRunning }
            pace.sleep(min(left, Self.nap))
        }
    }

    deinit { close(descriptor) }
}
