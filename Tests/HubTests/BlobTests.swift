import Foundation
import HubStore
import Hummingbird
import HummingbirdTesting
import Review
import Storage
import Sync
import Testing

@testable import Hub

@Suite("Attachments at the hub")
struct BlobTests {
    private let hub: TemporaryHub
    private let bytes = Array("a receipt, in a few bytes".utf8)
    private let cases: URL

    init() throws {
        hub = try TemporaryHub()
        cases = URL(fileURLWithPath: hub.folder.path + "-cases")
        try FileManager.default.createDirectory(at: cases, withIntermediateDirectories: true)
        try Data(bytes).write(to: cases.appendingPathComponent("receipt.jpg"))
    }

    private var digest: Review.Digest { sha256(bytes) }
    private var hex: String { digest.bytes.hexadecimal }

    private func take(_ id: String, _ attachment: String) throws -> JSON {
        let line = refund(id, #", "attachments": [\#(attachment)]"#)
        let answers = try hub.office.intake(
            lines: [CaseLine(number: 1, bytes: Array(line.utf8))],
            filesIn: cases.path
        )
        return try JSON(parsing: answers.answers[0].json)
    }

    private var announced: String {
        #"{"name": "r", "sha256": "\#(hex)", "bytes": \#(bytes.count)}"#
    }

    // MARK: In, from a file

    @Test func `intake takes a file in, and keeps no path`() throws {
        _ = try take("T-1", #"{"path": "receipt.jpg", "mediaType": "image/jpeg"}"#)
        let kept = try hub.show("refunds/T-1")["attachments"]?.array?.first
        #expect(
            kept == [
                "name": "receipt.jpg", "sha256": .string(hex), "bytes": .integer(bytes.count),
                "mediaType": "image/jpeg",
            ]
        )
        #expect(hub.office.blobs.holds(digest))
        let verification = try hub.verification()
        #expect(verification["attachments"] == 1 && verification["attachmentsAwaited"] == 0)
    }

    @Test(arguments: [
        (#"{"path": "../hub.key"}"#, "lies outside"), (#"{"path": "/etc/passwd"}"#, "is not there"),
        (#"{"path": "missing"}"#, "is not there"), (#"{"path": ""}"#, "is not there"),
        (#"{"path": "link"}"#, "lies outside"), (#"{"path": "."}"#, "lies outside"),
        (#"{"path": "receipt.jpg", "bytes": 3}"#, "is not the one"),
        (
            #"{"path": "receipt.jpg", "sha256": "\#(String(repeating: "0", count: 64))"}"#,
            "is not the one"
        ),
    ])
    func `intake takes no file but the one that is meant`(attachment: String, why: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: cases.path + "/link",
            withDestinationPath: "/etc/passwd"
        )
        try Data().write(to: cases.deletingLastPathComponent().appendingPathComponent("hub.key"))
        let answer = try take("T-1", attachment)
        #expect(answer["error"]?["code"] == "badAttachment")
        #expect(answer["error"]?["message"]?.string?.contains(why) == true, "\(answer)")
        #expect(hub.office.blobs.all().isEmpty)
    }

    @Test func `what others send names no path`() throws {
        let line = refund("T-1", #", "attachments": [{"name": "r", "path": "receipt.jpg"}]"#)
        let answer = try hub.intake(line)
        #expect(answer["error"]?["code"] == "badCase")
    }

    // MARK: In, over HTTP

    private func ask(
        _ method: HTTPRequest.Method,
        _ headers: HTTPFields,
        _ body: [UInt8] = [],
        _ name: String? = nil
    ) async throws -> (status: Int, headers: HTTPFields, body: [UInt8]) {
        let uri = "/v1/blobs/" + (name ?? hex)
        return try await Application(router: HubRoutes(hub.office).router).test(.router) {
            [headers] client in
            try await client.execute(
                uri: uri,
                method: method,
                headers: headers,
                body: ByteBuffer(bytes: body)
            ) { ($0.status.code, $0.headers, Array($0.body.readableBytesView)) }
        }
    }

    @Test func `an upload goes on after every byte`() async throws {
        let key = try hub.office.addCaller("billing")
        func put(_ part: Range<Int>) async throws -> (Int, JSON?) {
            let headers: HTTPFields = [
                .authorization: "Bearer \(key)",
                .contentRange: "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(bytes.count)",
            ]
            let answer = try await ask(.put, headers, Array(bytes[part]))
            return (answer.status, try? JSON(parsing: answer.body))
        }
        for count in 1..<bytes.count {
            #expect(try await put(0..<count).1?["complete"] == false)
            if count > 1 {
                let gap = try await put(count - 1..<bytes.count)
                #expect(gap.0 == 409 && gap.1?["offset"] == .integer(count))
            }
            #expect(try await put(count..<bytes.count).1?["complete"] == true)
            #expect(hub.office.blobs.holds(digest))
            hub.office.blobs.remove(digest)
        }
    }

    @Test func `an upload that is another file, or too large, or nobody's is refused`() async throws
    {
        let key = try hub.office.addCaller("billing")
        let known: HTTPFields = [.authorization: "Bearer \(key)"]
        #expect(try await ask(.put, known, bytes + [0]).status == 422)
        var large = known
        large[.contentRange] = "bytes 0-9/\(Attachment.limit + 1)"
        #expect(try await ask(.put, large, Array(bytes.prefix(10))).status == 413)
        #expect(try await ask(.put, [:], bytes).status == 401)
        #expect(try await ask(.put, known, bytes, "../hub.key").status == 404)
        #expect(try await ask(.put, known, bytes, "abc").status == 400)
        #expect(hub.office.blobs.all().isEmpty)
        #expect(try await ask(.head, known).status == 404)
        #expect(try await ask(.put, known, bytes).status == 200)
        #expect(try await ask(.head, known).status == 200)
    }

    // MARK: Out

    private func signed(
        _ method: String,
        by node: TestNode,
        range: String? = nil
    ) throws -> HTTPFields {
        let signature = RequestSignature(
            method: method,
            path: "/v1/blobs/" + hex,
            hub: hub.office.store.hubID,
            digest: sha256([]),
            created: hub.now.milliseconds / 1000,
            nonce: systemRandomness(16).hexadecimal,
            log: node.log
        )
        var fields = HTTPFields()
        for (name, value) in signature.headers(sign: node.keys.sign) {
            if let name = HTTPFields.Element.Name(name) { fields[name] = value }
        }
        if let range { fields[.range] = range }
        return fields
    }

    @Test func `a node gets what its feeds name, from any byte on, and nothing else`() async throws
    {
        let anna = try hub.node(of: "anna")
        hub.office.blobs.remove(digest)
        #expect(try await ask(.get, try signed("GET", by: anna)).status == 404)
        _ = try take("T-1", announced)
        let early = try await ask(.get, try signed("GET", by: anna))
        #expect(early.status == 404)
        #expect(try JSON(parsing: early.body)["code"] == "blobNotHere")

        _ = try take("T-1", #"{"name": "r", "path": "receipt.jpg"}"#)
        let whole = try await ask(.get, try signed("GET", by: anna))
        #expect(whole.status == 200 && whole.body == bytes)
        #expect(whole.headers[.contentType] == "application/vnd.countersign.blob")
        for first in bytes.indices {
            let rest = try await ask(.get, try signed("GET", by: anna, range: "bytes=\(first)-"))
            #expect(rest.status == 206 && rest.body == Array(bytes[first...]))
            #expect(
                rest.headers[.contentRange]
                    == "bytes \(first)-\(bytes.count - 1)/\(bytes.count)"
            )
        }
        let beyond = try signed("GET", by: anna, range: "bytes=\(bytes.count)-")
        #expect(try await ask(.get, beyond).status == 416)
        let head = try await ask(.head, try signed("HEAD", by: anna))
        #expect(head.status == 200 && head.headers[.contentLength] == "\(bytes.count)")
        #expect(head.body.isEmpty)

        #expect(try await ask(.get, [:]).status == 401)
        #expect(try await ask(.get, try signed("POST", by: anna)).status == 401)
        _ = try hub.office.addReviewer("zoe", workflows: ["other"], role: "reviewer")
        let zoe = try hub.node(of: "zoe")
        let other = try await ask(.get, try signed("GET", by: zoe))
        #expect(other.status == 404)
        #expect(try JSON(parsing: other.body)["code"] == "noSuchBlob")
    }

    @Test func `a revoked device gets none`() async throws {
        let anna = try hub.node(of: "anna")
        _ = try take("T-1", #"{"path": "receipt.jpg"}"#)
        #expect(try await ask(.get, try signed("GET", by: anna)).status == 200)
        _ = try hub.office.revoke(anna.log.device, because: "lost", lastGood: nil)
        #expect(try await ask(.get, try signed("GET", by: anna)).status == 403)
    }

    @Test func `a damaged one is reported, not served, and put right by bringing it again`()
        async throws
    {
        let anna = try hub.node(of: "anna")
        _ = try take("T-1", #"{"path": "receipt.jpg"}"#)
        let file = hub.office.blobs.file(digest)
        try Data(bytes.reversed()).write(to: URL(fileURLWithPath: file))
        #expect(try await ask(.get, try signed("GET", by: anna)).status == 404)
        #expect(try hub.verification()["failures"]?.array?.first?["what"] == "attachment")
        _ = try take("T-1", #"{"path": "receipt.jpg"}"#)
        #expect(try await ask(.get, try signed("GET", by: anna)).body == bytes)
        #expect(try hub.verification()["failures"] == [])
    }

    @Test func `a backup holds them, and a hub made of it`() throws {
        _ = try take("T-1", #"{"path": "receipt.jpg"}"#)
        let backup = hub.folder.path + "-backup"
        _ = try hub.office.backup(to: backup)
        let restored = HubFolder(path: hub.folder.path + "-restored")
        _ = try HubOffice.restore(from: backup, to: restored)
        #expect(try HubOffice(in: restored).blobs.holds(digest))
    }
}
