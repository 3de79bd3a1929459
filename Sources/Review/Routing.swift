/// What the hub decided about a case when it came in: who must look, when, and why.
///
/// Made once by Escalation, kept with the case, never computed again.
package struct Routing: Sendable, Equatable {
    /// When a person looks: before the action, after it, or not at all.
    package enum Review: String, Sendable, Comparable {
        case none, after, before

        /// The strictest is the largest.
        package static func < (left: Review, right: Review) -> Bool { left.rank < right.rank }
        private var rank: Int { self == .none ? 0 : self == .after ? 1 : 2 }
    }

    /// Why and where a person stands.
    package enum Placement: String, Sendable, CaseIterable {
        case exception, before, after, confidence, sample
    }

    /// What the caller may do now.
    package enum Disposition: String, Sendable { case proceed, hold }

    package enum Result: Sendable, Equatable { case no, yes, unknown }

    /// One rule, fired or not, with the values it compared.
    package struct Why: Sendable, Equatable {
        package let rule: String
        package let result: Result
        package let values: [String: JSON]
        /// The fields a condition asked for and did not find.
        package let missing: [String]
        /// Whether the rule reads the AI's answer, and so stays hidden in a blind review.
        package let readsProposal: Bool

        package init(
            rule: String,
            result: Result,
            values: [String: JSON] = [:],
            missing: [String] = [],
            readsProposal: Bool = false
        ) {
            self.rule = rule
            self.result = result
            self.values = values
            self.missing = missing
            self.readsProposal = readsProposal
        }
    }

    /// One reason for the review, strictest first; the first fired one makes the summary.
    package struct Reason: Sendable, Equatable {
        package let placement: Placement
        package let sentence: String
        package let readsProposal: Bool

        package init(placement: Placement, sentence: String, readsProposal: Bool) {
            self.placement = placement
            self.sentence = sentence
            self.readsProposal = readsProposal
        }
    }

    package let review: Review
    package let disposition: Disposition
    package let reasons: [Reason]
    package let why: [Why]
    /// The review was certain with probability 1/k; 1 is certain.
    package let k: Int
    package let core: Bool
    /// Confidence in parts per million, or nil where there is none.
    package let ppm: Int?
    /// The LOGIT130 bin of `ppm`, 0 to 129.
    package let bin: Int?
    package let blind: Bool
    package let opinions: Int
    package let authority: Authority
    package let segment: String
    package let due: Timestamp?
    package let phase: Int

    package init(
        review: Review,
        disposition: Disposition,
        reasons: [Reason],
        why: [Why],
        k: Int,
        core: Bool,
        ppm: Int?,
        bin: Int?,
        blind: Bool,
        opinions: Int,
        authority: Authority,
        segment: String,
        due: Timestamp?,
        phase: Int
    ) {
        self.review = review
        self.disposition = disposition
        self.reasons = reasons
        self.why = why
        self.k = k
        self.core = core
        self.ppm = ppm
        self.bin = bin
        self.blind = blind
        self.opinions = opinions
        self.authority = authority
        self.segment = segment
        self.due = due
        self.phase = phase
    }

    /// The placements that apply, each once, in the order of the reasons.
    package var placements: [Placement] {
        reasons.reduce(into: []) { seen, reason in
            if !seen.contains(reason.placement) { seen.append(reason.placement) }
        }
    }

    /// One line for a person: why this case is here.
    package var summary: String { reasons.first?.sentence ?? "nothing asks for a review" }
}

/// Who may answer: a reviewer, or only a senior one.
package enum Authority: String, Sendable, Comparable, CaseIterable {
    case reviewer, senior

    package static func < (left: Authority, right: Authority) -> Bool {
        left == .reviewer && right == .senior
    }
}
