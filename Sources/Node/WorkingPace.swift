import Replica
import Review
import Sync

/// How long this reviewer reads a case, from what they decided here.
struct WorkingPace: Sendable, Equatable {
    /// The median of the last cases read on a screen; nil while there are too few to tell.
    let millisecondsPerCase: Int64?

    /// How many of the last verdicts are looked at, and how many it takes at least.
    private static let sample = 100
    private static let least = 5

    init(_ times: [Int64]) {
        let times = times.filter { $0 > 0 }.sorted()
        millisecondsPerCase = times.count < Self.least ? nil : times[times.count / 2]
    }

    init(of replica: ReplicaFile) throws {
        self.init(
            try replica.own([.verdict], limit: Self.sample).compactMap {
                try? Verdict(json: $0.document.content()).activeMilliseconds
            }
        )
    }

    /// How many cases fit into so many hours.
    func cases(in hours: Int) -> Int? {
        millisecondsPerCase.map { Int(Int64(hours) * 3_600_000 / $0) }
    }
}
