/// Why numbers cannot be counted with: they come from networks and files, so it is no trap.
package enum StatisticsError: Error, Equatable {
    /// `reason` has the names and values: `errors 3 of cases 2`.
    case impossible(reason: String)
}

extension StatisticsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .impossible(let reason):
            "these counts cannot be: \(reason); nothing was computed from them; "
                + "correct the input, or look for the cause with `countersign-hub verify`"
        }
    }
}
