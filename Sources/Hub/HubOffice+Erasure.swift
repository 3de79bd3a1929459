import HubStore
import Review
import Sync

extension HubOffice {
    /// Erases a case on request, here and at every node that had it, and in the backups that can be
    /// reached.
    package func erase(_ name: String, by: String, because: String) throws -> Shown {
        guard CaseName.isName(by) else { throw HubFailure(.badName(by)) }
        let name = try caseName(name)
        var wanted = Wanted(names: [name])
        wanted.casePayloads = true
        let (key, count) = try withoutAttachments {
            try suggesting(name) {
                try decide(wanted) { draft in
                    let key = draft.held.keys[name] ?? ""
                    try draft.erase(name, by: by, because: because)
                    return (key, draft.writes.erased[key]?.count ?? 0)
                }
            }
        }
        let told = try tellBackups()
        return Shown(
            [
                "case": .string(key), "erased": .integer(count), "by": .string(by),
                "backups": .strings(told),
            ],
            [
                "erased \(count) payloads; what is left is called \(name.workflow)/\(key)",
                "every node drops its copies at its next sync",
                told.isEmpty
                    ? "no backup could be told: one made before still holds them until a node that knows has synced"
                    : "backups still hold them, and drop them when they are restored: "
                        + told.joined(separator: ", "),
            ]
        )
    }
}
