import Escalation
package import Replica
package import Review
import Storage
import Sync

/// What one reviewer can do on this machine, with no network: read, answer, abstain, undo.
///
/// Each act is saved, durable, when its function returns (**DecideAlways**).
package final class Desk {
    package let replica: ReplicaFile
    let home: NodeHome
    let key: DeviceKey
    let now: @Sendable () -> Timestamp
    private var policies: [Digest: Policy] = [:]
    private(set) var hasReadPolicies = false

    package init(home: NodeHome, now: @escaping @Sendable () -> Timestamp) throws {
        replica = try ReplicaFile(path: home.replicaPath)
        key = try DeviceKey(of: home)
        self.home = home
        self.now = now
    }

    package var reviewer: String { replica.identity.reviewer }

    /// Where the hub was reached at enrolment.
    package var hubAddress: String { replica.identity.url }

    /// The certificate of the only authority that the hub may have; nil where the system's do.
    package var hubAuthority: [UInt8]? { replica.identity.authority }

    /// The case of that name, or an error that says who took it back, or names the nearest ones.
    package func find(_ text: String) throws -> ReplicaCase {
        if let name = CaseName(text), let found = try replica.find(name) {
            if found.state != .hidden { return found }
            try checkIsOurs(found)
        }
        let names = try replica.names().map(\.description)
        throw NodeError.unknownCase(text, nearest: nearest(to: text, among: names))
    }

    /// Throws where a case was taken back from this reviewer.
    func checkIsOurs(_ subject: ReplicaCase) throws {
        guard let withdrawal = subject.dossier.withdrawal(from: reviewer)?.value else { return }
        throw NodeError.takenBack(subject.name, by: withdrawal.by)
    }

    /// The policy that is pinned to a case, nil where it has not come or cannot be read here.
    func policy(of subject: ReplicaCase) -> Policy? {
        subject.dossier.current.flatMap { policies[$0.value.policy] }
    }

    /// Reads the policies that have come since; a case seldom needs one that is not known yet.
    func readPolicies() throws {
        hasReadPolicies = true
        for json in try replica.policies() {
            guard let hash = json["policy"]?.string.flatMap({ Digest($0) }), policies[hash] == nil,
                let tree = json["tree"].flatMap({ PolicyTree(json: $0) })
            else { continue }
            policies[hash] = Policy.parse(tree).policy
        }
    }

    /// A pen that writes on from where a transaction found the log.
    func pen(_ log: LogName, _ head: LogHead) -> Pen {
        Pen(
            log: log,
            head: head,
            cryptography: .system,
            sign: key.sign,
            random: systemRandomness
        )
    }

    /// Remembers that a case was shown in its present revision, where that can be written.
    package func markShown(_ subject: ReplicaCase) throws {
        guard let revision = subject.dossier.current?.value.revision,
            subject.shown?.revision != revision
        else { return }
        var commitment = Commitment()
        commitment.shown = (subject.key, revision)
        try note(commitment)
    }

    /// Remembers what was read, where that can be written.
    func note(_ commitment: Commitment) throws {
        do {
            try replica.commit(on: nil, at: now()) { _ in (commitment, ()) }
        } catch {
            // A full disk keeps nobody from reading (**DecideAlways**).
            guard case .full? = StorageTrouble(error) else { throw error }
        }
    }
}
