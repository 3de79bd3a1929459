import Review

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
    private(set) var applying: [Applying] = []
    var opinions: Int
    var authority = Authority.reviewer

    /// One reason for a review, when it asks for it, and by when it wants the answer.
    struct Applying {
        let reason: Routing.Reason
        let review: Routing.Review
        let due: Timestamp
    }

    init(policy: Policy, item: Case, standing: Standing) {
        self.policy = policy
        self.item = item
        self.standing = standing
        phase = max(1, min(standing.phase, policy.ceiling))
        scope = Scope(item, under: policy, phase: phase, calibration: standing.table)
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

// MARK: - Reasons

extension Router {
    /// Adds a reason; one that asks for no review is none.
    mutating func apply(
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
    var afterIfReversible: Routing.Review {
        item.action.reversal == Case.Action.Reversal.none ? .before : .after
    }
}
