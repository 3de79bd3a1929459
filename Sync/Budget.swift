package import Review

/// How much a sync may move, both directions together, and how long it may take.
///
/// What is nil has no limit. At least one page always moves, so that whoever syncs again and again
/// comes to an end.
package struct Budget: Sendable, Equatable {
    /// As sent, packed.
    package var bytes: Int?
    package var milliseconds: Int64?
    /// The most that one request may hold: less than the hub takes where something between takes less.
    package var requestBytes = Limits.request

    /// What a round trip costs that moves nothing: below this, none is worth beginning.
    package static let leastBytes = 3 << 10

    package init(bytes: Int? = nil, milliseconds: Int64? = nil) {
        self.bytes = bytes
        self.milliseconds = milliseconds
    }

    /// What is left after so much.
    package func after(bytes: Int, milliseconds: Int64) -> Budget {
        var left = self
        left.bytes = self.bytes.map { max(0, $0 - bytes) }
        left.milliseconds = self.milliseconds.map { max(0, $0 - milliseconds) }
        return left
    }

    package var isOutOfTime: Bool { milliseconds == 0 }

    /// Whether another round trip could not move anything within it.
    package var isSpent: Bool { isOutOfTime || bytes.map { $0 < Self.leastBytes } ?? false }

    /// The most that the next request may hold: what is left, less what its answer costs at least.
    package var request: Int {
        min(requestBytes, max(0, bytes.map { $0 - Self.leastBytes } ?? requestBytes))
    }

    /// What the reply may hold after a request of so many bytes.
    ///
    /// A request that handed entries in and left no room has moved what must move: it asks for no
    /// page. Any other asks for at least one.
    package func reply(toRequestOf sent: Int, handsIn: Bool) -> ReplyBudget {
        let left = bytes.map { $0 - sent } ?? Limits.reply
        return ReplyBudget(
            bytes: left < Self.leastBytes ? (handsIn ? 0 : 1) : left,
            milliseconds: milliseconds ?? .max
        )
    }
}

/// What a node asks of one reply: how many bytes, as sent, and how much of the hub's time.
///
/// With 0 bytes no page is wanted; otherwise at least one comes, however small the budget is.
package struct ReplyBudget: Sendable, Equatable {
    package let bytes: Int
    package let milliseconds: Int64

    /// Kept within what the protocol allows.
    package init(bytes: Int, milliseconds: Int64) {
        self.bytes = min(max(bytes, 0), Limits.reply)
        self.milliseconds = min(max(milliseconds, 0), Limits.replyMilliseconds)
    }

    /// All that a reply may hold.
    package static let whole = ReplyBudget(bytes: .max, milliseconds: .max)
    /// A reply without pages.
    package static let noPages = ReplyBudget(bytes: 0, milliseconds: .max)

    package var wantsPages: Bool { bytes > 0 }

    package var json: JSON { ["bytes": .integer(bytes), "ms": .integer(milliseconds)] }

    package init?(json: JSON) {
        guard let bytes = json["bytes"]?.integer, let milliseconds = json["ms"]?.integer else {
            return nil
        }
        self.init(bytes: Int(clamping: bytes), milliseconds: milliseconds)
    }
}
