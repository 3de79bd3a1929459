package import Review

/// What heads a stretch of a feed: rows `from`+1 to `to`, and the prefix hashes at both ends.
package struct PageHead: Sendable, Equatable {
    package let hubEpoch: String
    package let feed: String
    package let from: FeedHead
    package let to: FeedHead
    /// Whether the feed goes on after `to`.
    ///
    /// `false` is the only sign of its end.
    package let more: Bool

    package init(hubEpoch: String, feed: String, from: FeedHead, to: FeedHead, more: Bool) {
        self.hubEpoch = hubEpoch
        self.feed = feed
        self.from = from
        self.to = to
        self.more = more
    }

    package var count: Int { Int(to.seq - from.seq) }

    package var json: JSON {
        [
            "epoch": .string(hubEpoch), "feed": .string(feed), "from": .integer(from.seq),
            "fromPrefix": from.prefix.json, "to": .integer(to.seq), "toPrefix": to.prefix.json,
            "count": .integer(count), "more": .bool(more),
        ]
    }

    package init?(json: JSON) {
        guard let epoch = json["epoch"]?.string, let feed = json["feed"]?.string,
            let from = json["from"]?.integer, from >= 0, let to = json["to"]?.integer, to >= from,
            let fromPrefix = json["fromPrefix"]?.string.flatMap({ Digest($0) }),
            let toPrefix = json["toPrefix"]?.string.flatMap({ Digest($0) }),
            json["count"]?.integer == to - from, let more = json["more"]?.bool
        else { return nil }
        self.init(
            hubEpoch: epoch,
            feed: feed,
            from: FeedHead(seq: from, prefix: fromPrefix),
            to: FeedHead(seq: to, prefix: toPrefix),
            more: more
        )
    }
}

/// A row of a feed: an entry, its payload unless that was erased, and its place in the hub's order.
package struct FeedRow: Sendable, Equatable {
    package let seq: Int64
    package let hubSeq: Int64
    package let document: Document

    package init(seq: Int64, hubSeq: Int64, document: Document) {
        self.seq = seq
        self.hubSeq = hubSeq
        self.document = document
    }

    package var records: [Record] {
        let isErased = document.payload == nil
        return [
            .row(seq, .present(["hubSeq": .integer(hubSeq), "erased": isErased ? true : nil]))
        ] + Record.document(document)
    }
}

/// A stretch of a feed with all its rows.
package struct Page: Sendable, Equatable {
    package let head: PageHead
    package let rows: [FeedRow]

    package init(head: PageHead, rows: [FeedRow]) {
        self.head = head
        self.rows = rows
    }

    /// Where a reader who stood at `cursor` stands afterwards, or nil where the page does not
    /// follow on it: `from` ≤ cursor ≤ `to`, equal prefixes where they meet, an unbroken chain.
    package func end(after cursor: FeedHead, hash: Hashing) -> FeedHead? {
        guard head.from.seq <= cursor.seq, cursor.seq <= head.to.seq, rows.count == head.count
        else { return nil }
        var place = head.from
        var met = place == cursor
        for row in rows {
            guard row.seq == place.seq + 1 else { return nil }
            place = place.appending(row.document.entry.uid, hash: hash)
            met = met || place == cursor
        }
        return met && place == head.to ? place : nil
    }

    package func records(sign: Signing) -> [Record] {
        [.word(.page, SignedRecord.sign(head.json, as: .page, by: sign))] + rows.flatMap(\.records)
    }
}
