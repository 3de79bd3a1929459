#if Postgres
package import Sync

extension PostgresStore {
    /// How many rows of a feed are looked at in one statement.
    private static let portion = 256

    package func page(_ feed: String, after place: FeedHead, bytes: Int) throws -> Page? {
        try pool.transaction(.reading) { connection in
            guard let hub = try hub(connection) else { return nil }
            guard
                let last = try connection.rows("SELECT seq, prefix FROM feed WHERE name = \(feed)")
                    .first?.feedHead()
            else {
                let start = FeedHead(hub: hub, feed: feed, hash: { _ in place.prefix })
                return place.seq == 0
                    ? page(of: hub, feed, from: place, to: start, last: start, []) : nil
            }
            guard try holds(place, in: feed, last, connection) else { return nil }
            var rows: [FeedRow] = []
            var end = place
            var left = bytes
            while end.seq < last.seq {
                let found = try portion(of: feed, after: end, bytes: left, rows.isEmpty, connection)
                for row in found {
                    rows.append(
                        FeedRow(
                            seq: try row.integer("feed_seq"),
                            hubSeq: try row.integer("hub_seq"),
                            document: try row.document()
                        )
                    )
                    end = FeedHead(
                        seq: try row.integer("feed_seq"),
                        prefix: try row.digest("prefix")
                    )
                }
                left -= try found.last?.number("size") ?? 0
                if found.count < Self.portion { break }
            }
            return page(of: hub, feed, from: place, to: end, last: last, rows)
        }
    }

    private func page(
        of hub: HubName,
        _ feed: String,
        from place: FeedHead,
        to end: FeedHead,
        last: FeedHead,
        _ rows: [FeedRow]
    ) -> Page {
        Page(
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

    private func hub(_ connection: Connection) throws -> HubName? {
        try connection.rows("SELECT id, epoch FROM hub").first.map {
            HubName(id: try $0.text("id"), epoch: try $0.text("epoch"))
        }
    }

    /// The next rows that are together no larger than `bytes`; the very first is always among them.
    private func portion(
        of feed: String,
        after place: FeedHead,
        bytes: Int,
        _ isFirst: Bool,
        _ connection: Connection
    ) throws -> Rows {
        try connection.rows(
            """
            SELECT * FROM (
                SELECT f.seq AS feed_seq, f.prefix, e.*, (
                    sum(length(e.line) + coalesce(length(e.payload), 0)) OVER (ORDER BY f.seq)
                )::bigint AS size
                FROM (
                    SELECT seq, prefix, uid FROM feed_row
                    WHERE feed = \(feed) AND seq > \(place.seq) ORDER BY seq LIMIT \(Self.portion)
                ) AS f JOIN entry AS e ON e.uid = f.uid
            ) AS row
            WHERE size <= \(bytes) OR feed_seq = \(isFirst ? place.seq + 1 : 0) ORDER BY feed_seq
            """
        )
    }

    /// Whether a reader's place is one of this feed's.
    ///
    /// Its start is checked by the reader.
    private func holds(
        _ place: FeedHead,
        in feed: String,
        _ last: FeedHead,
        _ connection: Connection
    ) throws -> Bool {
        if place.seq == 0 || place == last { return true }
        return try connection.rows(
            "SELECT prefix FROM feed_row WHERE feed = \(feed) AND seq = \(place.seq)"
        ).first?.digest("prefix") == place.prefix
    }
}
#endif
