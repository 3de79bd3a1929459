/// Something about a policy file that its author should know, and where.
///
/// With any error nothing is activated; a warning is told and changes nothing.
package struct PolicyProblem: Error, Sendable, Equatable {
    package enum Severity: String, Sendable { case error, warning }

    package let severity: Severity
    package let place: Place
    package let message: String

    package init(_ severity: Severity, at place: Place, _ message: String) {
        self.severity = severity
        self.place = place
        self.message = message
    }
}

extension PolicyProblem: CustomStringConvertible {
    package var description: String {
        "line \(place.line), column \(place.column): "
            + (severity == .warning ? "warning: " : "") + message
    }
}
