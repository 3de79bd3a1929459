import GRDB
package import Review
import Storage
package import Sync

/// What came from the hub, to be written in one transaction.
package enum Arrival: Sendable {
    case greeted(Greeting, at: Timestamp)
    /// The root key vouches for a key that the hub signs with from now on.
    case learned(key: [UInt8])
    /// What the hub holds of this device's logs, also after it was shown these receipts.
    case through([Through], HubName, shown: [JSON])
    case received(Receipt, [PushResult])
    case reset(feed: String, Sync.Cursor)
    /// Pages that follow on each other, each with the cursor after it.
    case pages([(page: Page, cursor: Sync.Cursor)])
    /// The sync ended; with nothing left to move, the replica is caught up.
    case ended(caughtUp: Bool)
    /// The hub has these deltas now.
    case toldDeltas([Delta])
    /// The hub was handed what it may have lost.
    case handedIn([Document], isAll: Bool, hubEpoch: String)
    /// The hub's word that it trusts this device no longer.
    case revoked(Document)
    /// The hub's word in a file, from any time before.
    case carried(Greeting)
    /// All of a file was applied; `unfulfilled` is to be shown to a hub that lacks what it receipted.
    case read(CarriedReply)
    case exported(ExportedBundle)
    /// The files that only erased or purged cases named are gone from the disk: so many bytes.
    case removedFiles(bytes: Int)
    /// The content of these cases is needed no more, where that still holds.
    case purged([String], PurgeOrder)
    /// So far it was looked for more of them; whether there were any.
    case searched(PurgeProgress, found: Bool)
    /// What was set aside may be read by this version.
    case readAgain
    /// How the hub is to be asked from now on, by every process of this node.
    case backedOff(BackOff)
}

extension Arrival {
    /// Whether bytes go with it.
    fileprivate var erases: Bool {
        switch self {
        case .pages(let pages):
            pages.contains { page, _ in page.rows.contains { $0.document.entry.kind == .erased } }
        case .removedFiles: true
        case .searched(_, let found): found
        default: false
        }
    }
}

extension ReplicaFile {
    /// Writes what came: rows and the cursor that covers them together (**NoGaps**).
    ///
    /// A row that cannot be read is kept and set aside in quarantine; everything else goes on.
    package func apply(_ arrival: Arrival, at: Timestamp) throws {
        defer { if arrival.erases { try? StorageFile.emptyLog(of: pool) } }
        try pool.write { database in
            switch arrival {
            case .greeted(let greeting, let here):
                try note(database) { notes in
                    notes.meet(greeting.hub)
                    notes.watermark = Watermark(greeting)
                    notes.lastSyncAt = here
                    notes.clockOffsetMilliseconds =
                        here.milliseconds - greeting.time.milliseconds
                }
            case .learned(let key):
                let keys = try Self.workingKeys(database).filter { $0 != key } + [key]
                try Self.set("keys", .strings(keys.map(Base64URL.encode)), database)
            case .through(let through, let hub, let shown):
                try void(through, hub, shown: shown, database)
            case .handedIn(let documents, let isAll, let epoch):
                try note(database) { notes in
                    try note(documents.map(\.entry.uid), handedInTo: notes.hubEpoch, database)
                    // A hub that learned of its past from these has begun another epoch since.
                    if isAll, notes.hubEpoch == epoch { notes.mayHold = false }
                }
            case .received(let receipt, let results): try receive(receipt, results, database)
            case .reset(let feed, let cursor):
                if try setAside(feed, database) { try note(database) { $0.mayHold = true } }
                try move(cursor, database)
            case .pages(let pages):
                for (page, cursor) in pages { try apply(page, cursor, at: at, database) }
            case .ended(let caughtUp):
                try note(database) { notes in
                    notes.caughtUp = caughtUp
                    if caughtUp, let last = notes.lastSyncAt {
                        notes.caughtUpAsOf = last.advanced(
                            byMilliseconds: -(notes.clockOffsetMilliseconds ?? 0)
                        )
                    }
                }
            case .toldDeltas(let deltas): try forget(deltas, database)
            case .revoked(let document):
                try Self.insert(document, own: false, hubSeq: nil, at: at, database)
                try note(database) { notes in
                    notes.revoked = try Revocation(json: document.content()).reason.rawValue
                    notes.caughtUp = false
                }
            case .carried(let greeting):
                try note(database) { notes in
                    notes.meet(greeting.hub)
                    notes.lastSyncAt = at
                }
            case .read(let reply):
                try answer(reply, database)
                try note(database) { notes in
                    notes.caughtUp = !reply.more
                    notes.unfulfilled = reply.unfulfilled
                    if !reply.more {
                        notes.caughtUpAsOf = max(notes.caughtUpAsOf ?? reply.time, reply.time)
                    }
                }
            case .exported(let bundle): try insert(bundle, at: at, database)
            case .removedFiles(let bytes):
                try forgetFiles(database)
                try note(database) { $0.freedBytes += bytes }
            case .purged(let keys, let order): try purge(keys, order, database)
            case .searched(let progress, _): try note(database) { $0.purge = progress }
            case .readAgain: try readAgain(at: at, database)
            case .backedOff(let backOff): try Self.set("backOff", backOff.json, database)
            }
        }
    }

    func note(_ database: Database, _ change: (inout SyncNotes) throws -> Void) throws {
        var notes = try Self.notes(database)
        try change(&notes)
        try Self.set("notes", notes.json, database)
    }

    private func move(_ cursor: Sync.Cursor, _ database: Database) throws {
        try database.prepared(
            """
            INSERT INTO feed (name, hub_epoch, seq, prefix)
            VALUES (\(cursor.feed), \(cursor.hubEpoch), \(cursor.head.seq),
                \(cursor.head.prefix))
            ON CONFLICT (name) DO UPDATE SET hub_epoch = excluded.hub_epoch,
                seq = excluded.seq, prefix = excluded.prefix
            """
        ).execute()
    }

    // MARK: - Receipts

    private func receive(
        _ receipt: Receipt,
        _ results: [PushResult],
        _ database: Database
    ) throws {
        guard receipt.log.device == identity.device else { return }
        let head = try Row.fetchOne(
            database.prepared(
                """
                SELECT uid FROM entry WHERE own = 1 AND epoch = \(receipt.log.epoch)
                    AND seq = \(receipt.to)
                """
            )
        )
        // Another replica's branch of this log is handed in, and receipted, but is not ours.
        guard try head?.digest("uid") == receipt.head else { return }
        try database.prepared(
            """
            INSERT INTO receipt (record, hub_epoch)
            VALUES (\(receipt.signed.canonical), \(receipt.hubEpoch)) ON CONFLICT DO NOTHING
            """
        ).execute()
        try database.prepared(
            """
            UPDATE entry SET receipt = (
                SELECT id FROM receipt WHERE record = \(receipt.signed.canonical)
            )
            WHERE own = 1 AND receipt IS NULL AND epoch = \(receipt.log.epoch)
                AND seq BETWEEN \(receipt.from) AND \(receipt.to)
            """
        ).execute()
        // What was said of them before does not hold any more.
        try database.prepared(
            """
            UPDATE entry SET pending = NULL, refusal = NULL
            WHERE own = 1 AND epoch = \(receipt.log.epoch)
                AND seq BETWEEN \(receipt.from) AND \(receipt.to)
                AND (pending IS NOT NULL OR refusal IS NOT NULL)
            """
        ).execute()
        for result in results where !result.code.isEmpty {
            let (pending, refusal) =
                result.isPending ? (result.code, nil) : (nil, result.code)
            try database.prepared(
                """
                UPDATE entry SET pending = \(pending), refusal = \(refusal)
                WHERE own = 1 AND epoch = \(result.log.epoch) AND seq = \(result.seq)
                """
            ).execute()
        }
    }

    func forget(_ deltas: [Delta], _ database: Database) throws {
        for delta in deltas {
            // Counts that changed since it was made are told again.
            try database.prepared(
                """
                DELETE FROM tally_unsent WHERE epoch = \(delta.log.epoch)
                    AND workflow = \(delta.scope.workflow)
                    AND model_version = \(delta.scope.modelVersion)
                    AND segment = \(delta.scope.segment)
                    AND policy_epoch = \(delta.scope.policyEpoch)
                    AND NOT EXISTS (
                        SELECT 1 FROM entry WHERE own = 1 AND epoch = \(delta.log.epoch)
                            AND seq > \(delta.through)
                    )
                """
            ).execute()
        }
    }

    // MARK: - Pages

    private func apply(
        _ page: Page,
        _ cursor: Sync.Cursor,
        at: Timestamp,
        _ database: Database
    ) throws {
        let stored = try SQLRequest<Row>(
            literal: """
                SELECT seq, prefix FROM feed
                WHERE name = \(cursor.feed) AND hub_epoch = \(cursor.hubEpoch)
                """
        ).fetchOne(database)
        let place: Int64 = stored?["seq"] ?? 0
        let meets =
            try place != page.head.from.seq
            || stored.map { try $0.digest("prefix") == page.head.from.prefix } ?? true
        guard place >= page.head.from.seq, place <= cursor.head.seq, meets else {
            throw SyncError.brokenFeed(feed: cursor.feed, after: place)
        }
        var wasErased = try Bool.fetchOne(
            database.prepared("SELECT EXISTS (SELECT 1 FROM erased)")
        )
        var touched: Set<String> = []
        var statements: [Digest: Review.Statement] = [:]
        for row in page.rows {
            let document =
                wasErased == true ? try withoutErased(row.document, database) : row.document
            try Self.insert(document, own: false, hubSeq: row.hubSeq, at: at, database)
            try database.prepared(
                """
                INSERT INTO feed_row (feed, hub_epoch, seq, uid)
                VALUES (\(cursor.feed), \(cursor.hubEpoch), \(row.seq),
                    \(row.document.entry.uid))
                ON CONFLICT DO NOTHING
                """
            ).execute()
            if document.entry.kind == .case { try AttachmentIndex.add(document, database) }
            statements[document.entry.uid] = try look(at: document, at: at, database)
            if document.entry.kind == .erased {
                try erase(document, database)
                wasErased = true
            }
            if !row.document.entry.caseKey.isEmpty { touched.insert(row.document.entry.caseKey) }
        }
        for key in touched.sorted() {
            let dossier = try dossier(key, reading: statements, database).0
            try list(key, dossier, at: at, database)
        }
        try move(cursor, database)
    }
}

// MARK: - What a sync starts from

extension ReplicaFile {
    /// What waits in the outbox, by kind: how many entries, and their bytes before packing.
    package func outboxByKind() throws -> [(kind: String, entries: Int, bytes: Int)] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT kind, count(*) AS entries,
                        sum(length(line) + coalesce(length(payload), 0)) AS bytes
                    FROM entry INDEXED BY entry_outbox WHERE own = 1 AND receipt IS NULL
                    GROUP BY kind ORDER BY kind
                    """
            ).map { ($0["kind"], $0["entries"], $0["bytes"]) }
        }
    }

    /// Entries without a receipt, in order, as many as fit in about `bytes`.
    package func outbox(bytes: Int) throws -> [Document] {
        try pool.read { database in
            var size = 0
            var documents: [Document] = []
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT * FROM entry WHERE id IN (
                        SELECT id FROM entry INDEXED BY entry_outbox
                        WHERE own = 1 AND receipt IS NULL)
                    ORDER BY id
                    """
            )
            while let row = try rows.next() {
                let document = try Document(row: row)
                size += document.entry.line.count + (document.payload?.count ?? 0)
                if !documents.isEmpty, size > bytes { break }
                documents.append(document)
            }
            return documents
        }
    }

    /// Own entries that the hub holds and gives no effect yet, oldest first, as many as it is worth
    /// asking about.
    package func pending() throws -> [Document] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql:
                    "SELECT * FROM entry WHERE own = 1 AND pending IS NOT NULL ORDER BY id LIMIT 64"
            ).map { try Document(row: $0) }
        }
    }

    /// When the hub may be asked again.
    package func backOff() throws -> BackOff { try pool.read(Self.backOff) }

    static func backOff(_ database: Database) throws -> BackOff {
        BackOff(json: try value("backOff", database) ?? [:])
    }

    package func cursors() throws -> [Sync.Cursor] {
        try pool.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM feed ORDER BY name").map { row in
                Sync.Cursor(
                    hubEpoch: row["hub_epoch"],
                    feed: row["name"],
                    head: FeedHead(seq: row["seq"], prefix: try row.digest("prefix"))
                )
            }
        }
    }

    /// What the hub's feed said of its keys, oldest first; whoever uses them checks them.
    package func hubKeys() throws -> [HubChain] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM entry
                    WHERE kind = 'hubKey' AND length(case_key) = 0 AND own = 0
                    ORDER BY hub_seq, id
                    """
            ).compactMap { row in
                (try? Document(row: row).content()).flatMap { HubChain(json: $0) }
            }
        }
    }

    /// The hub's working keys that the root key vouches for; it signs with the last of them.
    package func workingKeys() throws -> [[UInt8]] { try pool.read(Self.workingKeys) }

    static func workingKeys(_ database: Database) throws -> [[UInt8]] {
        try value("keys", database)?.array?.compactMap { $0.string.flatMap(Base64URL.decode) } ?? []
    }
}
