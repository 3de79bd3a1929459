package import Statistics

/// How often people decided other than the AI proposed, with what that can mean.
///
/// Of real cases that were not blind; known-answer cases and abstentions are counted apart.
package struct OverrideRate: Sendable, Equatable {
    package let decided: Int64
    package let overturned: Int64
    package let amended: Int64
    package let interval: WilsonInterval

    package init(decided: Int64, overturned: Int64, amended: Int64) throws(StatisticsError) {
        let (overridden, overflow) = overturned.addingReportingOverflow(amended)
        guard overturned >= 0, amended >= 0, !overflow, overridden <= decided else {
            throw .impossible(
                reason: "overturned \(overturned) and amended \(amended) of decided \(decided)"
            )
        }
        self.decided = decided
        self.overturned = overturned
        self.amended = amended
        interval = try WilsonInterval(count: overridden, of: decided)
    }

    package var overridden: Int64 { overturned + amended }

    /// The share itself, nil where nothing was decided.
    package var rate: Double? { decided == 0 ? nil : Double(overridden) / Double(decided) }

    /// The ends of `interval`, for those who show it.
    package var low: Double { interval.low }
    package var high: Double { interval.high }

    package var band: OverrideBand { OverrideBand(interval) }
    package var possibleBands: [OverrideBand] { OverrideBand.possible(interval) }
}
