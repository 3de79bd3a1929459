package import Review

/// One workflow's policy: who must look at its cases, and when.
///
/// A value, read from a `PolicyTree` by `Policy.parse`; `route` applies it to a case. What the file
/// left out does not happen.
package struct Policy: Sendable {
    /// How a person answers: by choosing a label, or by accepting, amending or rejecting.
    package enum Answer: String, Sendable, CaseIterable { case choose, accept }

    package let workflow: String
    /// The vocabulary shared by the AI and its reviewers.
    package let labels: [String]
    package let answer: Answer
    /// Where the chosen label belongs in the output, as an RFC 6901 pointer.
    package let labelAt: String?
    package let reasons: [String]
    /// The error rate accepted in what proceeds unseen.
    package let tolerancePpm: Int?
    /// The phase at the first activation; afterwards the phase is the hub's state.
    package let phase: Int
    package let ceiling: Int
    package let segment: Segment?
    /// What does not conform is reviewed before the action.
    package let output: Shape?
    package let rules: [Rule]
    package let confidence: Confidence?
    package let sample: Sample?
    package let review: Opinions
    package let budget: Budget?
    package let after: After
    /// What the file asks for and this version does not do yet.
    package let inactive: [String]

    /// The label the AI is taken to have given: with `answer: accept` it always accepts.
    package func label(of given: String?) -> String? {
        answer == .accept ? given ?? "accept" : given
    }
}

extension Policy {
    /// An exception: a condition, and what follows when it holds or cannot be told.
    package struct Rule: Sendable {
        package let name: String
        package let when: Condition
        /// `before` or `after`.
        package let review: Timing
        package let authority: Authority?
        package let opinions: Int?
        package let dueMilliseconds: Int64?
        let why: Template?
        package let settledMilliseconds: Int64?

        /// Whether the reason this rule gives may not be shown in a blind review.
        var readsProposal: Bool {
            when.readsProposal || why?.conditions.contains(where: \.readsProposal) == true
        }
    }

    /// When a person looks, where a policy can say so.
    package enum Timing: String, Sendable, CaseIterable { case before, after }

    /// The confidence-thresholded placement.
    package struct Confidence: Sendable, Equatable {
        package enum Below: Sendable, Equatable {
            /// The threshold that evidence has certified, kept by the hub.
            case threshold
            /// A number of the author's, compared with the raw confidence.
            case literal(ppm: Int)
        }

        package let review: Timing
        package let below: Below
    }

    /// The random samples, each of 1 in k.
    package struct Sample: Sendable, Equatable {
        /// Of everything, whatever the score.
        package let core: Int?
        /// Of what would have proceeded; never rarer than the core.
        package let confident: Int?
    }

    /// How reviews are held and resolved.
    package struct Opinions: Sendable, Equatable {
        package enum Reveal: String, Sendable, CaseIterable { case local, hub }
        package enum Adjudicate: String, Sendable, CaseIterable { case senior, third }
        package enum Reason: String, Sendable, CaseIterable { case optional, required }

        /// An independent second review, of 1 in k.
        package struct Second: Sendable, Equatable {
            package let k: Int
            package let holds: Bool
        }

        /// Known-answer cases: 1 in k of what a reviewer sees, and the share where the AI was wrong.
        package struct Known: Sendable, Equatable {
            package let k: Int
            package let wrong: Fraction?
        }

        package var opinions = 1
        package var second: Second?
        /// The AI's answer is withheld in 1 in k.
        package var blind: Int?
        package var reveal = Reveal.local
        package var adjudicate = Adjudicate.senior
        package var leaseMilliseconds: Int64?
        package var settleMilliseconds: Int64 = 600_000
        package var known: Known?
        package var reason = Reason.optional
    }

    package struct Fraction: Sendable, Equatable {
        package let numerator: Int
        package let denominator: Int
    }

    /// What keeps the queue within what people can read.
    package struct Budget: Sendable, Equatable {
        package enum Overflow: String, Sendable, CaseIterable { case `defer`, sample }

        /// So many reviews in so many milliseconds.
        package struct Rate: Sendable, Equatable {
            package let reviews: Int
            package let milliseconds: Int64
        }

        package var rate: Rate?
        package var neverDefer: [String] = []
        package var overflow = Overflow.defer
        package var unansweredAfterMilliseconds: Int64?
        package var unansweredTo: Authority?
        package var expireMilliseconds: Int64?
    }

    /// What happens after the action.
    package struct After: Sendable, Equatable {
        /// In phase 3, 1 in k is reviewed after the action.
        package var k = 1
        package var windowMilliseconds: Int64?
    }

    /// The field whose value keeps counters apart.
    package struct Segment: Sendable {
        let condition: Condition

        package var path: String { condition.source }
    }

    /// How long a review may take where the policy does not say.
    package static let defaultBeforeMilliseconds: Int64 = 48 * 3_600_000
    package static let defaultAfterMilliseconds: Int64 = 72 * 3_600_000
}
