package import Review

/// Where a feed stands: rows are dense from 1, and each prefix hash covers all before it.
package struct FeedHead: Sendable, Equatable {
    package let seq: Int64
    package let prefix: Digest

    package init(seq: Int64, prefix: Digest) {
        self.seq = seq
        self.prefix = prefix
    }

    /// P(0): the hash of hub id, hub epoch and feed name.
    package init(hub: HubName, feed: String, hash: Hashing) {
        var framing = Framing("countersign feed v1")
        framing.append(Array(hub.id.utf8))
        framing.append(Array(hub.epoch.utf8))
        framing.append(Array(feed.utf8))
        self.init(seq: 0, prefix: hash(framing.bytes))
    }

    /// P(n) = SHA-256(P(n-1), n, entry hash).
    package func appending(_ uid: Digest, hash: Hashing) -> FeedHead {
        var framing = Framing("countersign feed v1")
        framing.append(prefix)
        framing.append(seq + 1)
        framing.append(uid)
        return FeedHead(seq: seq + 1, prefix: hash(framing.bytes))
    }
}

/// The feeds there are: one for everyone, one for each reviewer.
package enum FeedName {
    package static let hub = "hub"

    package static func reviewer(_ name: String) -> String { "reviewer/\(name)" }
}

/// A hub, in one of its epochs: what its own log is named by.
package struct HubName: Sendable, Hashable {
    /// `h` and 32 hexadecimal digits of SHA-256 of the root public key.
    package let id: String
    /// Generation, `.`, 16 hexadecimal digits.
    package let epoch: String

    package init(id: String, epoch: String) {
        self.id = id
        self.epoch = epoch
    }

    package var log: LogName { LogName(device: id, epoch: epoch) }
}

/// A node's place in a feed.
package struct Cursor: Sendable, Equatable {
    package let hubEpoch: String
    package let feed: String
    package let head: FeedHead

    package init(hubEpoch: String, feed: String, head: FeedHead) {
        self.hubEpoch = hubEpoch
        self.feed = feed
        self.head = head
    }

    package var json: JSON {
        [
            "hubEpoch": .string(hubEpoch), "feed": .string(feed), "seq": .integer(head.seq),
            "prefix": head.prefix.json,
        ]
    }

    package init?(json: JSON) {
        guard let hubEpoch = json["hubEpoch"]?.string, let feed = json["feed"]?.string,
            let seq = json["seq"]?.integer, seq >= 0,
            let prefix = json["prefix"]?.string.flatMap({ Digest($0) })
        else { return nil }
        self.init(hubEpoch: hubEpoch, feed: feed, head: FeedHead(seq: seq, prefix: prefix))
    }
}
