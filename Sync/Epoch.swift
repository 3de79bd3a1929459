package import Review

/// The payload of the entry that begins an epoch which follows on another.
///
/// `because` is a stable word: `copied` of a node, `restored`, `otherPast` or `lostTail` of a hub.
package func epochContent(after log: LogName, _ head: LogHead, because reason: String) -> JSON {
    [
        "parent": [
            "epoch": .string(log.epoch), "seq": .integer(head.seq),
            "hash": .string(head.uid?.description ?? ""),
        ],
        "reason": .string(reason),
    ]
}
