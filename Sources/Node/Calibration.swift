package import Oversight
import Replica
import Review

extension Desk {
    /// How often the AI was right, by confidence, in this reviewer's own verdicts: provisional.
    ///
    /// The hub's published tables alone decide anything.
    package func provisionalAccuracy() throws -> [BinAccuracy] {
        let rows = try replica.tally().counts.values.flatMap { buckets in
            buckets.map { bucket, count in
                TallyRow(
                    bin: bucket.bin,
                    k: bucket.k,
                    blind: bucket.blind,
                    classIndex: bucket.kind.rawValue,
                    count: count
                )
            }
        }
        return try accuracyByBin(rows)
    }
}
