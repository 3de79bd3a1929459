package import Statistics

/// What an override rate says about the oversight (`statistics.md`, section 10).
///
/// A band holds only if the whole interval lies inside it, never on the rate alone:
///
///     0 %      3 %    5 %              20 %       30 %                  100 %
///     ceremonial watch healthy           watch      aiNotAddingValue
///             [      [               ]           ]
package enum OverrideBand: String, Sendable {
    /// Nobody overrides.
    case ceremonial
    case watch
    case healthy
    /// People redo the work.
    case aiNotAddingValue
    /// The interval lies in no band; `possible` lists those it touches.
    case notEnoughEvidence

    package init(_ interval: WilsonInterval) {
        let (low, high) = (interval.low, interval.high)
        if high < 0.03 {
            self = .ceremonial
        } else if low >= 0.03 && high < 0.05 || low > 0.20 && high <= 0.30 {
            self = .watch
        } else if low >= 0.05 && high <= 0.20 {
            self = .healthy
        } else if low > 0.30 {
            self = .aiNotAddingValue
        } else {
            self = .notEnoughEvidence
        }
    }

    /// The bands that `interval` touches, lowest first, `watch` at most once.
    package static func possible(_ interval: WilsonInterval) -> [OverrideBand] {
        let (low, high) = (interval.low, interval.high)
        var bands: [OverrideBand] = []
        if low < 0.03 { bands.append(.ceremonial) }
        if low < 0.05 && high >= 0.03 { bands.append(.watch) }
        if low <= 0.20 && high >= 0.05 { bands.append(.healthy) }
        if low <= 0.30 && high > 0.20 && !bands.contains(.watch) { bands.append(.watch) }
        if high > 0.30 { bands.append(.aiNotAddingValue) }
        return bands
    }
}
