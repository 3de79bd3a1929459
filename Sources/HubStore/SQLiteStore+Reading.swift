import Foundation
import GRDB
package import Review
import Storage
package import Sync

extension SQLiteStore {
    package func device(_ id: String) throws -> Device? {
        try pool.read { database in
            try SQLRequest<Row>(literal: "SELECT * FROM device WHERE id = \(id)").fetchOne(database)
                .map(Device.init)
        }
    }

    package func caseKeys(writtenBy device: String) throws -> [String] {
        try pool.read { database in
            try SQLRequest<String>(
                literal: """
                    SELECT DISTINCT case_key FROM entry
                    WHERE device = \(device) AND length(case_key) > 0 ORDER BY case_key
                    """
            ).fetchAll(database)
        }
    }

    package func credential(_ hash: Digest) throws -> Credential? {
        try pool.read { database in
            try SQLRequest<Row>(literal: "SELECT * FROM credential WHERE hash = \(hash.blob)")
                .fetchOne(database).map(Credential.init)
        }
    }

    package func credentials(for purpose: Credential.Purpose) throws -> [Credential] {
        try pool.read { database in
            try SQLRequest<Row>(
                literal: """
                    SELECT * FROM credential WHERE purpose = \(purpose.rawValue) ORDER BY hash
                    """
            ).fetchAll(database).map(Credential.init)
        }
    }

    package func page(_ feed: String, after place: FeedHead, bytes: Int) throws -> Page? {
        try pool.read { database in
            let hub = try hub(database)
            guard let last = try feedHead(feed, database) else {
                let start = FeedHead(hub: hub, feed: feed, hash: { _ in place.prefix })
                return place.seq == 0
                    ? Page(
                        head: PageHead(
                            hubEpoch: hub.epoch,
                            feed: feed,
                            from: place,
                            to: start,
                            more: false
                        ),
                        rows: []
                    ) : nil
            }
            guard try holds(place, in: feed, last, database) else { return nil }
            var rows: [FeedRow] = []
            var end = place
            var size = 0
            let cursor = try Row.fetchCursor(
                database.prepared(
                    """
                    SELECT f.seq AS feed_seq, f.prefix, e.* FROM feed_row AS f
                    JOIN entry AS e ON e.uid = f.uid
                    WHERE f.feed = \(feed) AND f.seq > \(place.seq) ORDER BY f.seq
                    """
                )
            )
            while let row = try cursor.next() {
                let document = try Document(row: row)
                let length = document.entry.line.count + (document.payload?.count ?? 0)
                if !rows.isEmpty, size + length > bytes { break }
                size += length
                rows.append(
                    FeedRow(seq: row["feed_seq"], hubSeq: row["hub_seq"], document: document)
                )
                end = FeedHead(seq: row["feed_seq"], prefix: try row.digest("prefix"))
            }
            return Page(
                head: PageHead(
                    hubEpoch: hub.epoch,
                    feed: feed,
                    from: place,
                    to: end,
                    more: end.seq < last.seq
                ),
                rows: rows
            )
        }
    }

    private func feedHead(_ feed: String, _ database: Database) throws -> FeedHead? {
        try SQLRequest<Row>(literal: "SELECT seq, prefix FROM feed WHERE name = \(feed)").fetchOne(
            database
        )
        .map { FeedHead(seq: $0["seq"], prefix: try $0.digest("prefix")) }
    }

    /// Whether a reader's place is one of this feed's.
    ///
    /// Its start is checked by the reader.
    private func holds(
        _ place: FeedHead,
        in feed: String,
        _ last: FeedHead,
        _ database: Database
    ) throws -> Bool {
        if place.seq == 0 || place == last { return true }
        let row = try SQLRequest<Row>(
            literal: "SELECT prefix FROM feed_row WHERE feed = \(feed) AND seq = \(place.seq)"
        ).fetchOne(database)
        return try row?.digest("prefix") == place.prefix
    }

    package func names(_ blob: Digest, in feeds: [String]) throws -> Bool {
        try pool.read { database in
            try SQLRequest<Bool>(
                literal: """
                    SELECT EXISTS (
                        SELECT 1 FROM attachment AS a
                        JOIN entry AS e ON e.uid = a.uid
                        JOIN feed_row AS f ON f.case_key = e.case_key AND f.uid = e.uid
                        WHERE a.sha256 = \(blob.bytes.hexadecimal) AND f.feed IN \(feeds)
                            AND e.payload IS NOT NULL
                    )
                    """
            ).fetchOne(database) ?? false
        }
    }

    package func attachments() throws -> [Digest] {
        try pool.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT a.sha256 FROM attachment AS a JOIN entry AS e ON e.uid = a.uid
                    WHERE e.payload IS NOT NULL ORDER BY a.sha256
                    """
            ).compactMap { Attachment.digest($0) }
        }
    }

    package func cases(_ filter: CaseFilter) throws -> [CaseRow] {
        let condition: SQL =
            switch filter {
            case .all: "TRUE"
            case .workflow(let workflow): "workflow = \(workflow)"
            case .settled(let moment): "settles_at <= \(moment.milliseconds)"
            case .understaffed: "understaffed = 1"
            case .inState(let state): "state = \(state.rawValue)"
            }
        return try pool.read { database in
            try SQLRequest<Row>(
                literal:
                    #"SELECT * FROM "case" WHERE \#(condition) ORDER BY arrived_at, workflow, id"#
            ).fetchAll(database).map(CaseRow.init)
        }
    }

    package func entries(
        after hubSeq: Int64,
        kinds: [Entry.Kind]?,
        caseKey: String?,
        limit: Int
    ) throws -> [Writes.Accepted] {
        var condition: SQL = "hub_seq > \(hubSeq)"
        if let kinds { condition += " AND kind IN \(kinds.map(\.rawValue))" }
        if let caseKey { condition += " AND case_key = \(caseKey)" }
        return try pool.read { database in
            try SQLRequest<Row>(
                literal: "SELECT * FROM entry WHERE \(condition) ORDER BY hub_seq LIMIT \(limit)"
            ).fetchAll(database).map(Writes.Accepted.init)
        }
    }

    package func entries(of log: LogName, from seq: Int64) throws -> [Writes.Accepted] {
        try pool.read { database in
            try SQLRequest<Row>(
                literal: """
                    SELECT * FROM entry
                    WHERE device = \(log.device) AND epoch = \(log.epoch) AND seq >= \(seq)
                    ORDER BY hub_seq
                    """
            ).fetchAll(database).map(Writes.Accepted.init)
        }
    }

    package func logs() throws -> [LogSummary] {
        try pool.read { database in
            try SQLRequest<Row>(
                literal: """
                    SELECT device, epoch, count(*) AS entries, max(received_at) AS latest,
                        sum(result = \(PushResult.Word.forked.rawValue)) AS forked
                    FROM entry WHERE device <> \(hubID)
                    GROUP BY device, epoch ORDER BY device, min(hub_seq)
                    """
            ).fetchAll(database).map { row in
                LogSummary(
                    log: LogName(device: row["device"], epoch: row["epoch"]),
                    entries: row["entries"],
                    forked: row["forked"],
                    latest: Timestamp(milliseconds: row["latest"])
                )
            }
        }
    }

    package func gaps() throws -> [LogName: Int] {
        try pool.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT device, epoch, max(seq) - count(DISTINCT seq) AS missing FROM entry
                    GROUP BY device, epoch HAVING missing > 0
                    """
            )
            return Dictionary(
                uniqueKeysWithValues: rows.map {
                    (LogName(device: $0["device"], epoch: $0["epoch"]), $0["missing"])
                }
            )
        }
    }

    package func events(after seq: Int64, limit: Int) throws -> [HubEvent] {
        try pool.read { database in
            try SQLRequest<Row>(
                literal: "SELECT * FROM event WHERE seq > \(seq) ORDER BY seq LIMIT \(limit)"
            ).fetchAll(database).map(HubEvent.init)
        }
    }

    package func deltas() throws -> [Delta] { try pool.read(readDeltas) }

    package func totals() throws -> Tally {
        try pool.read { database in
            var tally = Tally()
            for row in try Row.fetchAll(database, sql: "SELECT * FROM total") {
                try tally.add(row: row)
            }
            return tally
        }
    }

    package func contributions() throws -> [String: Tally] {
        try pool.read { database in
            var found: [String: Tally] = [:]
            let rows = try Row.fetchCursor(
                database,
                sql: #"SELECT key, contribution FROM "case" WHERE contribution IS NOT NULL"#
            )
            while let row = try rows.next() {
                found[row["key"]] = try Tally(json: row.json("contribution"))
            }
            return found
        }
    }

    package func feedHeads(
        _ feed: String,
        after seq: Int64,
        limit: Int
    ) throws -> [(uid: Digest, head: FeedHead)] {
        try pool.read { database in
            try SQLRequest<Row>(
                literal: """
                    SELECT seq, prefix, uid FROM feed_row WHERE feed = \(feed) AND seq > \(seq)
                    ORDER BY seq LIMIT \(limit)
                    """
            ).fetchAll(database).map { row in
                (
                    try row.digest("uid"),
                    FeedHead(seq: row["seq"], prefix: try row.digest("prefix"))
                )
            }
        }
    }
}
