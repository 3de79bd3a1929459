import GRDB
package import Review
import Storage
package import Sync

// The content of cases that nobody needs here any more goes, once the hub's backups hold it.
//
//     greeting ─▶ watermark ─▶ purgeable, a few cases a time ─▶ purged: payloads go, headers stay
//     the case comes again ─▶ its rows fill the payloads again
//
// - **NothingLost**: only the hub's own statements and others' verdicts, and of a case of which all
//   that this replica holds lies at or below the watermark: a hub that is restored from any backup
//   has it, and never asks for it.

/// What may go now.
package struct PurgeOrder: Sendable, Equatable {
    package let watermark: Watermark
    /// Cases that were sealed before then, by when that came here, are settled.
    package let settledBefore: Timestamp

    package init(watermark: Watermark, settledBefore: Timestamp) {
        self.watermark = watermark
        self.settledBefore = settledBefore
    }
}

/// How far the search for what may go has come, and under which watermark.
package struct PurgeProgress: Sendable, Equatable {
    package var watermark: Watermark
    package var begun: Timestamp
    /// The last case that was looked at, nil once all were.
    package var after: String?

    package init(watermark: Watermark, begun: Timestamp, after: String? = "") {
        self.watermark = watermark
        self.begun = begun
        self.after = after
    }

    var json: JSON {
        .present([
            "watermark": watermark.json, "begun": begun.json, "after": after.map(JSON.string),
        ])
    }

    init?(json: JSON) {
        guard let watermark = json["watermark"].flatMap({ Watermark(json: $0) }),
            let begun = json["begun"]?.integer
        else { return nil }
        self.init(
            watermark: watermark,
            begun: Timestamp(milliseconds: begun),
            after: json["after"]?.string
        )
    }
}

/// A step of the search: the cases whose content may go, and where it stopped; nil at the end.
package struct PurgeStep: Sendable, Equatable {
    package let keys: [String]
    package let last: String?
}

extension ReplicaFile {
    /// Looks at the next few cases after one, without holding anybody up.
    package func purgeable(
        _ order: PurgeOrder,
        after key: String,
        limit: Int
    ) throws -> PurgeStep {
        try pool.read { database in
            let keys = try SQLRequest<String>(
                literal: """
                    SELECT key FROM "case"
                    WHERE key > \(key) AND purged = 0 AND state IN ('hidden', 'answered')
                    ORDER BY key LIMIT \(limit)
                    """
            ).fetchAll(database)
            return PurgeStep(
                keys: try keys.filter { try content(of: $0, purgedBy: order, database) != nil },
                last: keys.count < limit ? nil : keys.last
            )
        }
    }

    /// Drops the content of cases, of those whose content may still go.
    func purge(_ keys: [String], _ order: PurgeOrder, _ database: Database) throws {
        for key in keys {
            guard let uids = try content(of: key, purgedBy: order, database) else { continue }
            let bytes = try uids.reduce(0) { try $0 + drop($1, database) }
            try database.prepared(
                #"UPDATE "case" SET purged = 1 WHERE key = \#(key)"#
            ).execute()
            try note(database) { notes in
                notes.freedCases += 1
                notes.freedBytes += bytes
            }
        }
    }

    /// Drops the payload of an entry that is not our own; how many bytes it had.
    private func drop(_ uid: Digest, _ database: Database) throws -> Int {
        let bytes = try Int.fetchOne(
            database.prepared(
                "SELECT length(payload) FROM entry WHERE uid = \(uid) AND own = 0"
            )
        )
        guard let bytes else { return 0 }
        try database.prepared(
            "INSERT INTO purged (uid) VALUES (\(uid)) ON CONFLICT DO NOTHING"
        ).execute()
        try database.prepared(
            "UPDATE entry SET payload = NULL WHERE uid = \(uid)"
        ).execute()
        return bytes
    }

    /// The entries of a case whose payloads may go, nil where none may.
    private func content(
        of key: String,
        purgedBy order: PurgeOrder,
        _ database: Database
    ) throws -> [Digest]? {
        guard try isCovered(key, by: order.watermark, database) else { return nil }
        let dossier = try dossier(key, database).0
        let state = dossier.state(for: identity.reviewer)
        guard dossier.current != nil, state == .hidden || state == .answered else { return nil }
        let isTakenBack = dossier.withdrawal(from: identity.reviewer) != nil
        guard try isTakenBack || isSettled(dossier, before: order.settledBefore, database) else {
            return nil
        }
        return dossier.content(exceptOf: identity.reviewer)
    }

    /// Whether everything that is here about a case lies at or below the watermark.
    private func isCovered(
        _ key: String,
        by watermark: Watermark,
        _ database: Database
    ) throws -> Bool {
        let uncovered = try Row.fetchOne(
            database.prepared(
                """
                SELECT 1 FROM entry AS e LEFT JOIN receipt AS r ON r.id = e.receipt
                WHERE e.case_key = \(key)
                    AND (e.uid IN (SELECT uid FROM quarantine) OR e.pending IS NOT NULL
                        OR (NOT coalesce(r.hub_epoch = \(watermark.hubEpoch)
                                AND r.record ->> 'hubSeq' <= \(watermark.hubSeq), 0)
                            AND NOT coalesce(e.hub_seq <= \(watermark.hubSeq) AND EXISTS (
                                SELECT 1 FROM feed_row AS f WHERE f.uid = e.uid
                                    AND f.hub_epoch = \(watermark.hubEpoch)), 0)))
                LIMIT 1
                """
            )
        )
        return uncovered == nil
    }

    /// Whether a case was sealed long enough ago, with every own act in it.
    private func isSettled(
        _ dossier: Dossier,
        before moment: Timestamp,
        _ database: Database
    ) throws -> Bool {
        guard let seal = dossier.seal else { return false }
        let own = dossier.verdicts.filter { $0.value.reviewer == identity.reviewer }
        guard Set(own.map(\.uid)).isSubset(of: seal.value.considered) else { return false }
        let came = try Int64.fetchOne(
            database.prepared("SELECT at FROM entry WHERE uid = \(seal.uid)")
        )
        return came.map { $0 < moment.milliseconds } ?? false
    }

    /// The entries whose payloads were purged, for `verify`.
    package func purgedEntries() throws -> Set<Digest> {
        try pool.read { database in
            Set(
                try Row.fetchAll(database, sql: "SELECT uid FROM purged").map {
                    try $0.digest("uid")
                }
            )
        }
    }
}
