#if Postgres
package import HubStore
package import Review
package import Sync

extension PostgresStore {
    package func device(_ id: String) throws -> Device? {
        try pool.use { connection in
            try connection.rows("SELECT * FROM device WHERE id = \(id)").first?.device()
        }
    }

    package func caseKeys(writtenBy device: String) throws -> [String] {
        try pool.use { connection in
            try connection.rows(
                """
                SELECT DISTINCT case_key FROM entry
                WHERE device = \(device) AND length(case_key) > 0 ORDER BY case_key
                """
            ).map { try $0.text("case_key") }
        }
    }

    package func credential(_ hash: Digest) throws -> Credential? {
        try pool.use { connection in
            try connection.rows("SELECT * FROM credential WHERE hash = \(hash)").first?
                .credential()
        }
    }

    package func credentials(for purpose: Credential.Purpose) throws -> [Credential] {
        try pool.use { connection in
            try connection.rows(
                "SELECT * FROM credential WHERE purpose = \(purpose.rawValue) ORDER BY hash"
            ).map { try $0.credential() }
        }
    }

    package func names(_ blob: Digest, in feeds: [String]) throws -> Bool {
        try pool.use { connection in
            try !connection.rows(
                """
                SELECT 1 FROM attachment AS a
                JOIN entry AS e ON e.uid = a.uid
                JOIN feed_row AS f ON f.case_key = e.case_key AND f.uid = e.uid
                WHERE a.sha256 = \(blob.bytes.hexadecimal) AND f.feed = ANY(\(feeds))
                    AND e.payload IS NOT NULL
                LIMIT 1
                """
            ).isEmpty
        }
    }

    package func attachments() throws -> [Digest] {
        try pool.use { connection in
            try connection.rows(
                """
                SELECT DISTINCT a.sha256 FROM attachment AS a JOIN entry AS e ON e.uid = a.uid
                WHERE e.payload IS NOT NULL ORDER BY a.sha256
                """
            ).compactMap { Attachment.digest(try $0.text("sha256")) }
        }
    }

    package func cases(_ filter: CaseFilter) throws -> [CaseRow] {
        let condition: Query =
            switch filter {
            case .all: "TRUE"
            case .workflow(let workflow): "workflow = \(workflow)"
            case .settled(let moment): "settles_at <= \(moment.milliseconds)"
            case .understaffed: "understaffed = 1"
            case .inState(let state): "state = \(state.rawValue)"
            }
        return try pool.use { connection in
            try connection.rows(
                #"SELECT * FROM "case" WHERE \#(condition) ORDER BY arrived_at, workflow, id"#
            ).map { try $0.caseRow() }
        }
    }

    package func entries(
        after hubSeq: Int64,
        kinds: [Entry.Kind]?,
        caseKey: String?,
        limit: Int
    ) throws -> [Writes.Accepted] {
        var condition: Query = "hub_seq > \(hubSeq)"
        if let kinds { condition = "\(condition) AND kind = ANY(\(kinds.map(\.rawValue)))" }
        if let caseKey { condition = "\(condition) AND case_key = \(caseKey)" }
        return try pool.use { connection in
            try connection.rows(
                "SELECT * FROM entry WHERE \(condition) ORDER BY hub_seq LIMIT \(limit)"
            ).map { try $0.accepted() }
        }
    }

    package func entries(of log: LogName, from seq: Int64) throws -> [Writes.Accepted] {
        try pool.use { connection in
            try connection.rows(
                """
                SELECT * FROM entry
                WHERE device = \(log.device) AND epoch = \(log.epoch) AND seq >= \(seq)
                ORDER BY hub_seq
                """
            ).map { try $0.accepted() }
        }
    }

    package func logs() throws -> [LogSummary] {
        try pool.use { connection in
            try connection.rows(
                """
                SELECT device, epoch, count(*) AS entries, max(received_at) AS latest,
                    count(*) FILTER (WHERE result = \(PushResult.Word.forked.rawValue)) AS forked
                FROM entry WHERE device <> \(hubID)
                GROUP BY device, epoch ORDER BY device, min(hub_seq)
                """
            ).map { row in
                LogSummary(
                    log: try row.log(),
                    entries: try row.number("entries"),
                    forked: try row.number("forked"),
                    latest: try row.time("latest")
                )
            }
        }
    }

    package func gaps() throws -> [LogName: Int] {
        try pool.use { connection in
            let rows = try connection.rows(
                """
                SELECT device, epoch, max(seq) - count(DISTINCT seq) AS missing FROM entry
                GROUP BY device, epoch HAVING max(seq) > count(DISTINCT seq)
                """
            )
            return Dictionary(
                uniqueKeysWithValues: try rows.map { (try $0.log(), try $0.number("missing")) }
            )
        }
    }

    package func events(after seq: Int64, limit: Int) throws -> [HubEvent] {
        try pool.use { connection in
            try connection.rows(
                "SELECT * FROM event WHERE seq > \(seq) ORDER BY seq LIMIT \(limit)"
            ).map { try $0.event() }
        }
    }

    package func deltas() throws -> [Delta] {
        try pool.use { connection in
            try connection.rows(
                """
                SELECT line, signature FROM delta
                ORDER BY device, epoch, workflow, model_version, segment, policy_epoch
                """
            ).map { try $0.delta() }
        }
    }

    package func totals() throws -> Tally {
        try pool.use { connection in
            var tally = Tally()
            for row in try connection.rows("SELECT * FROM total") { try tally.add(row: row) }
            return tally
        }
    }

    package func contributions() throws -> [String: Tally] {
        try pool.use { connection in
            var found: [String: Tally] = [:]
            let rows = try connection.rows(
                #"SELECT key, contribution FROM "case" WHERE contribution IS NOT NULL"#
            )
            for row in rows {
                found[try row.text("key")] = try Tally(json: row.json("contribution"))
            }
            return found
        }
    }

    package func feedHeads(
        _ feed: String,
        after seq: Int64,
        limit: Int
    ) throws -> [(uid: Digest, head: FeedHead)] {
        try pool.use { connection in
            try connection.rows(
                """
                SELECT seq, prefix, uid FROM feed_row WHERE feed = \(feed) AND seq > \(seq)
                ORDER BY seq LIMIT \(limit)
                """
            ).map { (try $0.digest("uid"), try $0.feedHead()) }
        }
    }
}
#endif
