package import Review

extension Story {
    /// The outcome in a line: `decided approve by agreement: anna1 ben1; stale: cleo1`.
    ///
    /// The sealed outcome where there is a seal. Verdicts by name, in order of uid.
    package var amounts: String {
        guard let outcome = dossier.outcome else { return "nothing" }
        var line = outcome.state.rawValue
        if let label = outcome.label { line += " \(label)" }
        if let output = outcome.output, output != Sample.output { line += " \(output.canonical)" }
        if let by = outcome.by { line += " by \(by.rawValue)" }
        if let waitingFor = outcome.waitingFor { line += " for \(waitingFor.rawValue)" }
        if !outcome.counted.isEmpty { line += ": \(tell(outcome.counted))" }
        let reasons = Dictionary(grouping: outcome.uncounted, by: \.reason)
        for (reason, rows) in reasons.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            line += "; \(reason.rawValue): \(tell(rows.map(\.uid)))"
        }
        return line
    }

    /// What became of every verdict and retraction: `anna1 counted, ben1 lateDissent`, by name.
    package var statuses: String {
        dossier.statuses().map { "\(names[$0.key] ?? "?") \($0.value.rawValue)" }.sorted()
            .joined(separator: ", ")
    }

    /// Uids by name.
    package func tell(_ uids: [Digest]) -> String {
        uids.map { names[$0] ?? "?" }.joined(separator: " ")
    }
}
