import Replica
import Review
import Sync

/// What a sync would hand in, told without one: no network, and nothing is changed.
package struct SyncForecast: Sendable {
    /// Entries of the outbox by kind, and their bytes before packing.
    let kinds: [(kind: String, entries: Int, bytes: Int)]
    let deltas: Int
    /// The first request as it would be sent, and how many entries are in it.
    let first: (entries: Int, bytes: Int)
    let quarantined: Int
    let pending: Int
    let hubAsksUntil: Timestamp?

    private var entries: Int { kinds.reduce(0) { $0 + $1.entries } }

    /// Exact where one request holds everything; otherwise as the first one packs.
    private var bytes: Int {
        guard first.entries > 0, first.entries < entries else { return first.bytes }
        return first.bytes * entries / first.entries
    }

    package var report: Report { Report(json, lines) }

    private var json: JSON {
        [
            "dryRun": true, "up": ["entries": .integer(entries), "bytes": .integer(bytes)],
            "kinds": .object(
                Dictionary(uniqueKeysWithValues: kinds.map { ($0.kind, .integer($0.entries)) })
            ),
            "unpackedBytes": .integer(kinds.reduce(0) { $0 + $1.bytes }),
            "deltas": .integer(deltas), "outbox": .integer(entries),
            "pending": .integer(pending), "quarantined": .integer(quarantined),
            "hubAsksUntil": hubAsksUntil.map { .string($0.description) } ?? .null,
            "unknown": ["down"],
        ]
    }

    private var lines: [String] {
        let list = kinds.map { "\($0.entries) \($0.kind)" }.joined(separator: ", ")
        let about = first.entries < entries ? "about " : ""
        return [
            entries == 0
                ? "nothing would go up but a greeting, \(bytes) bytes"
                : "\(list) would go up, \(about)\(bytes) bytes with \(deltas) counts",
            "what the hub has for this machine, and what it will say, only a sync can tell",
        ] + (hubAsksUntil.map { ["the hub asks not to sync until \($0)"] } ?? [])
    }
}

extension Desk {
    /// What a sync would do now.
    package func forecast(_ order: SyncOrder) throws -> SyncForecast {
        let opening = try SyncOpening(
            self,
            NodeRecovery(),
            within: Budget(),
            deltasOnly: order.deltasOnly,
            asksAgain: true,
            introducing: false
        )
        let status = try status()
        return SyncForecast(
            kinds: order.deltasOnly ? [] : try replica.outboxByKind(),
            deltas: opening.deltas.count,
            first: (opening.outbox.count, opening.body.count),
            quarantined: status.status.quarantined,
            pending: status.status.pending,
            hubAsksUntil: status.hubAsksUntil
        )
    }
}
