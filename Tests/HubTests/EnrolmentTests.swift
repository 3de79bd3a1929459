@testable import Hub
import HubStore
import Review
import Sync
import Testing

@Suite("Enrolling a device")
struct EnrolmentTests {
    @Test func `the answer proves who the hub is and whose the device is`() throws {
        let hub = try TemporaryHub()
        let node = try TestNode(at: hub.now)
        let token = try #require(Token(try hub.office.token(for: "anna", url: "http://[::1]:9")))
        #expect(token.hub == "http://[::1]:9")
        let answer = try hub.office.enrol(try node.enrolment(token.text))

        func bytes(_ field: String) throws -> [UInt8] {
            try #require(answer[field]?.string.flatMap(Base64URL.decode))
        }
        let (root, working) = (try bytes("root"), try bytes("workingKey"))
        #expect(sha256(root) == token.root)
        #expect(
            Cryptography.crypto.verify(
                try bytes("certification"),
                workingKeyMessage(working),
                root
            )
        )
        let line = try #require(answer["certificate"]?.string)
        let entry = try Entry(
            line: Array(line.utf8),
            signature: try bytes("certificateSignature"),
            hash: sha256
        )
        let certificate = Document(entry: entry, payload: try bytes("certificatePayload"))
        try certificate.verify(by: working, .crypto)
        #expect(entry.kind == .certificate)
        #expect(try entry.log == hub.office.store.hub().log)
        #expect(
            try certificate.content() == [
                "device": .string(node.log.device), "reviewer": "anna",
                "key": .string(Base64URL.encode(node.keys.working)),
            ]
        )
        #expect(answer["reviewer"] == "anna" && answer["device"] == .string(node.log.device))
        #expect(answer["time"] == hub.now.json)
        #expect(answer["hub"] == .string(hub.office.store.hubID))
        let devices = try hub.rows { try hub.office.listDevices($0) }
        #expect(devices.map { $0["name"] } == ["laptop"])
    }

    @Test func `again gives the same answer, to the same device alone`() throws {
        let hub = try TemporaryHub()
        let token = try hub.office.token(for: "anna", url: nil)
        let (node, other) = (try TestNode(at: hub.now), try TestNode(at: hub.now))
        let first = try hub.office.enrol(try node.enrolment(token))
        let before = try hub.office.store.read(Wanted()).hubSeq
        #expect(try hub.office.enrol(try node.enrolment(token)) == first)
        #expect(try hub.office.store.read(Wanted()).hubSeq == before)
        #expect(throws: HubFailure(.tokenUsed)) {
            try hub.office.enrol(try other.enrolment(token))
        }
    }

    @Test func `a token is good for seven days`() throws {
        let hub = try TemporaryHub()
        let (early, late) = (try TestNode(at: hub.now), try TestNode(at: hub.now))
        let tokens = try (0..<2).map { _ in try hub.office.token(for: "anna", url: nil) }
        hub.wait(minutes: 7 * 1440 - 1)
        _ = try hub.office.enrol(try early.enrolment(tokens[0]))
        hub.wait(minutes: 1)
        #expect(throws: HubFailure(.tokenUsed)) {
            try hub.office.enrol(try late.enrolment(tokens[1]))
        }
        // Whoever used it in time may ask again.
        _ = try hub.office.enrol(try early.enrolment(tokens[0]))
    }

    @Test func `only for a reviewer who was added, and only a first entry of the key`() throws {
        let hub = try TemporaryHub()
        let failure = try #require(throws: HubFailure.self) {
            try hub.office.token(for: "annax", url: nil)
        }
        #expect(failure.code == "unknownReviewer" && failure.hint == "did you mean anna?")

        let (node, other) = (try TestNode(at: hub.now), try TestNode(at: hub.now))
        let token = try hub.office.token(for: "anna", url: nil)
        guard case .object(var members) = try node.enrolment(token),
            case .object(let others) = try other.enrolment(token)
        else { return }
        for field in ["key", "entry", "signature", "payload", "secret"] {
            let kept = members[field]
            members[field] = field == "secret" ? "AAAA" : others[field]
            let request = JSON.object(members)
            #expect(throws: HubFailure.self, "\(field)") { try hub.office.enrol(request) }
            members[field] = kept
        }
        #expect(try hub.rows { try hub.office.listDevices($0) }.isEmpty)
        _ = try hub.office.enrol(.object(members))
    }
}
