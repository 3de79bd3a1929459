import Escalation
import HubStore
import Review
import Sync
import Synchronization

/// The policies that were needed so far, by their hash, which fixes what they say for ever.
final class PolicyShelf: Sendable {
    private let policies = Mutex<[Review.Digest: Policy]>([:])

    subscript(hash: Review.Digest) -> Policy? { policies.withLock { $0[hash] } }

    func put(_ policy: Policy, as hash: Review.Digest) { policies.withLock { $0[hash] = policy } }

    /// Brings the policies in force onto the shelf, from the entries that activated them.
    func fetch(_ wanted: Set<Review.Digest>, from store: any Store) throws {
        let missing = wanted.filter { self[$0] == nil }
        if missing.isEmpty { return }
        let entries = try store.entries(after: 0, kinds: [.policy], caseKey: nil, limit: .max)
        for entry in entries {
            let content = try entry.document.content()
            guard let hash = content["policy"]?.string.flatMap({ Review.Digest($0) }),
                missing.contains(hash), self[hash] == nil,
                let yaml = content["yaml"]?.string,
                let policy = PolicyYAML.policy(Array(yaml.utf8)).policy
            else { continue }
            put(policy, as: hash)
        }
        if let hash = missing.first(where: { self[$0] == nil }) {
            throw HubFailure(
                "policyMissing",
                "the policy \(hash.short) is in force and cannot be read; nothing was changed",
                hint: "activate it again: `countersign-hub policy activate FILE --by NAME`",
                kind: .failed
            )
        }
    }
}
