import Dispatch
import Glibc
import Synchronization
import Testing

/// A server on this machine that says, on each connection in turn, exactly what a test wants.
final class LoopbackServer: Sendable {
    /// What one accepted connection does: read requests, write replies, hang up by returning.
    typealias Script = @Sendable (Connection) -> Void

    let port: UInt16
    private let listener: Int32
    private let accepted = Mutex(0)

    /// Serves connections one after the other, the n-th by the n-th script, then listens no more.
    init(_ scripts: Script...) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutableBytes(of: &address) { [listener] bytes -> Int32 in
            let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            return bind(listener, address, length) + listen(listener, 8)
                + getsockname(listener, address, &length)
        }
        try #require(result == 0)
        port = UInt16(bigEndian: address.sin_port)
        DispatchQueue(label: "loopback").async { [self] in
            for script in scripts {
                let descriptor = accept(listener, nil, nil)
                if descriptor < 0 { break }
                accepted.withLock { $0 += 1 }
                script(Connection(descriptor))
                close(descriptor)
            }
            close(listener)
        }
    }

    /// How many connections came so far.
    var connections: Int { accepted.withLock { $0 } }

    var url: String { "http://127.0.0.1:\(port)" }
}

/// The server's end of a connection.
struct Connection {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Reads one request, its body by Content-Length; empty when the other side hung up.
    func request() -> String {
        var bytes: [UInt8] = []
        var expected: Int?
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while expected.map({ bytes.count < $0 }) ?? true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { break }
            bytes += buffer[..<count]
            if expected == nil { expected = Self.length(of: bytes) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// How long the request is that begins so, or nil before its head is whole.
    private static func length(of bytes: [UInt8]) -> Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) else {
            return nil
        }
        let field = "Content-Length: "
        let head = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let length = head.first { $0.hasPrefix(field) }.flatMap { Int($0.dropFirst(field.count)) }
        return end + mark.count + (length ?? 0)
    }

    func send(_ text: String) {
        _ = Glibc.send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL))
    }

    /// Whether the client still takes bytes, asked until it does not or a second has passed.
    func wasHungUp() -> Bool {
        for _ in 0..<100 {
            if Glibc.send(descriptor, "x", 1, Int32(MSG_NOSIGNAL)) < 0 { return true }
            usleep(10_000)
        }
        return false
    }
}
