import Review
import Sync

// What a replica drops on the hub's word, as `Replica.ReplicaFile` does.

extension MemoryNode {
    /// Drops the payloads that an erasure names, own ones too; what they counted stays counted.
    mutating func erase(_ document: Document) {
        guard document.entry.log.device == hub.id, let content = try? document.content(),
            let erasure = try? Erasure(json: content)
        else { return }
        let key = document.entry.caseKey
        for payload in erasure.payloads { erased[payload, default: []].insert(key) }
        if bug != .keepErased { own = own.map(withoutErased) }
        came = came.mapValues(withoutErased)
        applied = applied.mapValues { rows in
            rows.map { row in
                FeedRow(
                    seq: row.seq,
                    hubSeq: row.hubSeq,
                    document: withoutErased(row.document)
                )
            }
        }
        before = before.map { row in
            RowBefore(
                feed: row.feed,
                document: withoutErased(row.document),
                handedIn: row.handedIn
            )
        }
        dossiers[key] = nil
    }

    /// What comes without the bytes that were erased before.
    func withoutErased(_ document: Document) -> Document {
        isErased(document) ? Document(entry: document.entry, payload: nil) : document
    }

    /// Whether the bytes of an entry were erased here.
    func isErased(_ document: Document) -> Bool {
        erased[document.entry.payload]?.contains(document.entry.caseKey) ?? false
    }
}
