import Foundation
package import Review
import Sealing
import Sync

// Joining a hub by file: a request goes there, and its answer is the first bundle that comes back.

extension Enrolment {
    /// The attempt that a request was printed for, from what was kept of it.
    package init(begunIn home: NodeHome, now: Timestamp) throws {
        guard !FileManager.default.fileExists(atPath: home.replicaPath) else {
            throw NodeError.alreadyEnrolled
        }
        guard let data = FileManager.default.contents(atPath: home.enrolmentPath),
            let json = try? JSON(parsing: data), let token = json["token"]?.string
        else { throw NodeError.noRequest }
        try self.init(
            home: home,
            token: token,
            deviceName: json["device"]?.string ?? "",
            now: now
        )
    }

    /// The request as a file holds it: everything but the token, and a proof that this machine has it.
    ///
    /// The same again gives the same request.
    package func carriedRequest(_ pace: Pace) throws -> Report {
        guard !FileManager.default.fileExists(atPath: home.replicaPath) else {
            throw NodeError.alreadyEnrolled
        }
        try home.make()
        let lock = try SyncLock(of: home, patience: 0, pace)
        defer { withExtendedLifetime(lock) {} }
        let (key, first) = try request()
        try keep(first, key)  // By another token than before, perhaps.
        var members = body(first, key).object ?? [:]
        let secretHash = Cryptography.system.hash(token.secret)
        let name = EnrolmentProof.name(ofSecretHash: secretHash, Cryptography.system.hash)
        members["secret"] = nil
        members["token"] = name.json
        members["agreement"] = .string(Base64URL.encode(try AgreementKey.made(in: home).publicKey))
        let code = EnrolmentProof.code(.object(members), secretHash: secretHash)
        members["proof"] = .string(Base64URL.encode(code))
        let request = SignedRecord.sign(.object(members), as: .enrolment, by: key.sign)
        return Report(request, [request.canonical])
    }

    /// Takes the answer: makes the replica, and applies what came with it.
    package func accept(_ file: [UInt8], _ pace: Pace) throws -> (joined: Report, summary: Report) {
        guard let (key, first) = begun() else { throw NodeError.noRequest }
        let answer = try answer(in: file, for: first.entry.log.device)
        let certificate = answer["authority"]?.string.flatMap(Base64URL.decode)
        if token.authority != nil { try check(authority: certificate ?? []) }
        let identity = try begin(
            answer,
            key,
            first,
            hubAddress,
            token.authority == nil ? nil : certificate
        )
        let now = now
        let summary = try Desk(home: home, now: { now }).importBundle(file, pace)
        return (joined(identity, first.entry.log.epoch), summary.report)
    }

    /// What the hub says of this device in its first bundle; believed only after its chain is checked.
    private func answer(in file: [UInt8], for device: String) throws -> JSON {
        do throws(BundleError) {
            let bundle = try SyncBundle(file: file)
            let hub = KeyName.hub(fingerprint: token.root)
            guard bundle.header.parties == BundleHeader.Parties(down: device, hub: hub) else {
                throw BundleError.notForUs
            }
            let body = try bundle.open(with: [AgreementKey.kept(in: home)].compactMap { $0 })
            var reader = FrameReader()
            guard let frame = try? reader.take(body).first,
                case .word(.enrolled, let answer)? = try? Record.read(frame: frame).first,
                let working = answer["workingKey"]?.string.flatMap(Base64URL.decode),
                bundle.isSigned(by: [working], .system)
            else { throw BundleError.damaged("it does not say that this machine was let in") }
            return answer
        } catch .notForUs {
            throw NodeError.otherBundle
        } catch {
            throw NodeError.badBundle("\(error)")
        }
    }
}
