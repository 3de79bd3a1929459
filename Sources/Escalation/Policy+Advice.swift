import Review

extension PolicyReader {
    /// What the sections say together: contradictions, and what the policy will not do.
    mutating func advise(on policy: Policy, _ values: [String: PolicyTree]) {
        if policy.ceiling < policy.phase, let place = values["ceiling"]?.place {
            error("the ceiling \(policy.ceiling) is below the phase \(policy.phase)", at: place)
        }
        if policy.phase > 1, let place = values["phase"]?.place {
            warn(
                "starting in phase \(policy.phase) skips the evidence for it: \(missing(policy))",
                at: place
            )
        }
        for name in policy.budget?.neverDefer ?? []
        where !policy.rules.contains(where: { $0.name == name }) {
            error(
                "`never-defer` names no rule of this policy: `\(name)`"
                    + Nearest.hint(for: name, among: policy.rules.map(\.name)),
                at: place(of: name, in: values["budget"])
            )
        }
        if let place = values["sample"]?.place, policy.sample != nil, policy.rules.isEmpty,
            policy.confidence == nil, policy.output == nil
        {
            warn("sampling protects no single case, and nothing else asks for a review", at: place)
        }
        if policy.ceiling > 1, policy.confidence == nil,
            let place = values["ceiling"]?.place ?? values["phase"]?.place
        {
            warn(
                "without `confidence`, everything that no rule catches proceeds unseen from phase 2",
                at: place
            )
        }
        for name in policy.inactive {
            let section = name.split(separator: ".")[0]
            let place = values[String(section)]?.place ?? Place(line: 1, column: 1)
            warn("`\(name)` is read and kept, and does nothing yet in this version", at: place)
        }
        for rule in policy.rules { advise(on: rule, policy, values["rules"]) }
    }

    private func missing(_ policy: Policy) -> String {
        switch policy.phase {
        case 2: "a certified threshold"
        case 3: "a certified threshold, the rate of errors above it, and a tested reversal"
        default:
            "a certified threshold, the rate of errors above it, a tested reversal, and the outcome of "
                + "reviews after the action"
        }
    }

    private mutating func advise(on rule: Policy.Rule, _ policy: Policy, _ tree: PolicyTree?) {
        let place = place(of: rule.when.source, in: tree)
        let isSound = Checker.check(rule.when, hasShape: policy.output != nil).isEmpty
        if isSound, !rule.when.expression.asksTheCase {
            switch rule.when.evaluate(in: Scope([:])).value {
            case .success(.bool(false)): warn("`\(rule.name)` can never fire", at: place)
            case .success(.bool(true)): warn("`\(rule.name)` fires for every case", at: place)
            case .success: break
            case .failure(let failure):
                error("`\(rule.name)` has no value in any case: \(failure.message)", at: place)
            }
        }
        for label in rule.when.expression.comparedLabels where !policy.labels.contains(label) {
            warn(
                "`\(label)` is not one of the labels"
                    + Nearest.hint(for: label, among: policy.labels),
                at: place
            )
        }
    }

    /// Where a scalar with this text stands below a tree, or the tree's own place.
    private func place(of text: String, in tree: PolicyTree?) -> Place {
        tree?.find(text) ?? tree?.place ?? Place(line: 1, column: 1)
    }
}

extension PolicyTree {
    fileprivate func find(_ text: String) -> Place? {
        switch value {
        case .scalar(let found, _): found == text ? place : nil
        case .sequence(let elements): elements.lazy.compactMap { $0.find(text) }.first
        case .mapping(let entries): entries.lazy.compactMap { $0.value.find(text) }.first
        }
    }
}

extension Expression {
    /// Whether any name is read; an expression without one has the same value for every case.
    fileprivate var asksTheCase: Bool {
        if case .path = kind { return true }
        return children.contains(where: \.asksTheCase)
    }

    /// The texts that the label is compared with.
    fileprivate var comparedLabels: [String] {
        if case .compare(_, let left, let right) = kind {
            for (name, value) in [(left, right), (right, left)] {
                if case .recorded(_, "label") = name.kind,
                    case .literal(.string(let text)) = value.kind
                {
                    return [text]
                }
            }
        }
        return children.flatMap(\.comparedLabels)
    }
}

extension Policy {
    /// What this version parses, checks and pins but does not act on, by the names of the file.
    static func inactive(in tree: PolicyTree) -> [String] {
        var names: [String] = []
        if tree["budget"] != nil { names.append("budget") }
        if case .sequence(let rules)? = tree["rules"]?.value,
            rules.contains(where: { $0["settled"] != nil })
        {
            names.append("rules.settled")
        }
        for key in ["known", "second", "lease"] where tree["review"]?[key] != nil {
            names.append("review.\(key)")
        }
        if tree["after"]?["late-dissent"] != nil { names.append("after.late-dissent") }
        return names
    }
}

extension PolicyTree {
    /// The value under a key of a mapping.
    fileprivate subscript(key: String) -> PolicyTree? {
        guard case .mapping(let entries) = value else { return nil }
        return entries.first { $0.key == key }?.value
    }
}
