import Review

extension Policy {
    /// Reads a policy: the value, or nil where anything is an error, and all problems at once.
    ///
    /// Problems come in the order of the file. Warnings alone leave the policy usable.
    package static func parse(
        _ tree: PolicyTree
    ) -> (policy: Policy?, problems: [PolicyProblem]) {
        var reader = PolicyReader()
        let policy = reader.policy(tree)
        let problems = reader.problems.enumerated()
            .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
            .map(\.element)
        let hasErrors = problems.contains { $0.severity == .error }
        return (hasErrors ? nil : policy, problems)
    }

    fileprivate static let keys = [
        "workflow", "labels", "answer", "labelAt", "reasons", "tolerance", "phase", "ceiling",
        "segment", "output", "rules", "confidence", "sample", "review", "budget", "after",
    ]
}

extension PolicyReader {
    fileprivate mutating func policy(_ tree: PolicyTree) -> Policy? {
        guard let values = section(tree, of: "a policy", keys: Policy.keys) else { return nil }
        let answer: Policy.Answer = word(values["answer"], of: "answer") ?? .choose
        let output = shape(values["output"])
        let budget = budget(values["budget"])
        let policy = Policy(
            workflow: workflow(values["workflow"], in: tree),
            labels: labels(values["labels"], answer, in: tree),
            answer: answer,
            labelAt: labelAt(values["labelAt"]),
            reasons: texts(values["reasons"], of: "reasons") ?? [],
            tolerancePpm: partsPerMillion(values["tolerance"], of: "tolerance"),
            phase: integer(values["phase"], of: "phase", in: 1...4) ?? 1,
            ceiling: integer(values["ceiling"], of: "ceiling", in: 1...4) ?? 4,
            segment: segment(values["segment"]),
            output: output,
            rules: rules(values["rules"], hasShape: values["output"] != nil),
            confidence: confidence(values["confidence"]),
            sample: sample(values["sample"]),
            review: opinions(values["review"]),
            budget: budget,
            after: after(values["after"]),
            inactive: Policy.inactive(in: tree)
        )
        advise(on: policy, values)
        return policy
    }

    private mutating func workflow(_ value: PolicyTree?, in tree: PolicyTree) -> String {
        guard let value else {
            error("a policy names its `workflow`", at: tree.place)
            return ""
        }
        guard let name = text(value, of: "workflow") else { return "" }
        if !CaseName.isName(name) {
            error(
                "a workflow's name has 1 to 200 bytes and no `/`, space or control character",
                at: value.place
            )
        }
        return name
    }

    private mutating func labels(
        _ value: PolicyTree?,
        _ answer: Policy.Answer,
        in tree: PolicyTree
    ) -> [String] {
        if answer == .accept {
            if let value {
                error(
                    "with `answer: accept` the labels are accept, amend and reject",
                    at: value.place
                )
            }
            return ["accept", "amend", "reject"]
        }
        guard let value else {
            error("a policy lists its `labels`, or says `answer: accept`", at: tree.place)
            return []
        }
        let labels = texts(value, of: "labels") ?? []
        if case .sequence(let elements) = value.value, elements.count < 2 {
            error("there is nothing to choose between: `labels` needs two or more", at: value.place)
        }
        return labels
    }

    private mutating func labelAt(_ value: PolicyTree?) -> String? {
        guard let value, let pointer = text(value, of: "labelAt") else { return nil }
        if !pointer.hasPrefix("/") {
            error("`labelAt` is a JSON pointer, as /decision", at: value.place)
        }
        return pointer
    }

    private mutating func segment(_ value: PolicyTree?) -> Policy.Segment? {
        guard let value,
            let condition = condition(value, of: "segment", hasShape: false, isBool: false)
        else { return nil }
        guard case .recorded(let inner, _) = condition.expression.kind, case .path = inner.kind
        else {
            error("`segment` is a field, as attributes.channel", at: value.place)
            return nil
        }
        return Policy.Segment(condition: condition)
    }
}

// MARK: - Placements

extension PolicyReader {
    private static let ruleKeys = [
        "name", "when", "review", "authority", "opinions", "due", "why", "settled",
    ]
    /// The names under which the other placements are recorded.
    private static let takenNames = ["output", "confidence", "sample.core", "sample.confident"]

    private mutating func rules(_ tree: PolicyTree?, hasShape: Bool) -> [Policy.Rule] {
        var rules: [Policy.Rule] = []
        var names: Set<String> = []
        for element in elements(tree, of: "rules") ?? [] {
            guard let values = section(element, of: "a rule", keys: Self.ruleKeys) else { continue }
            for key in ["name", "when"] where values[key] == nil {
                error("a rule has a `\(key)`", at: element.place)
            }
            let name = text(values["name"], of: "name")
            if let name, let place = values["name"]?.place {
                if !names.insert(name).inserted { error("`\(name)` stands twice", at: place) }
                if Self.takenNames.contains(name) {
                    error("`\(name)` is the name of another placement", at: place)
                }
            }
            let condition = condition(values["when"], of: "when", hasShape: hasShape)
            let review: Policy.Timing? = word(values["review"], of: "review")
            let authority: Authority? = word(values["authority"], of: "authority")
            let opinions = integer(values["opinions"], of: "opinions", in: 1...9)
            let due = duration(values["due"], of: "due")
            let why = template(values["why"], of: "why", hasShape: hasShape)
            let settled = duration(values["settled"], of: "settled")
            guard let name, let condition else { continue }
            rules.append(
                Policy.Rule(
                    name: name,
                    when: condition,
                    review: review ?? .before,
                    authority: authority,
                    opinions: opinions,
                    dueMilliseconds: due,
                    why: why,
                    settledMilliseconds: settled
                )
            )
        }
        return rules
    }

    private mutating func confidence(_ tree: PolicyTree?) -> Policy.Confidence? {
        guard let values = section(tree, of: "`confidence`", keys: ["review", "below"]) else {
            return nil
        }
        let review: Policy.Timing = word(values["review"], of: "review") ?? .before
        guard let below = values["below"] else {
            return Policy.Confidence(review: review, below: .threshold)
        }
        if case .scalar("threshold", _) = below.value {
            return Policy.Confidence(review: review, below: .threshold)
        }
        guard let ppm = threshold(below) else { return nil }
        warn(
            "this number is compared with the model's raw confidence, which nobody has calibrated; "
                + "`below: threshold` waits for evidence",
            at: below.place
        )
        return Policy.Confidence(review: review, below: .literal(ppm: ppm))
    }

    private mutating func threshold(_ tree: PolicyTree) -> Int? {
        guard case .scalar(let text, _) = tree.value,
            PolicyTree.number(text.hasSuffix("%") ? String(text.dropLast()) : text) != nil
        else {
            error("`below` is `threshold`, or a number from 0 to 1", at: tree.place)
            return nil
        }
        return partsPerMillion(tree, of: "below")
    }

    private mutating func sample(_ tree: PolicyTree?) -> Policy.Sample? {
        guard let values = section(tree, of: "`sample`", keys: ["core", "confident"]) else {
            return nil
        }
        let core = oneIn(values["core"], of: "core")
        let confident = oneIn(values["confident"], of: "confident")
        if let core, let confident, confident > core, let place = values["confident"]?.place {
            error(
                "`confident` is rarer than `core`: 1/\(confident) is less than 1/\(core)",
                at: place
            )
        }
        return core == nil && confident == nil
            ? nil : Policy.Sample(core: core, confident: confident)
    }
}

// MARK: - How reviews are held

extension PolicyReader {
    private static let reviewKeys = [
        "opinions", "second", "blind", "reveal", "adjudicate", "lease", "settle", "known", "reason",
    ]

    private mutating func opinions(_ tree: PolicyTree?) -> Policy.Opinions {
        var review = Policy.Opinions()
        guard let values = section(tree, of: "`review`", keys: Self.reviewKeys) else {
            return review
        }
        review.opinions = integer(values["opinions"], of: "opinions", in: 1...9) ?? 1
        review.blind = oneIn(values["blind"], of: "blind")
        review.reveal = word(values["reveal"], of: "reveal") ?? review.reveal
        review.adjudicate = word(values["adjudicate"], of: "adjudicate") ?? review.adjudicate
        review.leaseMilliseconds = duration(values["lease"], of: "lease")
        review.settleMilliseconds =
            duration(values["settle"], of: "settle") ?? review.settleMilliseconds
        review.reason = word(values["reason"], of: "reason") ?? review.reason
        if let second = section(values["second"], of: "`second`", keys: ["rate", "holds"]) {
            let holds = flag(second["holds"], of: "holds") ?? false
            if let k = required(second["rate"], in: values["second"], "second") {
                review.second = Policy.Opinions.Second(k: k, holds: holds)
            }
        }
        if let known = section(values["known"], of: "`known`", keys: ["rate", "wrong"]) {
            let wrong = fraction(known["wrong"], of: "wrong")
            if let k = required(known["rate"], in: values["known"], "known") {
                review.known = Policy.Opinions.Known(k: k, wrong: wrong)
            }
        }
        return review
    }

    private mutating func required(
        _ rate: PolicyTree?,
        in tree: PolicyTree?,
        _ name: String
    ) -> Int? {
        if rate == nil, let tree { error("`\(name)` has a `rate`, as 1/10", at: tree.place) }
        return oneIn(rate, of: "rate")
    }

    private mutating func after(_ tree: PolicyTree?) -> Policy.After {
        var after = Policy.After()
        let keys = ["rate", "window", "late-dissent"]
        guard let values = section(tree, of: "`after`", keys: keys) else { return after }
        after.k = oneIn(values["rate"], of: "rate") ?? after.k
        after.windowMilliseconds = duration(values["window"], of: "window")
        if let late = values["late-dissent"], text(late, of: "late-dissent") != "review" {
            error("`late-dissent` is `review`", at: late.place)
        }
        return after
    }

    private mutating func budget(_ tree: PolicyTree?) -> Policy.Budget? {
        let keys = ["reviews", "never-defer", "overflow", "unanswered"]
        guard let values = section(tree, of: "`budget`", keys: keys) else { return nil }
        var budget = Policy.Budget()
        budget.rate = rate(values["reviews"])
        budget.neverDefer = texts(values["never-defer"], of: "never-defer") ?? []
        budget.overflow = word(values["overflow"], of: "overflow") ?? budget.overflow
        let unanswered = section(
            values["unanswered"],
            of: "`unanswered`",
            keys: ["after", "to", "expire"]
        )
        budget.unansweredAfterMilliseconds = duration(unanswered?["after"], of: "after")
        budget.unansweredTo = word(unanswered?["to"], of: "to")
        budget.expireMilliseconds = duration(unanswered?["expire"], of: "expire")
        return budget
    }

    private mutating func rate(_ tree: PolicyTree?) -> Policy.Budget.Rate? {
        guard let tree else { return nil }
        if case .scalar(let text, _) = tree.value {
            let parts = text.split(separator: " ")
            if parts.count == 3, let reviews = Self.digits(parts[0]), reviews > 0,
                parts[1] == "per", let unit = Self.unit(parts[2])
            {
                return Policy.Budget.Rate(reviews: reviews, milliseconds: unit)
            }
        }
        error("`reviews` is a rate, as `40 per hour`", at: tree.place)
        return nil
    }
}
