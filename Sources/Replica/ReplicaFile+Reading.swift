import GRDB
package import Review
import Storage
package import Sync

/// A case as this replica holds it.
package struct ReplicaCase: Sendable {
    package let key: String
    /// Also where its content is not here any more.
    package let name: CaseName
    package let dossier: Dossier
    package let state: CaseState
    package let arrivedAt: Timestamp
    /// The revision that was last shown here, and when.
    package let shown: (revision: Digest, at: Timestamp)?
    /// Own acts on this case, oldest first; those of another device too, where they came back.
    package let own: [OwnEntry]
}

/// One entry by this reviewer's hand, and whether the hub has signed for it.
package struct OwnEntry: Sendable {
    package let document: Document
    package let hasReceipt: Bool
    /// Why the hub gave it no effect, nil where it has one or is not known yet.
    package let refusal: String?
    package let at: Timestamp
}

extension ReplicaFile {
    package func find(_ name: CaseName) throws -> ReplicaCase? {
        try pool.read { database in
            let key = try String.fetchOne(
                database.prepared(
                    """
                    SELECT key FROM "case"
                    WHERE workflow = \(name.workflow) AND id = \(name.id)
                    """
                )
            )
            return try key.flatMap { try find(key: $0, database) }
        }
    }

    /// Cases in some states, in order of due date and arrival, at most `limit` of them.
    package func cases(
        _ states: [CaseState],
        workflow: String? = nil,
        limit: Int = .max
    ) throws -> [ReplicaCase] {
        try pool.read { database in
            let keys = try SQLRequest<String>(
                literal: """
                    SELECT key FROM "case"
                    WHERE state IN \(states.map(\.rawValue))
                        AND (\(workflow) IS NULL OR workflow = \(workflow))
                    ORDER BY due IS NULL, due, arrived_at, key LIMIT \(limit)
                    """
            ).fetchAll(database)
            return try keys.compactMap { try find(key: $0, database) }
        }
    }

    /// The names of the cases that wait, in the order of `cases`: all that a queue needs.
    ///
    /// With `dueBy`, of those that are due by then.
    package func waiting(workflow: String?, dueBy: Timestamp? = nil) throws -> [CaseName] {
        try pool.read { database in
            try SQLRequest<Row>(
                literal: """
                    SELECT workflow, id FROM "case"
                    WHERE state IN ('open', 'confirm')
                        AND (\(workflow) IS NULL OR workflow = \(workflow))
                        AND (\(dueBy?.milliseconds) IS NULL OR due <= \(dueBy?.milliseconds))
                    ORDER BY due IS NULL, due, arrived_at, key
                    """
            ).fetchAll(database).compactMap { CaseName(workflow: $0["workflow"], id: $0["id"]) }
        }
    }

    /// The names of all cases, to find the nearest to a mistyped one.
    package func names() throws -> [CaseName] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: #"SELECT workflow, id FROM "case" WHERE state <> 'hidden'"#
            )
            .compactMap { CaseName(workflow: $0["workflow"], id: $0["id"]) }
        }
    }

    func find(key: String, _ database: Database) throws -> ReplicaCase? {
        let row = try Row.fetchOne(
            database.prepared(
                #"SELECT workflow, id, state, arrived_at FROM "case" WHERE key = \#(key)"#
            )
        )
        guard let row, let state = CaseState(rawValue: row["state"]),
            let name = CaseName(workflow: row["workflow"], id: row["id"])
        else { return nil }
        let (dossier, own) = try dossier(key, database)
        let shown = try Row.fetchOne(
            database.prepared(
                "SELECT revision, at FROM shown WHERE case_key = \(key)"
            )
        ).map { (try $0.digest("revision"), Timestamp(milliseconds: $0["at"])) }
        return ReplicaCase(
            key: key,
            name: name,
            dossier: dossier,
            state: state,
            arrivedAt: Timestamp(milliseconds: row["arrived_at"]),
            shown: shown,
            own: own
        )
    }

    /// Folds the entries of a case: what the hub has ordered in its order, then what it has not.
    ///
    /// What was read already is taken from `statements`.
    func dossier(
        _ key: String,
        reading statements: [Digest: Review.Statement] = [:],
        _ database: Database
    ) throws -> (Dossier, [OwnEntry]) {
        var dossier = Dossier()
        var own: [OwnEntry] = []
        let rows = try Row.fetchCursor(
            database.prepared(
                """
                SELECT * FROM entry WHERE case_key = \(key)
                    AND uid NOT IN (SELECT uid FROM quarantine)
                ORDER BY hub_seq IS NULL, hub_seq, seq
                """
            )
        )
        while let row = try rows.next() {
            let document = try Document(row: row)
            let read = document.payload == nil ? nil : statements[document.entry.uid]
            let statement = read ?? (try? document.statement())
            if let statement { dossier.add(statement, of: document.entry, hub: identity.hub) }
            if let entry = ownEntry(row, document, statement) { own.append(entry) }
        }
        own.sort { ($0.at, $0.document.entry.seq) < ($1.at, $1.document.entry.seq) }
        return (dossier, own)
    }

    /// What this device wrote, or its reviewer on another.
    private func ownEntry(
        _ row: Row,
        _ document: Document,
        _ statement: Review.Statement?
    ) -> OwnEntry? {
        if row["own"] { return Self.ownEntry(row, document) }
        let at: Timestamp
        switch statement {
        case .verdict(let verdict)
        where verdict.reviewer == identity.reviewer && verdict.via != .hub:
            at = verdict.times.committed
        case .retraction(let retraction) where retraction.reviewer == identity.reviewer:
            at = Timestamp(milliseconds: row["at"])
        default: return nil
        }
        return OwnEntry(document: document, hasReceipt: true, refusal: nil, at: at)
    }

    static func ownEntry(_ row: Row, _ document: Document) -> OwnEntry {
        let receipt: Int64? = row["receipt"]
        return OwnEntry(
            document: document,
            hasReceipt: receipt != nil,
            refusal: row["refusal"],
            at: Timestamp(milliseconds: row["at"])
        )
    }

    /// Own entries of some kinds, newest first.
    package func own(_ kinds: [Entry.Kind], limit: Int = .max) throws -> [OwnEntry] {
        try pool.read { database in
            try SQLRequest<Row>(
                literal: """
                    SELECT * FROM entry WHERE own = 1 AND kind IN \(kinds.map(\.rawValue))
                    ORDER BY id DESC LIMIT \(limit)
                    """
            ).fetchAll(database).map { Self.ownEntry($0, try Document(row: $0)) }
        }
    }

    /// The policies that have come, newest first.
    package func policies() throws -> [JSON] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM entry WHERE kind = 'policy' AND length(case_key) = 0 ORDER BY id DESC
                    """
            ).map { try Document(row: $0).content() }
        }
    }

    /// The counts of this reviewer's own log that the hub may not have merged yet.
    package func tally() throws -> Tally {
        try pool.read { database in
            var tally = Tally()
            for row in try Row.fetchAll(database, sql: "SELECT * FROM tally") {
                try tally.add(row: row)
            }
            return tally
        }
    }
}

/// What `status` tells, read in one transaction.
package struct ReplicaStatus: Sendable {
    package let notes: SyncNotes
    package let backOff: BackOff
    package let open: Int
    package let due: Int
    package let decided: Int
    package let outbox: (entries: Int, bytes: Int, oldest: Timestamp?)
    package let pending: Int
    package let quarantined: Int
}

/// What a sync leaves behind, and a person should know of.
package struct Leftovers: Sendable {
    package let outbox: Int
    package let pending: Int
    package let quarantined: Int
}

// What is asked for here must not take longer the longer a reviewer has been at work: SQLite is told
// by which index it finds the few among all own entries.

extension ReplicaFile {
    package func status(dueBy moment: Timestamp) throws -> ReplicaStatus {
        try pool.read { database in
            let outbox = try Row.fetchOne(
                database,
                sql: """
                    SELECT min(at) AS oldest,
                        coalesce(sum(length(line) + length(payload)), 0) AS bytes
                    FROM entry INDEXED BY entry_outbox WHERE own = 1 AND receipt IS NULL
                    """
            )
            func count(_ sql: PreparedSQL) throws -> Int { try Self.count(sql, database) }
            let leftovers = try Self.leftovers(database)
            return ReplicaStatus(
                notes: try Self.notes(database),
                backOff: try Self.backOff(database),
                open: try count(#"SELECT count(*) FROM "case" WHERE state IN ('open', 'confirm')"#),
                due: try count(
                    """
                    SELECT count(*) FROM "case"
                    WHERE state IN ('open', 'confirm') AND due <= \(moment.milliseconds)
                    """
                ),
                decided: try count(
                    #"SELECT count(*) FROM "case" WHERE state IN ('answered', 'confirm')"#
                ),
                outbox: (leftovers.outbox, outbox?["bytes"] ?? 0, outbox?.time("oldest")),
                pending: leftovers.pending,
                quarantined: leftovers.quarantined
            )
        }
    }

    package func notes() throws -> SyncNotes { try pool.read(Self.notes) }

    static func notes(_ database: Database) throws -> SyncNotes {
        SyncNotes(json: try value("notes", database) ?? [:])
    }

    package func leftovers() throws -> Leftovers { try pool.read(Self.leftovers) }

    private static func leftovers(_ database: Database) throws -> Leftovers {
        Leftovers(
            outbox: try count(
                """
                SELECT count(*) FROM entry INDEXED BY entry_outbox
                WHERE own = 1 AND receipt IS NULL
                """,
                database
            ),
            pending: try count(
                """
                SELECT count(*) FROM entry INDEXED BY entry_pending
                WHERE own = 1 AND pending IS NOT NULL
                """,
                database
            ),
            quarantined: try count(
                """
                SELECT (SELECT count(*) FROM quarantine)
                    + (SELECT count(*) FROM entry INDEXED BY entry_refused
                        WHERE own = 1 AND refusal IS NOT NULL)
                """,
                database
            )
        )
    }

    private static func count(_ sql: PreparedSQL, _ database: Database) throws -> Int {
        try Int.fetchOne(database.prepared(sql)) ?? 0
    }
}

// MARK: - For `verify`

extension ReplicaFile {
    /// All entries, own ones in order of their log.
    package func eachEntry(_ body: (Document, _ isOwn: Bool) throws -> Void) throws {
        try pool.read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: "SELECT * FROM entry ORDER BY own DESC, CASE WHEN own = 1 THEN seq ELSE id END"
            )
            while let row = try rows.next() { try body(try Document(row: row), row["own"]) }
        }
    }

    /// The devices that the hub has certified, each with its key.
    package func certificates() throws -> [(device: String, key: [UInt8])] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM entry WHERE kind = 'certificate' AND length(case_key) = 0"
            ).compactMap { row in
                let content = try Document(row: row).content()
                guard let device = content["device"]?.string,
                    let key = content["key"]?.string.flatMap(Base64URL.decode)
                else { return nil }
                return (device, key)
            }
        }
    }

    package func receipts() throws -> [JSON] {
        try pool.read { database in
            try String.fetchAll(database, sql: "SELECT record FROM receipt ORDER BY id")
                .map { try JSON(parsing: $0) }
        }
    }

    /// The rows of a feed in the epoch of its cursor, in order.
    package func feedRows(_ cursor: Sync.Cursor) throws -> [(seq: Int64, uid: Digest)] {
        try pool.read { database in
            try SQLRequest<Row>(
                literal: """
                    SELECT seq, uid FROM feed_row
                    WHERE feed = \(cursor.feed) AND hub_epoch = \(cursor.hubEpoch) ORDER BY seq
                    """
            ).fetchAll(database).map { ($0["seq"], try $0.digest("uid")) }
        }
    }
}

extension ReplicaFile {
    /// The journal mode and `synchronous` of the writer, as SQLite tells them.
    package func durability() throws -> [String] {
        try pool.writeWithoutTransaction { database in
            try ["journal_mode", "synchronous"].compactMap {
                try String.fetchOne(database, sql: "PRAGMA \($0)")
            }
        }
    }
}
