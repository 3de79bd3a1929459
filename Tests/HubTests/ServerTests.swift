import Dispatch
import Glibc
import Hub
import Logging
import Synchronization
import Testing

/// A server on a free port of this machine for as long as `body` runs.
private func serving(
    patience: Duration = .seconds(60),
    _ body: (_ port: UInt16) async throws -> Void
) async throws {
    let hub = try TemporaryHub()
    let (urls, continuation) = AsyncStream.makeStream(of: String.self)
    let server = HubServer(
        hub.office,
        on: try ListenAddress("127.0.0.1:0"),
        encryption: nil,
        patience: patience,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        isListening: { continuation.yield($0) }
    )
    let running = Task { try await server.run() }
    for await url in urls {
        let port = url.split(separator: ":").last.flatMap { UInt16($0) }
        try await body(try #require(port))
        break
    }
    running.cancel()
    _ = try? await running.value
    withExtendedLifetime(hub) {}  // With it goes its folder.
}

/// A connection to this machine.
private func connected(to port: UInt16, saying text: String = "") throws -> Int32 {
    let line = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    let result = withUnsafeBytes(of: &address) { bytes in
        connect(line, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), 16)
    }
    try #require(result == 0)
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(line, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    _ = send(line, text, text.utf8.count, Int32(MSG_NOSIGNAL))
    return line
}

/// What comes on a connection, read on a thread of its own; nil once the other side hung up.
private func heard(_ line: Int32) async -> String? {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(line, &buffer, buffer.count, 0)
            continuation.resume(
                returning: count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
            )
        }
    }
}

@Suite("A server among strangers")
struct ServerTests {
    private static let health = "GET /healthz HTTP/1.1\r\nHost: hub\r\n\r\n"

    /// Half a head, half a body, or nothing at all.
    @Test(arguments: [
        "", "POST /v1/sync HTTP/1.1\r\nHost:",
        "POST /v1/sync HTTP/1.1\r\nHost: hub\r\nContent-Length: 100\r\n\r\nhalf",
    ])
    func `who says nothing more is cut off, and others are served meanwhile`(
        text: String
    ) async throws {
        try await serving(patience: .seconds(2)) { port in
            let slow = try connected(to: port, saying: text)
            let quick = try connected(to: port, saying: Self.health)
            defer { for line in [slow, quick] { close(line) } }
            #expect(await heard(quick)?.hasPrefix("HTTP/1.1 200 OK") == true)
            let answer = await heard(slow)
            #expect(answer == nil || answer?.hasPrefix("HTTP/1.1 400") == true)
        }
    }

    @Test func `one address does not hold all connections`() async throws {
        try await serving { port in
            var lines: [Int32] = []
            defer { for line in lines { close(line) } }
            for _ in 0..<256 { lines.append(try connected(to: port)) }
            lines.append(try connected(to: port, saying: Self.health))
            #expect(await heard(lines[256]) == nil)
            close(lines.removeFirst())
            var answer: String?
            for _ in 0..<100 where answer == nil {
                try await Task.sleep(for: .milliseconds(20))
                lines.append(try connected(to: port, saying: Self.health))
                answer = await heard(lines[lines.count - 1])
            }
            #expect(answer?.hasPrefix("HTTP/1.1 200 OK") == true)
        }
    }
}
