import Glibc
import Review
import Sync

/// What went over the wire, in a file for a person to read: each body with its frames unpacked.
///
/// Nothing stands in it but bodies, so no key, token or signature of a request; and nothing came
/// that is not in the replica too (**BlindHolds**). A line `http` says how each reply was marked; a
/// reader of bodies passes it over.
package final class Trace {
    private let path: String
    private let descriptor: Int32
    /// Unpacks the present reply, nil before it begins and after it proved to be no sync.
    private var reply: FrameReader?
    private var hasBegun = false

    /// Begins the file anew, for its owner alone.
    package init(path: String) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw NodeError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
    }

    deinit { close(descriptor) }

    func sent(_ body: [UInt8]) throws {
        var reader = FrameReader()
        try write(Frames.magic + reader.take(body).joined())
        reply = FrameReader()
        hasBegun = false
    }

    /// The next piece of the reply to what was sent last.
    func came(_ head: WireHead, _ piece: [UInt8]) throws {
        if !hasBegun {
            hasBegun = true
            let mark: JSON = [
                "mediaType": .string(head.mediaType), "status": .integer(head.status),
            ]
            try write(Frames.magic + Array("http \(mark.canonical)\n".utf8))
        }
        let frames: [[UInt8]]
        do throws(WireError) { frames = try reply?.take(piece) ?? [] } catch {
            reply = nil
            return
        }
        try write(Array(frames.joined()))
    }

    private func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw NodeError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
            }
            rest = rest.dropFirst(count)
        }
    }
}
