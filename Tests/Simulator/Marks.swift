import Review
import Sync

/// What a simulation can come by: a test asks that the seeds together come by all of it.
package enum Mark: String, CaseIterable, Sendable {
    case requestLost, requestDelayed, replyCut, replyDamaged, nodeKilled
    case nodeCopied, nodePutBack, nodeInNewEpoch, forked
    case hubRestored, hubPutBackUnknown, hubShownItsReceipt, entryRecovered, sealed, late, disputed
}

extension Simulation {
    /// What this run came by.
    package var marks: Set<Mark> {
        var marks: Set<Mark> = []
        let words: [(Mark, String)] = [
            (.requestLost, "request lost"), (.requestDelayed, "request delayed"),
            (.replyCut, "a reply cut"),
            (.replyDamaged, "failed: the hub's answer"),
            (.nodeKilled, "killed"), (.nodeCopied, "copied"), (.nodePutBack, "put back to"),
            (.hubRestored, ", known"), (.hubPutBackUnknown, ", unknown"),
        ]
        for (mark, word) in words where trace.contains(where: { $0.contains(word) }) {
            marks.insert(mark)
        }
        for accepted in hub.entries { marks.formUnion(Self.marks(of: accepted, hub.name.id)) }
        for key in hub.rows.keys {
            let statuses = hub.dossier(key).statuses().values
            if statuses.contains(where: { $0.rawValue.hasPrefix("late") }) { marks.insert(.late) }
        }
        return marks
    }

    private static func marks(of accepted: Writes.Accepted, _ hub: String) -> Set<Mark> {
        var marks: Set<Mark> = []
        let entry = accepted.document.entry
        let content = (try? accepted.document.content()) ?? [:]
        if accepted.result == .forked { marks.insert(.forked) }
        if accepted.code == HubDraft.recoveredCode { marks.insert(.entryRecovered) }
        switch (entry.kind, content["reason"]) {
        case (.epoch, "copied"): marks.insert(.nodeInNewEpoch)
        case (.epoch, "lostTail"): marks.insert(.hubShownItsReceipt)
        case (.seal, _): marks.insert(.sealed)
        case (.outcome, _) where content["state"] == "disputed": marks.insert(.disputed)
        default: break
        }
        return marks
    }
}
