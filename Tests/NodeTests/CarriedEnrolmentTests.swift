import Crypto
import Foundation
@testable import Node
import Replica
import Review
import Sealing
import Sync
import TestSupport
import Testing

@Suite("Enrolling by file")
struct CarriedEnrolmentTests {
    private let hub = PaperHub(reviewer: "ana")
    private let secret = [UInt8](repeating: 7, count: 16)
    private let pace = Pace(elapsed: { 0 }, sleep: { _ in })

    private func enrolment(in folder: URL) throws -> Enrolment {
        let token = Token(
            hub: "http://127.0.0.1:1",
            root: Cryptography.system.hash(hub.rootKey),
            authority: nil,
            secret: secret
        )
        return try Enrolment(
            home: NodeHome(folder: folder.path + "/home"),
            token: token.text,
            deviceName: "laptop",
            now: Laptop.noon
        )
    }

    /// What the hub's root key vouches for, and the certificate of the request's device.
    private func answer(to request: JSON, from root: Curve25519.Signing.PrivateKey) throws -> JSON {
        let key = try #require(request["key"]?.string.flatMap(Base64URL.decode))
        let device = KeyName.device(key, hash: Cryptography.system.hash)
        let certificate = hub.write(
            .certificate,
            "",
            ["device": .string(device), "reviewer": "ana"]
        )
        let certification = try root.signature(for: workingKeyMessage(hub.publicKey))
        return [
            "root": .string(Base64URL.encode(hub.rootKey)),
            "workingKey": .string(Base64URL.encode(hub.publicKey)),
            "certification": .string(Base64URL.encode([UInt8](certification))),
            "certificate": .string(String(decoding: certificate.entry.line, as: UTF8.self)),
            "certificateSignature": .string(Base64URL.encode(certificate.entry.signature)),
            "certificatePayload": .string(Base64URL.encode(certificate.payload ?? [])),
        ]
    }

    /// A bundle for the device of a request, with this beginning.
    private func bundle(for request: JSON, _ enrolled: JSON?) throws -> [UInt8] {
        let key = try #require(request["key"]?.string.flatMap(Base64URL.decode))
        let agreement = try #require(request["agreement"]?.string.flatMap(Base64URL.decode))
        let signing = hub.key
        let sign: Signing = { (try? signing.signature(for: $0)).map { [UInt8]($0) } ?? [] }
        let hash = Cryptography.system.hash
        let body = HubReply.body(
            Greeting(hub: hub.name, time: Laptop.noon, watermark: 0, request: hash([])),
            documents: [],
            results: [],
            hubSeq: 0,
            through: [],
            resets: [],
            pages: hub.pages(2),
            enrolled: enrolled,
            hash: hash,
            sign: sign
        )
        let device = KeyName.device(key, hash: hash)
        let parties = BundleHeader.Parties(down: device, hub: hub.name.id)
        return try SyncBundle.seal(body, parties, for: [agreement], hash: hash, sign: sign).file
    }

    @Test func `asks in the same words again, and does not tell the token`() throws {
        try withTemporaryFolder { folder in
            let asked = try enrolment(in: folder).carriedRequest(pace)
            #expect(try enrolment(in: folder).carriedRequest(pace) == asked)
            let request = try JSON(parsing: asked.json)
            let key = try #require(request["key"]?.string.flatMap(Base64URL.decode))
            #expect(SignedRecord.holds(request, as: .enrolment, keys: [key], .system))
            let secretHash = Cryptography.system.hash(secret)
            #expect(EnrolmentProof.holds(request, secretHash: secretHash))
            #expect(!EnrolmentProof.holds(request, secretHash: Cryptography.system.hash([1])))
            for hidden in [secret, secretHash.bytes] {
                #expect(!asked.json.contains(Base64URL.encode(hidden)))
                #expect(!asked.json.contains(hidden.hexadecimal))
            }
        }
    }

    @Test func `takes the answer whole, or nothing of it`() throws {
        try withTemporaryFolder { folder in
            let request = try JSON(parsing: enrolment(in: folder).carriedRequest(pace).json)
            let home = NodeHome(folder: folder.path + "/home")
            let file = try bundle(for: request, answer(to: request, from: hub.root))
            let begun = try Enrolment(begunIn: home, now: Laptop.noon)
            var random = SplitMix64(seed: RunSeed.value)
            for _ in 0..<300 {
                var damaged = file
                let at = Int(random.next() % UInt64(file.count))
                if random.next().isMultiple(of: 2) {
                    damaged.removeLast(file.count - at)
                } else {
                    damaged[at] ^= 1 << (random.next() % 8)
                }
                // Base64 has bits that say nothing: the same bundle then.
                if (try? SyncBundle(file: damaged)) == (try SyncBundle(file: file)) { continue }
                #expect(throws: NodeError.self, "\(RunSeed.replay(RunSeed.value))") {
                    try begun.accept(damaged, pace)
                }
            }
            #expect(!FileManager.default.fileExists(atPath: home.replicaPath))

            let (joined, _) = try begun.accept(file, pace)
            #expect(try JSON(parsing: joined.json)["reviewer"] == "ana")
            #expect(try Desk(home: home, now: { Laptop.noon }).replica.cursors().count == 1)
            #expect(throws: NodeError.alreadyEnrolled) {
                try Enrolment(begunIn: home, now: Laptop.noon)
            }
            #expect(throws: NodeError.alreadyEnrolled) { try begun.carriedRequest(pace) }
        }
    }

    @Test func `believes the root key of its token alone, and an answer to itself`() throws {
        try withTemporaryFolder { folder in
            let request = try JSON(parsing: enrolment(in: folder).carriedRequest(pace).json)
            let home = NodeHome(folder: folder.path + "/home")
            let begun = try Enrolment(begunIn: home, now: Laptop.noon)
            let stranger = Curve25519.Signing.PrivateKey()
            let forged = try bundle(for: request, answer(to: request, from: stranger))
            #expect(throws: NodeError.self) { try begun.accept(forged, pace) }
            #expect(throws: NodeError.self) { try begun.accept(bundle(for: request, nil), pace) }

            let other = try enrolment(in: folder.appending(path: "other")).carriedRequest(pace)
            let asked = try JSON(parsing: other.json)
            let others = try bundle(for: asked, answer(to: asked, from: hub.root))
            #expect(throws: NodeError.otherBundle) { try begun.accept(others, pace) }
            #expect(!FileManager.default.fileExists(atPath: home.replicaPath))

            let nobody = NodeHome(folder: folder.path + "/nobody")
            #expect(throws: NodeError.noRequest) {
                try Enrolment(begunIn: nobody, now: Laptop.noon)
            }
        }
    }
}
