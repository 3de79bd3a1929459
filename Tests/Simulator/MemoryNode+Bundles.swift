import Review
import Sync
import TestSupport

// What a replica remembers of files that are carried by hand, as `Replica.ReplicaFile` does.

extension MemoryNode {
    /// What was put into a file for the hub, remembered until the hub answered it.
    struct Exported: Sendable {
        let request: Digest
        let last: Digest?
        let opening: NodeRecovery.Opening
        let deltas: [Delta]
        var isAnswered = false
    }

    /// The last file that was neither answered nor receipted.
    var openBundle: Digest? {
        exported.last { bundle in
            !bundle.isAnswered && bundle.last.map { receipts[$0] == nil } ?? true
        }?.request
    }

    /// A reply that came in a file was read to its end: the hub took the file that it answers.
    mutating func answered(_ request: Digest, unfulfilled: [JSON]) {
        self.unfulfilled = unfulfilled
        guard let index = exported.firstIndex(where: { $0.request == request }),
            !exported[index].isAnswered
        else { return }
        exported[index].isAnswered = true
        for earlier in exported[..<index].indices where exported[earlier].last == nil {
            exported[earlier].isAnswered = true
        }
        for delta in exported[index].deltas { told[delta.scope] = delta.head }
        handedIn(exported[index].opening)
    }
}
