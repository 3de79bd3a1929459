package import Review

extension Policy {
    /// Who must look at a case, when, and why: all placements evaluated, the strictest applied.
    ///
    /// The same policy, case and standing give the same routing, on a hub or a node. Every rule is
    /// written down, fired or not. A rule that cannot be told applies as if it had fired. The phase
    /// never counts beyond the policy's ceiling.
    ///
    /// | what applies                | phase 1 | phase 2             | phase 3              | phase 4 |
    /// |-----------------------------|---------|---------------------|----------------------|---------|
    /// | rule `before`, invalid      | before  | before              | before               | before  |
    /// | rule `after`                | before  | after               | after                | after   |
    /// | below threshold, or unknown | before  | `confidence.review` | after                | none    |
    /// | the rest                    | before  | none                | after, 1 in `rate`   | none    |
    /// | drawn by `sample`           | before  | after               | after                | after, core only |
    package func route(_ item: Case, _ standing: Standing) -> Routing {
        var router = Router(policy: self, item: item, standing: standing)
        return router.routing()
    }
}

/// Gathers what applies to one case.
struct Router {
    let policy: Policy
    let item: Case
    let standing: Standing
    let phase: Int
    let scope: Scope
    let ppm: Int?
    let bin: Int?

    var why: [Routing.Why] = []
    private var applying: [Applying] = []
    private var opinions: Int
    private var authority = Authority.reviewer

    /// One reason for a review, when it asks for it, and by when it wants the answer.
    private struct Applying {
        let reason: Routing.Reason
        let review: Routing.Review
        let due: Timestamp
    }

    init(policy: Policy, item: Case, standing: Standing) {
        self.policy = policy
        self.item = item
        self.standing = standing
        phase = max(1, min(standing.phase, policy.ceiling))
        scope = Scope(item, phase: phase, calibration: standing.table, shape: policy.output)
        ppm = item.confidence.map(ConfidenceBin.partsPerMillion)
        bin = ppm.map(ConfidenceBin.bin)
        opinions = policy.review.opinions
    }

    mutating func routing() -> Routing {
        placeRules()
        placeOutput()
        placeConfidence()
        let isRest = applying.isEmpty
        let number = standing.draw(item.name, "sample")
        let odds = placeRest(isRest, number) + placeSamples(isRest, number)

        let ordered = applying.enumerated().sorted {
            ($1.element.review, $0.offset) < ($0.element.review, $1.offset)
        }.map(\.element)
        let review = ordered.first?.review ?? .none
        return Routing(
            review: item.action.state == .taken && review == .before ? .after : review,
            disposition: item.action.state == .taken || review != .before ? .proceed : .hold,
            reasons: noted(ordered.map(\.reason), review),
            why: why,
            k: isRest && phase > 1 ? odds.min() ?? 1 : 1,
            core: policy.sample?.core.map { Standing.isDrawn(number, oneIn: $0) } ?? false,
            ppm: ppm,
            bin: bin,
            blind: review != .none && isBlind,
            opinions: opinions,
            authority: authority,
            segment: segment,
            due: ordered.map(\.due).min(),
            phase: phase
        )
    }

    private var isBlind: Bool {
        guard let k = policy.review.blind else { return false }
        return Standing.isDrawn(standing.draw(item.name, "blind"), oneIn: k)
    }

    private var segment: String {
        guard let segment = policy.segment,
            case .success(let value) = segment.condition.evaluate(in: scope).value
        else { return "" }
        return value.plainText
    }

    /// An action that went past the review it needed is told in the summary.
    private func noted(_ reasons: [Routing.Reason], _ review: Routing.Review) -> [Routing.Reason] {
        guard item.action.state == .taken, review == .before, let first = reasons.first else {
            return reasons
        }
        let sentence = first.sentence + " (and the action was already taken)"
        let noted = Routing.Reason(
            placement: first.placement,
            sentence: sentence,
            readsProposal: first.readsProposal
        )
        return [noted] + reasons.dropFirst()
    }
}

// MARK: - What always applies

extension Router {
    /// Adds a reason; one that asks for no review is none.
    private mutating func apply(
        _ placement: Routing.Placement,
        _ review: Routing.Review,
        _ sentence: String,
        readsProposal: Bool,
        dueMilliseconds: Int64? = nil
    ) {
        guard review != .none else { return }
        let standard =
            review == .before
            ? policy.budget?.unansweredAfterMilliseconds ?? Policy.defaultBeforeMilliseconds
            : policy.after.windowMilliseconds ?? Policy.defaultAfterMilliseconds
        applying.append(
            Applying(
                reason: Routing.Reason(
                    placement: placement,
                    sentence: sentence,
                    readsProposal: readsProposal
                ),
                review: review,
                due: standing.now.advanced(byMilliseconds: dueMilliseconds ?? standard)
            )
        )
    }

    /// After the action is too late where nothing can undo it.
    private var afterIfReversible: Routing.Review {
        item.action.reversal == Case.Action.Reversal.none ? .before : .after
    }

    private mutating func placeRules() {
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

    private mutating func placeOutput() {
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

// MARK: - Confidence

extension Router {
    private mutating func placeConfidence() {
        guard let confidence = policy.confidence else { return }
        var values: [String: JSON] = [:]
        var missing: [String] = []
        var isBelow = false
        var limitPpm: Int?
        if let ppm, let bin {
            values["ppm"] = .integer(ppm)
            values["bin"] = .integer(bin)
            if let table = standing.table, table.indices.contains(bin) {
                values["calibratedPPM"] = .integer(table[bin])
            }
        } else {
            missing.append("confidence")
        }
        switch confidence.below {
        case .literal(let below):
            values["belowPPM"] = .integer(below)
            limitPpm = below
            isBelow = ppm.map { $0 < below } ?? false
        case .threshold:
            if let threshold = standing.threshold {
                values["thresholdBin"] = .integer(threshold.bin)
                values["thresholdPPM"] = .integer(threshold.ppm)
                limitPpm = threshold.ppm
                isBelow = bin.map { $0 < threshold.bin } ?? false
            } else {
                missing.append("threshold")
            }
        }
        let result: Routing.Result = !missing.isEmpty ? .unknown : isBelow ? .yes : .no
        why.append(
            Routing.Why(
                rule: "confidence",
                result: result,
                values: values,
                missing: missing,
                readsProposal: true
            )
        )
        if result == .no { return }
        apply(
            .confidence,
            review(below: confidence),
            Self.sentence(ppm, limitPpm),
            readsProposal: true
        )
    }

    private func review(below confidence: Policy.Confidence) -> Routing.Review {
        switch phase {
        case 1: .before
        case 2: confidence.review == .before ? .before : .after
        case 3: afterIfReversible
        default: .none
        }
    }

    private static func sentence(_ ppm: Int?, _ limit: Int?) -> String {
        guard let ppm else { return "the AI gave no confidence" }
        guard let limit else { return "no threshold is certified yet for the AI's confidence" }
        return "the AI's confidence \(percent(ppm)) is below \(percent(limit))"
    }

    /// Parts per million as a percentage, with the digits it needs: `93 %`, `89.3309 %`.
    private static func percent(_ ppm: Int) -> String {
        "\(JSON.number(Double(ppm) / 10_000).canonical) %"
    }
}

// MARK: - What is left, and chance

extension Router {
    /// Whether knowing of this placement tells what the AI's answer was not.
    private var restReadsProposal: Bool {
        policy.confidence != nil || policy.output != nil
            || policy.rules.contains(where: \.readsProposal)
    }

    /// The phase's rest, which no rule and no threshold asks for; returns the k it is drawn with.
    private mutating func placeRest(_ isRest: Bool, _ number: UInt32) -> [Int] {
        guard isRest else { return [] }
        switch phase {
        case 1:
            apply(
                .before,
                .before,
                "phase 1: everything is reviewed before the action",
                readsProposal: restReadsProposal
            )
            return []
        case 3:
            let k = policy.after.k
            if Standing.isDrawn(number, oneIn: k) {
                let share = k == 1 ? "everything" : "1 in \(k)"
                apply(
                    .after,
                    afterIfReversible,
                    "phase 3: \(share) is reviewed after the action",
                    readsProposal: restReadsProposal
                )
            }
            return [k]
        default: return []
        }
    }

    /// The samples, drawn with one number so that they nest; returns the k that apply.
    private mutating func placeSamples(_ isRest: Bool, _ number: UInt32) -> [Int] {
        guard let sample = policy.sample else { return [] }
        var odds: [Int] = []
        let isConfident = isRest && (phase == 2 || phase == 3)
        for (rule, k, applies) in [
            ("sample.core", sample.core, true), ("sample.confident", sample.confident, isConfident),
        ] {
            guard let k else { continue }
            let isDrawn = applies && Standing.isDrawn(number, oneIn: k)
            let readsProposal = rule == "sample.confident"
            why.append(
                Routing.Why(
                    rule: rule,
                    result: isDrawn ? .yes : .no,
                    values: ["k": .integer(k)],
                    readsProposal: readsProposal
                )
            )
            if applies { odds.append(k) }
            if isDrawn, applying.last?.reason.placement != .sample {
                apply(
                    .sample,
                    phase == 1 ? .before : .after,
                    "drawn at random, 1 in \(k)",
                    readsProposal: readsProposal
                )
            }
        }
        return odds
    }
}
