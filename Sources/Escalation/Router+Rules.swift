import Review

extension Router {
    mutating func placeRules() {
        for rule in policy.rules {
            let evaluation = rule.when.evaluate(in: scope)
            let row = Self.row(rule, evaluation)
            why.append(row)
            if row.result == .no { continue }
            authority = max(authority, rule.authority ?? .reviewer)
            opinions = max(opinions, rule.opinions ?? 1)
            apply(
                rule.review == .before ? .exception : .after,
                rule.review == .before || phase == 1 ? .before : afterIfReversible,
                sentence(for: rule, evaluation),
                readsProposal: rule.readsProposal,
                dueMilliseconds: rule.dueMilliseconds
            )
        }
    }

    private static func row(_ rule: Policy.Rule, _ evaluation: Condition.Evaluation) -> Routing.Why
    {
        let result: Routing.Result
        var missing: [String] = []
        switch evaluation.value {
        case .success(.bool(true)): result = .yes
        case .success(.bool(false)): result = .no
        case .success: result = .unknown
        case .failure(let failure):
            result = .unknown
            missing = failure.missing
        }
        return Routing.Why(
            rule: rule.name,
            result: result,
            values: evaluation.record,
            missing: missing,
            readsProposal: rule.readsProposal
        )
    }

    private func sentence(for rule: Policy.Rule, _ evaluation: Condition.Evaluation) -> String {
        switch evaluation.value {
        case .success(.bool): rule.why?.sentence(in: scope) ?? "rule \(rule.name) applies"
        case .success(let value):
            "rule \(rule.name) could not be told: it is \(value.typeName), neither true nor false"
        case .failure(let failure): "rule \(rule.name) could not be told: \(failure.message)"
        }
    }

    mutating func placeOutput() {
        let label = policy.label(of: item.label)
        let isKnownLabel = label.map(policy.labels.contains) ?? false
        let mismatch = policy.output?.mismatch(in: item.output)
        guard policy.output != nil || !isKnownLabel else { return }
        var values: [String: JSON] = [:]
        if !isKnownLabel { values["label"] = item.label.map { .string($0) } ?? .null }
        if let mismatch { values["at"] = .string(mismatch.pointer) }
        let isValid = isKnownLabel && mismatch == nil
        why.append(
            Routing.Why(
                rule: "output",
                result: isValid ? .no : .yes,
                values: values,
                readsProposal: true
            )
        )
        if isValid { return }
        let sentence =
            if let mismatch {
                "the output does not have the expected shape: "
                    + (mismatch.pointer.isEmpty ? "it" : mismatch.pointer) + " \(mismatch.reason)"
            } else if let label {
                "the label \(label.debugDescription) is not one of this workflow's"
            } else {
                "the AI gave no label"
            }
        apply(.exception, .before, sentence, readsProposal: true)
    }
}
