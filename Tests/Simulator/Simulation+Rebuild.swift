import Review
import Sync
import TestSupport

// The hub's disk is gone for good.

extension Simulation {
    /// The hub is made anew from its root key, and told again who may do what and by which policy.
    mutating func loseHub() {
        note("the hub lost everything at \(hub.hubSeq)")
        mark(.hubLost)
        let people = hub.roster.reviewers
        hub = .rebuilt(now: now, random: randomness())
        hub.bug = history.bug
        // The rest is void until it is back.
        promised = [:]
        savedHub = nil
        unknownPast = nil
        for reviewer in people { change(Wanted()) { draft in try? draft.enlist(reviewer) } }
        activate()
        // Who never synced has nothing that shows that it was let in.
        for node in nodes where introduction(of: node).isEmpty { certify(node) }
    }

    /// What shows a hub which lost it that it let this node in; nothing where it knows.
    func introduction(of node: MemoryNode) -> [Document] {
        guard hub.devices[node.device.id] == nil else { return [] }
        return node.came.values.filter { document in
            document.entry.kind == .certificate
                && (try? document.content()["device"]) == .string(node.device.id)
        }.sorted { $0.entry.uid < $1.entry.uid }
    }
}
