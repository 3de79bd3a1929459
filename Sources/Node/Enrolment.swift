import Foundation
import Replica
package import Review
import Sync

/// Joins a hub: a new key, the first entry of a new log, and the hub's certificate for both.
///
/// What is sent is kept before it is sent, so that a lost reply costs nothing: the same token with
/// the same key gets the same answer.
package struct Enrolment {
    let home: NodeHome
    let token: Token
    let deviceName: String
    let now: Timestamp

    /// Throws `badToken` where `token` is not one.
    package init(home: NodeHome, token: String, deviceName: String, now: Timestamp) throws {
        guard let token = Token(token) else { throw NodeError.badToken }
        self.home = home
        self.token = token
        self.deviceName = deviceName
        self.now = now
    }

    /// Where the token says the hub is.
    package var hubAddress: String { token.hub }

    /// Whether what answers at `url` must first show the authority that the token names.
    package func mustPin(at url: String) -> Bool {
        token.authority != nil && url.lowercased().hasPrefix("https:")
    }

    /// Whether `certificate`, told by anybody, is the authority that the token names.
    package func check(authority certificate: [UInt8]) throws {
        guard Cryptography.system.hash(certificate) == token.authority else {
            throw NodeError.otherAuthority
        }
    }

    /// Enrols at the address the hub was reached at, and says who this machine is now.
    ///
    /// `authority` is what `exchange` trusts alone, and what every sync then will.
    package func join(
        at url: String,
        trusting authority: [UInt8]?,
        _ exchange: Exchange
    ) throws -> Report {
        let (identity, epoch) = try run(url: url, authority, exchange)
        return joined(identity, epoch)
    }

    /// Who this machine is now.
    func joined(_ identity: Identity, _ epoch: String) -> Report {
        Report(
            [
                "reviewer": .string(identity.reviewer), "device": .string(identity.device),
                "epoch": .string(epoch), "hub": .string(identity.hub),
            ],
            ["enrolled as \(identity.reviewer), device \(identity.device)"]
        )
    }

    /// Enrols, and makes the replica.
    ///
    /// `url` is the address the hub was reached at.
    private func run(
        url: String,
        _ authority: [UInt8]?,
        _ exchange: Exchange
    ) throws -> (identity: Identity, epoch: String) {
        guard !FileManager.default.fileExists(atPath: home.replicaPath) else {
            throw NodeError.alreadyEnrolled
        }
        try home.make()
        let (key, first) = try request()
        let answer = try send(first, key, exchange)
        let identity = try begin(answer, key, first, url, authority)
        return (identity, first.entry.log.epoch)
    }

    /// Makes the replica of a device that the hub let in.
    func begin(
        _ answer: JSON,
        _ key: DeviceKey,
        _ first: Document,
        _ url: String,
        _ authority: [UInt8]?
    ) throws -> Identity {
        let identity = try identity(answer, key, first, url, authority)
        try ReplicaFile.create(
            path: home.replicaPath,
            identity,
            first: first,
            workingKeys: [try bytes("workingKey", answer)],
            at: now
        )
        try? FileManager.default.removeItem(atPath: home.enrolmentPath)
        return identity
    }

    private func send(_ first: Document, _ key: DeviceKey, _ exchange: Exchange) throws -> JSON {
        var reply: [UInt8] = []
        let head = try exchange(
            WireRequest(
                path: "/v1/enrol",
                headers: [("content-type", "application/json")],
                body: body(first, key).canonicalBytes,
                patienceMilliseconds: nil,
                replyLimit: 64 << 10
            )
        ) { _, piece in reply += piece }
        guard head.status == 200 else { throw Problem.error(head, reply) }
        guard let answer = try? JSON(parsing: reply) else {
            throw SyncError.notTheHub(reason: "the answer is not the hub's")
        }
        return answer
    }

    /// Believes nothing but what the root key, whose fingerprint the token holds, vouches for.
    private func identity(
        _ answer: JSON,
        _ key: DeviceKey,
        _ first: Document,
        _ url: String,
        _ authority: [UInt8]?
    ) throws -> Identity {
        let cryptography = Cryptography.system
        let root = try bytes("root", answer)
        let working = try bytes("workingKey", answer)
        guard cryptography.hash(root) == token.root else {
            throw NodeError.wrongHub("its root key is another")
        }
        guard
            cryptography.verify(
                try bytes("certification", answer),
                workingKeyMessage(working),
                root
            )
        else { throw NodeError.wrongHub("its root key does not vouch for its working key") }
        guard let line = answer["certificate"]?.string else {
            throw NodeError.wrongHub("no certificate")
        }
        let certificate = Document(
            entry: try Entry(
                line: Array(line.utf8),
                signature: try bytes("certificateSignature", answer),
                hash: cryptography.hash
            ),
            payload: try bytes("certificatePayload", answer)
        )
        try certificate.verify(by: working, cryptography)
        let content = try certificate.content()
        let hub = KeyName.hub(root, hash: cryptography.hash)
        guard certificate.entry.log.device == hub, certificate.entry.kind == .certificate,
            content["device"]?.string == first.entry.log.device,
            let reviewer = content["reviewer"]?.string
        else { throw NodeError.wrongHub("the certificate is for another device") }
        return Identity(
            reviewer: reviewer,
            device: first.entry.log.device,
            deviceName: deviceName,
            key: key.publicKey,
            hub: hub,
            url: url,
            root: root,
            authority: authority
        )
    }

    func bytes(_ field: String, _ answer: JSON) throws -> [UInt8] {
        guard let bytes = answer[field]?.string.flatMap(Base64URL.decode) else {
            throw SyncError.notTheHub(reason: "the answer lacks `\(field)`")
        }
        return bytes
    }
}
