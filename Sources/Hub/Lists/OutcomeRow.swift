import Review

/// An outcome as lists and callers see it.
struct OutcomeRow {
    let outcome: Outcome
    /// Where the change stands in the hub's order, nil where it is asked for by name.
    let seq: Int64?
    let sealed: Bool

    init(_ outcome: Outcome, seq: Int64?, sealed: Bool) {
        self.outcome = outcome
        self.seq = seq
        self.sealed = sealed
    }

    var json: JSON {
        var members = outcome.json.object ?? [:]
        members["v"] = nil
        members["outcome"] = sha256(outcome.bytes).json
        members["hash"] = members["outcome"]
        members["sealed"] = .bool(sealed)
        if let seq { members["seq"] = .integer(seq) }
        return .object(members)
    }

    var shown: Shown {
        let what =
            outcome.label.map { label in "\(label) (\(outcome.by?.rawValue ?? ""))" }
            ?? outcome.waitingFor.map { "for \($0.rawValue)" } ?? ""
        let parts = [
            seq.map { "\($0)" }, "\(outcome.name)", outcome.state.rawValue, what,
            sealed ? "sealed" : nil, sha256(outcome.bytes).description,
        ]
        return Shown(json, [parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "  ")])
    }
}
