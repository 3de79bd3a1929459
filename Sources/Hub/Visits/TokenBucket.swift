import Review

/// So many a minute, all at once if need be: who asks in bursts may, who never stops may not.
struct TokenBucket: Sendable {
    private static let minute: Int64 = 60_000

    private let perMinute: Int64
    /// What is in it, each of which takes a minute's milliseconds to pay for.
    private var level: Int64
    private var filledAt: Timestamp

    /// A full one.
    init(perMinute: Int64, at time: Timestamp) {
        self.perMinute = perMinute
        level = perMinute * Self.minute
        filledAt = time
    }

    /// Takes one; where there is none, says in how many seconds there will be.
    mutating func take(at time: Timestamp) -> Int64? {
        level = level(at: time)
        filledAt = time
        guard level < Self.minute else {
            level -= Self.minute
            return nil
        }
        let second = perMinute * 1000
        return (Self.minute - level + second - 1) / second
    }

    func isFull(at time: Timestamp) -> Bool { level(at: time) == perMinute * Self.minute }

    /// A clock that was put back fills nothing.
    private func level(at time: Timestamp) -> Int64 {
        let passed = min(max(0, time.milliseconds - filledAt.milliseconds), Self.minute)
        return min(level + passed * perMinute, perMinute * Self.minute)
    }
}
