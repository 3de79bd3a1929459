import Review
import Sync

/// One request that counts towards a limit.
struct Visit: Sendable, Equatable {
    /// Who came: a device that proved itself, or only an address.
    enum Visitor: Sendable, Hashable {
        case device(String)
        case stranger(address: String)
    }

    let at: Timestamp
    let visitor: Visitor
    /// Stands for the nonce of a device's request.
    let mark: String
}

/// Who came in the last minutes: nobody too often, and no request twice.
struct RecentVisits: Sendable {
    enum Answer: Sendable, Equatable {
        case welcome
        case replayed
        case tooOften(seconds: Int64)
    }

    /// A first sync of a hundred thousand cases is some forty requests; people never come near.
    static let devicePerMinute: Int64 = 600
    /// Only requests that failed to show who asks: a guess a second gets nobody anywhere.
    static let strangerPerMinute: Int64 = 30
    /// A request may be signed so far ahead of the hub's time, and is good for as long after.
    static let memoryMilliseconds = 2 * RequestSignature.toleranceSeconds * 1000

    private var buckets: [Visit.Visitor: TokenBucket] = [:]
    private var marks: Set<String> = []
    private var visits: [Visit] = []

    /// Whether the visit may be; if so, it is remembered.
    mutating func take(_ visit: Visit) -> Answer {
        forget(before: visit.at)
        if case .device = visit.visitor, marks.contains(visit.mark) { return .replayed }
        var bucket =
            buckets[visit.visitor]
            ?? TokenBucket(perMinute: Self.limit(of: visit.visitor), at: visit.at)
        let seconds = bucket.take(at: visit.at)
        buckets[visit.visitor] = bucket
        if let seconds { return .tooOften(seconds: seconds) }
        if case .device = visit.visitor { marks.insert(visit.mark) }
        visits.append(visit)
        return .welcome
    }

    private static func limit(of visitor: Visit.Visitor) -> Int64 {
        switch visitor {
        case .device: devicePerMinute
        case .stranger: strangerPerMinute
        }
    }

    /// A thousand at a time, since each costs a move of all that stay.
    private mutating func forget(before time: Timestamp) {
        let limit = time.milliseconds - Self.memoryMilliseconds
        let chunk = 1000
        guard visits.count > chunk, visits[chunk].at.milliseconds < limit else { return }
        let old = visits.prefix { $0.at.milliseconds < limit }
        for visit in old { marks.remove(visit.mark) }
        visits.removeFirst(old.count)
        buckets = buckets.filter { !$0.value.isFull(at: time) }
    }
}
