import Review
package import Statistics

/// Counts of verdicts of one kind, as deltas carry them (`statistics.md`, section 2).
///
/// `classIndex` is 0 agree, 1 overturn, 2 amend, 3 abstain. One count may be negative, as the hub's
/// compensation is; the sum of a bin and class is not.
package typealias TallyRow = (bin: Int?, k: Int, blind: Bool, classIndex: Int, count: Int64)

/// How often the AI was right at one confidence, as far as people saw it.
package struct BinAccuracy: Sendable, Equatable {
    /// LOGIT130, or nil for the cases without a confidence.
    package let bin: Int?
    /// Decided ones; abstentions are none.
    package let cases: Int64
    package let agree: Int64
    /// The 95 % Wilson interval of `agree` out of `cases`.
    package let low: Double
    package let high: Double
}

/// The accuracy of every bin with cases, lowest confidence first, those without any last.
///
/// Plain counts: to amend is to disagree, and nothing is weighted by `k`, so an answer says what
/// was seen among the reviewed cases and not how often such cases occur. Order does not matter.
package func accuracyByBin(_ tallies: [TallyRow]) throws(StatisticsError) -> [BinAccuracy] {
    var totals: [Int: [Int128]] = [:]  // By bin, ConfidenceBin.count for none; then by class.
    for tally in tallies {
        let bin = tally.bin ?? ConfidenceBin.count
        guard tally.bin.map((0..<ConfidenceBin.count).contains) ?? true,
            (0...3).contains(tally.classIndex), tally.k >= 1
        else { throw .impossible(reason: "\(tally)") }
        totals[bin, default: [0, 0, 0, 0]][tally.classIndex] += Int128(tally.count)
    }
    var rows: [BinAccuracy] = []
    for (index, counts) in totals.sorted(by: { $0.key < $1.key }) {
        let bin = index == ConfidenceBin.count ? nil : index
        guard counts.allSatisfy({ $0 >= 0 }), let agree = Int64(exactly: counts[0]),
            let cases = Int64(exactly: counts[0] + counts[1] + counts[2])
        else { throw .impossible(reason: "bin \(bin.map { "\($0)" } ?? "none"): \(counts)") }
        if cases == 0 { continue }
        let interval = try WilsonInterval(count: agree, of: cases)
        rows.append(
            BinAccuracy(
                bin: bin,
                cases: cases,
                agree: agree,
                low: interval.low,
                high: interval.high
            )
        )
    }
    return rows
}
