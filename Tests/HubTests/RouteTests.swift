import Foundation
import Glibc
import Hub
import HubStore
import Hummingbird
import HummingbirdTesting
import Logging
import Review
import Testing

@Suite("Routes")
struct RouteTests {
    private struct Answer {
        let status: Int
        let type: String?
        let retryAfter: String?
        let body: String

        var json: JSON { (try? JSON(parsing: body)) ?? .null }
        var lines: [JSON] {
            body.split(separator: "\n").compactMap { try? JSON(parsing: String($0)) }
        }
    }

    private func ask(
        _ office: HubOffice,
        _ method: HTTPRequest.Method,
        _ uri: String,
        _ body: String? = nil,
        key: String? = nil,
        type: String = "application/json"
    ) async throws -> Answer {
        var headers: HTTPFields = [.contentType: type]
        if let key { headers[.authorization] = "Bearer " + key }
        return try await Application(router: HubRoutes(office).router).test(.router) {
            [headers] client in
            try await client.execute(
                uri: uri,
                method: method,
                headers: headers,
                body: body.map { ByteBuffer(string: $0) }
            ) { response in
                Answer(
                    status: response.status.code,
                    type: response.headers[.contentType],
                    retryAfter: response.headers[.retryAfter],
                    body: String(buffer: response.body)
                )
            }
        }
    }

    @Test func `a case is taken in, read, decided, claimed and acted on`() async throws {
        let hub = try TemporaryHub()
        let key = try hub.office.addCaller("billing")
        let taken = try await ask(hub.office, .post, "/v1/cases", refund("T-1"), key: key)
        #expect(taken.status == 200 && taken.json["disposition"] == "hold")
        let again = try await ask(hub.office, .post, "/v1/cases", refund("T-1"), key: key)
        #expect(again.body == taken.body)

        let early = try await ask(hub.office, .post, "/v1/cases/refunds/T-1/claim", "{}", key: key)
        #expect(early.status == 409 && early.json["code"] == "notDecided")
        _ = try hub.office.adjudicate("refunds/T-1", label: "deny", by: "cleo", because: "x")
        let shown = try await ask(hub.office, .get, "/v1/cases/refunds/T-1", key: key)
        let hash = shown.json["outcome"]?["hash"]?.string ?? ""
        let other = "sha256:" + String(repeating: "0", count: 64)
        let changed = try await ask(
            hub.office,
            .post,
            "/v1/cases/refunds/T-1/claim",
            #"{"outcome": "\#(other)"}"#,
            key: key
        )
        #expect(changed.status == 409 && changed.json["code"] == "outcomeChanged")
        let claimed = try await ask(
            hub.office,
            .post,
            "/v1/cases/refunds/T-1/claim",
            #"{"outcome": "\#(hash)"}"#,
            key: key
        )
        #expect(claimed.status == 200 && claimed.json["sealed"] == true)
        #expect(claimed.json["label"] == "deny" && claimed.json["hash"] == .string(hash))

        let acted = try await ask(
            hub.office,
            .post,
            "/v1/cases/refunds/T-1/acted",
            #"{"label": "approve", "takenAt": "2026-11-25T10:00:00Z"}"#,
            key: key
        )
        #expect(acted.status == 200)
        let events = try hub.rows { try hub.office.listEvents(after: 0, $0) }
        #expect(events.last?["detail"]?["warning"] == "overrideIgnored")

        let outcomes = try await ask(hub.office, .get, "/v1/outcomes?after=0", key: key)
        #expect(outcomes.type == "application/x-ndjson")
        #expect(outcomes.lines.map { $0["state"] } == ["waiting", "decided", "decided"])
        #expect(outcomes.lines.map { $0["sealed"] } == [false, false, true])
        let last = outcomes.lines.compactMap { $0["seq"]?.integer }.max() ?? 0
        #expect(
            try await ask(hub.office, .get, "/v1/outcomes?after=\(last)", key: key).body.isEmpty
        )
    }

    @Test func `lines are answered one by one`() async throws {
        let hub = try TemporaryHub()
        let key = try hub.office.addCaller("billing")
        let body = [refund("T-1"), "{", "", refund("T-2")].joined(separator: "\n")
        let answer = try await ask(
            hub.office,
            .post,
            "/v1/cases",
            body,
            key: key,
            type: "application/x-ndjson"
        )
        #expect(answer.status == 200)
        #expect(answer.lines.map { $0["case"] } == ["refunds/T-1", nil, "refunds/T-2"])
        #expect(answer.lines[1]["line"] == 2 && answer.lines[1]["error"]?["code"] == "badJSON")
    }

    @Test(arguments: [
        ("POST", "/v1/cases", 401, "unknownCaller"), ("GET", "/v1/outcomes", 401, "unknownCaller"),
        ("GET", "/v1/cases/refunds/T-1", 401, "unknownCaller"),
        ("POST", "/v1/sync", 401, "badSignature"), ("POST", "/v1/enrol", 400, "badEnrolment"),
        ("GET", "/v1/nothing", 404, "noSuchPath"),
    ])
    func `errors are problem details`(
        method: String,
        uri: String,
        status: Int,
        code: String
    ) async throws {
        let hub = try TemporaryHub()
        let answer = try await ask(hub.office, method == "GET" ? .get : .post, uri, "{}")
        #expect(answer.status == status)
        #expect(answer.type == "application/problem+json")
        #expect(answer.json["code"] == .string(code))
        #expect(answer.json["status"] == .integer(status))
        #expect(answer.json["retryable"]?.bool != nil)
    }

    @Test func `what enrols a device lets no caller in`() async throws {
        let hub = try TemporaryHub()
        let key = "a token's secret"
        let hash = sha256(Array(key.utf8))
        try hub.office.store.keep(
            Credential(hash: hash, purpose: .enrolment, name: "anna", expires: nil)
        )
        let answer = try await ask(hub.office, .get, "/v1/outcomes", key: key)
        #expect(answer.status == 401 && answer.json["code"] == "unknownCaller")
    }

    @Test func `bodies have their limits`() async throws {
        let hub = try TemporaryHub()
        let key = try hub.office.addCaller("billing")
        let large = String(repeating: "x", count: (2 << 20) + 1)
        for (uri, key) in [("/v1/sync", nil), ("/v1/cases", key), ("/v1/enrol", nil)] {
            let answer = try await ask(hub.office, .post, uri, large, key: key)
            #expect(answer.status == 413 && answer.json["code"] == "tooLarge", "\(uri)")
        }
        let near = try await ask(
            hub.office,
            .post,
            "/v1/cases",
            refund("T-1", #", "title": "\#(String(repeating: "x", count: 1 << 20))""#),
            key: key
        )
        #expect(near.status == 413 && near.json["detail"]?.string?.contains("1 MiB") == true)
    }

    @Test func `health is told`() async throws {
        let hub = try TemporaryHub()
        #expect(try await ask(hub.office, .get, "/healthz").json == ["status": "ok"])
        #expect(try await ask(hub.office, .get, "/readyz").json == ["status": "ready"])
    }

    @Test func `says when another program listens there`() async throws {
        let taken = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(taken) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                #expect(bind(taken, generic, length) == 0 && listen(taken, 1) == 0)
                #expect(getsockname(taken, generic, &length) == 0)
            }
        }
        let hub = try TemporaryHub()
        let server = HubServer(
            hub.office,
            on: try ListenAddress("127.0.0.1:\(UInt16(bigEndian: address.sin_port))"),
            encryption: nil,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            isListening: { _ in }
        )
        let failure = try await #require(throws: HubFailure.self) { try await server.run() }
        #expect(failure.code == "cannotListen" && failure.isRetryable)
    }

    @Test(arguments: ["0.0.0.0:8470", "192.168.1.2:1", "example.org:80", "127.0.0.1.example.org:1"])
    func `plain HTTP is for this machine only`(address: String) throws {
        #expect(try !ListenAddress(address).isLoopback)
    }

    @Test(arguments: [("127.0.0.1:0", "127.0.0.1", 0), ("[::1]:8470", "::1", 8470)])
    func `addresses are read`(text: String, host: String, port: Int) throws {
        let address = try ListenAddress(text)
        #expect(address.host == host && address.port == port && address.isLoopback)
    }

    @Test func `a full disk is told with when to ask again`() async throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        let key = try hubWithCaller(in: folder)
        // A link to nowhere in the place of what SQLite makes beside a database: as good as no room.
        try FileManager.default.createSymbolicLink(
            atPath: folder.database + "-shm",
            withDestinationPath: "/nowhere/at/all"
        )
        let full = try HubOffice(in: folder)
        let answer = try await ask(full, .post, "/v1/cases", refund("T-1"), key: key)
        #expect(answer.status == 507 && answer.retryAfter == "60", "\(answer)")
        #expect(answer.json["code"] == "notWritable" && answer.json["retryable"] == true)
    }

    /// Makes a hub, closes it, and returns the key of its only caller.
    private func hubWithCaller(in folder: HubFolder) throws -> String {
        let office = try HubOffice(in: folder, making: true)
        _ = try office.activate(policy: Array(twoOpinions.utf8), by: "cleo")
        return try office.addCaller("billing")
    }
}
