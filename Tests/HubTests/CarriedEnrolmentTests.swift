@testable import Hub
import HubStore
import Review
import Sealing
import Sync
import TestSupport
import Testing

@Suite("A request to enrol in a file")
struct CarriedEnrolmentTests {
    @Test func `lets its device in, again with the same answer`() throws {
        let hub = try TemporaryHub()
        let node = try TestNode(at: hub.now)
        let agreement = AgreementKey()
        let file = try node.carried(hub.office.token(for: "anna", url: nil), agreement)
        let first = try hub.office.importBundle(file)
        #expect(first.device == node.log.device)
        let before = try hub.office.store.read(Wanted()).hubSeq
        #expect(try hub.office.importBundle(file).shown == first.shown)
        #expect(try hub.office.store.read(Wanted()).hubSeq == before)

        let (made, again) = (
            try hub.office.exportBundle(for: first.device),
            try hub.office.exportBundle(for: first.device)
        )
        let answers = try [made, again].map { answer in
            let bundle = try SyncBundle(file: answer.file)
            #expect(bundle.isSigned(by: [hub.office.keys.working], .crypto))
            return try beginning(of: bundle.open(with: [agreement]))
        }
        #expect(answers[0] == answers[1])
        #expect(answers[0]["reviewer"] == "anna")
        #expect(answers[0]["root"] == .string(Base64URL.encode(hub.office.keys.root)))
    }

    @Test func `its token is for that device alone, over a network too`() throws {
        let hub = try TemporaryHub()
        let (node, other) = (try TestNode(at: hub.now), try TestNode(at: hub.now))
        let token = try hub.office.token(for: "anna", url: nil)
        _ = try hub.office.importBundle(node.carried(token, AgreementKey()))
        #expect(throws: HubFailure(.tokenUsed)) {
            try hub.office.importBundle(other.carried(token, AgreementKey()))
        }
        #expect(throws: HubFailure(.tokenUsed)) {
            try hub.office.enrol(other.enrolment(token))
        }
        _ = try hub.office.enrol(node.enrolment(token))
        #expect(try hub.rows { try hub.office.listDevices($0) }.count == 1)
    }

    @Test func `a stolen one lets nobody else in`() throws {
        let hub = try TemporaryHub()
        let (node, thief) = (try TestNode(at: hub.now), try TestNode(at: hub.now))
        let token = try hub.office.token(for: "anna", url: nil)
        let stolen = try node.carried(token, AgreementKey())
        let secret = try #require(Token(token)?.secret)
        let text = String(decoding: stolen, as: UTF8.self)
        #expect(!text.contains(Base64URL.encode(secret)))
        #expect(!text.contains(sha256(secret).bytes.hexadecimal))
        #expect(!text.contains(Base64URL.encode(sha256(secret).bytes)))

        // All of the thief's own, under the proof that was stolen.
        let request = try JSON(parsing: stolen)
        var members = try JSON(parsing: thief.carried(token, AgreementKey())).object ?? [:]
        for field in ["token", "proof"] { members[field] = request[field] }
        members["sig"] = nil
        let forged = SignedRecord.sign(.object(members), as: .enrolment, by: thief.keys.sign)
        #expect(throws: HubFailure(.tokenUsed)) {
            try hub.office.importBundle(forged.canonicalBytes)
        }
        #expect(try hub.rows { try hub.office.listDevices($0) }.isEmpty)
    }

    @Test func `a damaged one is refused whole`() throws {
        let hub = try TemporaryHub()
        let node = try TestNode(at: hub.now)
        let file = try node.carried(hub.office.token(for: "anna", url: nil), AgreementKey())
        let whole = try JSON(parsing: file)
        var random = SplitMix64(seed: RunSeed.value)
        for _ in 0..<500 {
            var damaged = file
            let at = Int(random.next() % UInt64(file.count))
            switch random.next() % 3 {
            case 0: damaged.removeLast(file.count - at)
            case 1: damaged[at] ^= 1 << (random.next() % 8)
            default: damaged.insert(UInt8(truncatingIfNeeded: random.next()), at: at)
            }
            // White space, and bits of a signature's base64, say nothing.
            if let read = try? JSON(parsing: damaged), read.unsigned == whole.unsigned { continue }
            let failure = #expect(throws: HubFailure.self, "\(RunSeed.replay(RunSeed.value))") {
                try hub.office.importBundle(damaged)
            }
            #expect(failure?.kind == .badInput, "\(RunSeed.replay(RunSeed.value))")
        }
        #expect(try hub.rows { try hub.office.listDevices($0) }.isEmpty)
        _ = try hub.office.importBundle(file)
    }

    @Test func `does not unmake what its device told since`() throws {
        let hub = try TemporaryHub()
        let node = try TestNode(at: hub.now)
        let file = try node.carried(hub.office.token(for: "anna", url: nil), AgreementKey())
        let id = try hub.office.importBundle(file).device
        var contact = try #require(try hub.office.store.device(id)).contact
        contact.agreement = AgreementKey().publicKey
        contact.request = sha256([1])
        let told = contact
        try hub.office.decide { $0.remember(told, of: id) }
        _ = try hub.office.importBundle(file)
        #expect(try hub.office.store.device(id)?.contact == told)
    }

    private func beginning(of body: [UInt8]) throws -> JSON {
        var reader = FrameReader()
        let frame = try #require(try reader.take(body).first)
        guard case .word(.enrolled, let answer)? = try Record.read(frame: frame).first else {
            Issue.record("the bundle does not begin with an answer")
            return [:]
        }
        return answer
    }
}

extension TestNode {
    /// What `enrol --print-request` prints.
    fileprivate func carried(_ token: String, _ agreement: AgreementKey) throws -> [UInt8] {
        let hash = sha256(Token(token)?.secret ?? [])
        var members = try enrolment(token).object ?? [:]
        members["secret"] = nil
        members["token"] = EnrolmentProof.name(ofSecretHash: hash, sha256).json
        members["agreement"] = .string(Base64URL.encode(agreement.publicKey))
        let proof = EnrolmentProof.code(.object(members), secretHash: hash)
        members["proof"] = .string(Base64URL.encode(proof))
        return SignedRecord.sign(.object(members), as: .enrolment, by: keys.sign).canonicalBytes
    }
}

extension JSON {
    fileprivate var unsigned: JSON {
        var members = object ?? [:]
        members["sig"] = nil
        return .object(members)
    }
}
