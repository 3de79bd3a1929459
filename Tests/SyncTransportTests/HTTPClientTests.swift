import Dispatch
import Glibc
import Synchronization
import SyncTransport
import Testing

@Suite("An HTTP client over libcurl")
struct HTTPClientTests {
    private func request(
        _ server: LoopbackServer,
        _ method: Request.Method = .post,
        _ path: String = "/v1/sync",
        headers: [(name: String, value: String)] = [],
        body: String = "hello",
        limit: Int = 1 << 20
    ) throws -> Request {
        Request(
            method,
            try HubURL(server.url).appending(path),
            headers: headers,
            body: Array(body.utf8),
            replyLimit: limit
        )
    }

    @Test func `sends exactly what was asked, and no header of its own`() throws {
        let seen = Mutex("")
        let server = try LoopbackServer { connection in
            let request = connection.request()
            seen.withLock { $0 = request }
            connection.send("HTTP/1.1 204 No Content\r\n\r\n")
        }
        var client = HTTPClient()
        let response = try client.send(
            request(
                server,
                headers: [("Content-Type", "application/x-countersign"), ("X-Empty", "")]
            )
        ) { _, _ in Issue.record("a 204 has no body") }

        #expect(response.status == 204)
        let expected = [
            "POST /v1/sync HTTP/1.1", "Host: 127.0.0.1:\(server.port)",
            "Content-Type: application/x-countersign", "X-Empty:", "Content-Length: 5", "", "hello",
        ]
        #expect(
            seen.withLock { $0 }.split(separator: "\r\n", omittingEmptySubsequences: false).sorted()
                == expected.map { Substring($0) }.sorted()
        )
    }

    @Test func `an empty body is sent as one`() throws {
        let seen = Mutex("")
        let server = try LoopbackServer { connection in
            let request = connection.request()
            seen.withLock { $0 = request }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        var client = HTTPClient()
        try client.send(request(server, .put, body: "")) { _, _ in }
        #expect(seen.withLock { $0 }.hasPrefix("PUT /v1/sync HTTP/1.1\r\n"))
        #expect(seen.withLock { $0 }.contains("Content-Length: 0\r\n"))
    }

    @Test func `a large body goes at once, without asking first`() throws {
        let seen = Mutex("")
        let server = try LoopbackServer { connection in
            let request = connection.request()
            seen.withLock { $0 = request }
            connection.send("HTTP/1.1 204 No Content\r\n\r\n")
        }
        var client = HTTPClient()
        let body = String(repeating: "b", count: 2 << 20)
        try client.send(request(server, body: body)) { _, _ in }
        #expect(seen.withLock { $0 }.hasSuffix("\r\n\r\n" + body))
        #expect(!seen.withLock { $0 }.contains("Expect"))
    }

    @Test func `hands over each piece as it comes, with the head`() throws {
        let firstArrived = DispatchSemaphore(value: 0)
        let server = try LoopbackServer { connection in
            _ = connection.request()
            connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nContent-Length: 6\r\n\r\none"
            )
            firstArrived.wait()  // Not before the client has seen what was sent.
            connection.send("two")
        }
        var client = HTTPClient()
        var pieces: [String] = []
        let response = try client.send(request(server, .get, body: "")) { head, bytes in
            #expect(head.status == 200)
            #expect(head.header("content-type") == "text/x")
            pieces.append(String(decoding: bytes, as: UTF8.self))
            firstArrived.signal()
        }
        #expect(pieces == ["one", "two"])
        #expect(response.header("Content-Length") == "6")
    }

    @Test func `a connection cut in the middle is an error, after what had arrived`() throws {
        let server = try LoopbackServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        }
        var client = HTTPClient()
        var received: [UInt8] = []
        let error = #expect(throws: TransportError.self) {
            try client.send(request(server)) { received += $1 }
        }
        guard case .interrupted = error else {
            Issue.record("\(String(describing: error)) is not an interruption")
            return
        }
        #expect(String(decoding: received, as: UTF8.self) == "half")
    }

    @Test func `a refused connection is unreachable`() throws {
        let server = try LoopbackServer()  // Listens no more at once.
        while connect(toPort: server.port) { usleep(1000) }
        var client = HTTPClient()
        let error = #expect(throws: TransportError.self) {
            try client.send(request(server)) { _, _ in }
        }
        guard case .unreachable = error else {
            Issue.record("\(String(describing: error)) is not unreachable")
            return
        }
    }

    @Test func `a redirect is a reply like any other`() throws {
        let server = try LoopbackServer { connection in
            _ = connection.request()
            connection.send(
                "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n"
            )
        }
        var client = HTTPClient()
        let response = try client.send(request(server)) { _, _ in }
        #expect(response.status == 302)
        #expect(response.header("location") == "http://192.0.2.1/")
    }

    @Test func `an error of the receiver ends the transfer and comes out as it is`() throws {
        struct DiskFull: Error {}
        let hungUp = Mutex(false)
        let served = DispatchSemaphore(value: 0)
        let server = try LoopbackServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nfirst")
            let wasHungUp = connection.wasHungUp()
            hungUp.withLock { $0 = wasHungUp }
            served.signal()
        }
        var client = HTTPClient()
        #expect(throws: DiskFull.self) {
            try client.send(request(server)) { _, _ in throw DiskFull() }
        }
        served.wait()
        #expect(hungUp.withLock { $0 })
    }

    @Test func `two sends share one connection`() throws {
        let answer: @Sendable (Connection) -> Void = { connection in
            while !connection.request().isEmpty {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            }
        }
        let server = try LoopbackServer(answer, answer)
        do {
            var client = HTTPClient()
            for path in ["/v1/sync", "/v1/blobs/abc"] {
                var received: [UInt8] = []
                try client.send(request(server, .post, path)) { received += $1 }
                #expect(String(decoding: received, as: UTF8.self) == "ok")
            }
        }
        #expect(server.connections == 1)
        while !connect(toPort: server.port) { usleep(1000) }  // Lets the second script end, too.
    }

    @Test func `a reply over the limit is cut off`() throws {
        let server = try LoopbackServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n12345678901")
        }
        var client = HTTPClient()
        #expect(throws: TransportError.tooLarge(limit: 10)) {
            try client.send(request(server, limit: 10)) { _, _ in }
        }
    }

    @Test func `a head over the limit is cut off`() throws {
        let server = try LoopbackServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\n")
            for _ in 0..<10 {
                connection.send("X: " + String(repeating: "y", count: 8000) + "\r\n")
            }
        }
        var client = HTTPClient()
        #expect(throws: TransportError.tooLarge(limit: 65_536)) {
            try client.send(request(server)) { _, _ in }
        }
    }

    @Test func `compressed content stays as the hub sent it`() throws {
        let server = try LoopbackServer { connection in
            _ = connection.request()
            connection.send(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nraw"
            )
        }
        var client = HTTPClient()
        var received: [UInt8] = []
        try client.send(request(server)) { received += $1 }
        #expect(String(decoding: received, as: UTF8.self) == "raw")
    }

    @Test(arguments: [
        TransportError.unreachable(reason: "x"), .stalled(seconds: 30), .interrupted(reason: "x"),
        .certificate(.wrongHost), .certificate(.otherAuthority), .tooLarge(limit: 1),
        .badAddress("x", reason: "y"),
    ])
    func `errors end with what happened, what is safe and what to type`(error: TransportError) {
        #expect(error.description.split(separator: "; ").count == 3)
        #expect(error.description.hasSuffix("`"))
    }
}

/// Whether somebody listens on a port of this machine.
private func connect(toPort port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    return withUnsafeBytes(of: &address) { bytes in
        Glibc.connect(
            descriptor,
            bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
            socklen_t(bytes.count)
        ) == 0
    }
}
