import GRDB
package import Review
import Storage
package import Sync

/// What this reviewer does: entries to append, and what to remember of them on this machine.
package struct Commitment: Sendable {
    package var documents: [Document] = []
    /// The case that was named, with what the documents say about it.
    package var dossier: Dossier?
    /// The case was shown in this revision.
    package var shown: (key: String, revision: Digest)?
    /// An attachment of the case was opened.
    package var opened: (key: String, file: Digest)?
    /// A script's name for the act, with the digest of what it asked for.
    package var decideKey: (key: String, content: Digest)?

    package init() {}
}

/// What `commit` reads before it lets the act be written.
package struct CommitView: Sendable {
    /// The case, where one was named and is there.
    package let subject: ReplicaCase?
    /// This device's log in its present epoch, and its end: what the next entry follows on.
    package let log: LogName
    package let head: LogHead
    /// What an earlier act under the same key asked for, and the entry it became.
    package let earlier: (content: Digest, document: Document)?
    /// How many entries of this device the hub has not signed for yet.
    package let outbox: Int
}

extension ReplicaFile {
    /// Writes what `decide` says in the transaction that read what it saw; durable on return.
    ///
    /// Epoch, seq and prev are read inside, so two processes never write the same seq.
    package func commit<Answer>(
        on name: CaseName?,
        key: String? = nil,
        at: Timestamp,
        _ decide: (CommitView) throws -> (Commitment, Answer)
    ) throws -> Answer {
        try pool.write { database in
            let caseKey = try name.flatMap { name in
                try String.fetchOne(
                    database.prepared(
                        """
                        SELECT key FROM "case"
                        WHERE workflow = \(name.workflow) AND id = \(name.id)
                        """
                    )
                )
            }
            let log = try log(database)
            let head = try head(of: log, database)
            let view = CommitView(
                subject: try caseKey.flatMap { try find(key: $0, database) },
                log: log,
                head: head,
                earlier: try key.flatMap { try earlier($0, database) },
                outbox: try outboxCount(log, upTo: head, database)
            )
            let (commitment, answer) = try decide(view)
            for document in commitment.documents {
                try Self.insert(document, own: true, hubSeq: nil, at: at, database)
            }
            if let subject = view.subject, let dossier = commitment.dossier {
                try extend(subject, to: dossier, in: log, at: at, database)
            }
            try remember(commitment, at: at, database)
            return answer
        }
    }

    /// The end of a log of this device.
    func head(of log: LogName, _ database: Database) throws -> LogHead {
        let row = try Row.fetchOne(
            database.prepared(
                """
                SELECT seq, uid FROM entry WHERE own = 1 AND epoch = \(log.epoch)
                ORDER BY seq DESC LIMIT 1
                """
            )
        )
        guard let row else { return LogHead() }
        return LogHead(seq: row["seq"], uid: try row.digest("uid"))
    }

    /// A log is dense and receipts cover its beginning, so the oldest without one tells how many;
    /// those of earlier epochs are few, and counted.
    private func outboxCount(
        _ log: LogName,
        upTo head: LogHead,
        _ database: Database
    ) throws -> Int {
        let oldest = try Int64.fetchOne(
            database.prepared(
                """
                SELECT seq FROM entry WHERE own = 1 AND receipt IS NULL AND epoch = \(log.epoch)
                ORDER BY epoch, seq LIMIT 1
                """
            )
        )
        let earlier = try Int.fetchOne(
            database.prepared(
                """
                SELECT (SELECT count(*) FROM entry
                        WHERE own = 1 AND receipt IS NULL AND epoch < \(log.epoch))
                    + (SELECT count(*) FROM entry
                        WHERE own = 1 AND receipt IS NULL AND epoch > \(log.epoch))
                """
            )
        )
        return (earlier ?? 0) + (oldest.map { Int(head.seq - $0 + 1) } ?? 0)
    }

    private func earlier(
        _ key: String,
        _ database: Database
    ) throws -> (content: Digest, document: Document)? {
        let row = try Row.fetchOne(
            database.prepared(
                """
                SELECT k.content, e.* FROM decide_key AS k JOIN entry AS e ON e.uid = k.uid
                WHERE k.key = \(key)
                """
            )
        )
        return try row.map { (try $0.digest("content"), try Document(row: $0)) }
    }

    private func remember(_ commitment: Commitment, at: Timestamp, _ database: Database) throws {
        if let shown = commitment.shown {
            try database.prepared(
                """
                INSERT INTO shown (case_key, revision, at)
                VALUES (\(shown.key), \(shown.revision), \(at.milliseconds))
                ON CONFLICT (case_key) DO UPDATE SET revision = excluded.revision,
                    at = excluded.at
                """
            ).execute()
        }
        if let opened = commitment.opened {
            try database.prepared(
                """
                INSERT INTO opened (case_key, sha256, at)
                VALUES (\(opened.key), \(opened.file), \(at.milliseconds))
                ON CONFLICT DO NOTHING
                """
            ).execute()
        }
        if let key = commitment.decideKey, let document = commitment.documents.last {
            try database.prepared(
                """
                INSERT INTO decide_key (key, content, uid)
                VALUES (\(key.key), \(key.content), \(document.entry.uid))
                """
            ).execute()
        }
    }

    /// What the act changes of the log's counts, and of what lists show of its case.
    private func extend(
        _ subject: ReplicaCase,
        to dossier: Dossier,
        in log: LogName,
        at: Timestamp,
        _ database: Database
    ) throws {
        try count(
            dossier.tally(ofLog: log) - subject.dossier.tally(ofLog: log),
            in: log,
            since: at,
            database
        )
        try list(subject.key, dossier, at: at, database)
    }

    /// Computes again what lists show of a case.
    func list(
        _ key: String,
        _ dossier: Dossier,
        at: Timestamp,
        _ database: Database
    ) throws {
        guard let name = dossier.name, let current = dossier.current?.value else { return }
        let state = dossier.state(for: identity.reviewer)
        try database.prepared(
            """
            INSERT INTO "case" (key, workflow, id, state, due, arrived_at)
            VALUES (\(key), \(name.workflow), \(name.id), \(state.rawValue),
                \(current.due?.milliseconds), \(at.milliseconds))
            ON CONFLICT (key) DO UPDATE SET state = excluded.state, due = excluded.due,
                purged = 0
            -- A hub that had lost the case was sent it again, and gave it another key.
            ON CONFLICT (workflow, id) DO UPDATE SET key = excluded.key,
                state = excluded.state, due = excluded.due, arrived_at = excluded.arrived_at
            """
        ).execute()
    }
}
