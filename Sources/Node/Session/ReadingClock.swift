/// How long a case was read, by a monotonic clock: it runs only while a case is on the screen.
///
/// Between two keys at most max(2 minutes, the words shown at 100 a minute) count; after an
/// attachment was opened, 15 minutes.
struct ReadingClock: Sendable, Equatable {
    private(set) var activeMilliseconds: Int64 = 0
    private var lastKey: Int64?
    private let limit: Int64
    private var isReadingElsewhere = false
    private static let elsewhere: Int64 = 15 * 60_000

    init(words: Int, at instant: Int64) {
        limit = max(120_000, Int64(words) * 600)
        lastKey = instant
    }

    /// An attachment was opened, and is read until the next key.
    mutating func opened() { isReadingElsewhere = true }

    private var gap: Int64 { isReadingElsewhere ? max(limit, Self.elsewhere) : limit }

    /// A line was typed while the case was on the screen.
    mutating func key(at instant: Int64) {
        if let lastKey { activeMilliseconds += min(max(0, instant - lastKey), gap) }
        isReadingElsewhere = false
        lastKey = instant
    }
}
