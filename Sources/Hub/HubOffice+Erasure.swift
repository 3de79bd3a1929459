import HubStore
import Review
import Storage
import Sync

extension HubOffice {
    /// Erases a case on request, here and at every node that had it, and in the backups that can be
    /// reached.
    package func erase(_ name: String, by: String, because: String) throws -> Shown {
        guard CaseName.isName(by) else { throw HubFailure(.badName(by)) }
        let name = try caseName(name)
        var wanted = Wanted(names: [name])
        wanted.casePayloads = true
        let attached = try store.attachments()
        let (key, count) = try suggesting(name) {
            try decide(wanted) { draft in
                let key = draft.held.keys[name] ?? ""
                try draft.erase(name, by: by, because: because)
                return (key, draft.writes.erased[key]?.count ?? 0)
            }
        }
        // Those of this case alone: others may have come before the case that they belong to.
        for digest in Set(attached).subtracting(try store.attachments()) { blobs.remove(digest) }
        return Shown(
            ["case": .string(key), "erased": .integer(count), "by": .string(by)],
            [
                "erased \(count) payloads; what is left is called \(name.workflow)/\(key)",
                "every node drops its copies at its next sync; backups made before still hold them, and "
                    + "a restored one drops them as soon as a node that knows has synced",
            ]
        )
    }
}
