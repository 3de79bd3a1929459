/// What a verdict or an outcome says about the AI's answer.
///
/// The raw values travel in deltas.
package enum VerdictClass: Int, Sendable, CaseIterable, Comparable {
    case agree = 0
    case overturn = 1
    case amend = 2
    case abstain = 3

    package static func < (left: VerdictClass, right: VerdictClass) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The class of an answer: other label, overturn; same label and other output, amend.
    ///
    /// An absent output under the AI's label is the AI's. Where the AI gave no valid label, any
    /// answer is an overturn. In a workflow that accepts, the labels themselves say it.
    package init(answer: Verdict.Answer, output: JSON?, ai: AIAnswer) {
        switch answer {
        case .abstain: self = .abstain
        case .label("amend") where ai.accepts: self = .amend
        case .label(let label):
            if label != ai.label {
                self = .overturn
            } else {
                self = (output ?? ai.output) == ai.output ? .agree : .amend
            }
        }
    }

    package init?(json: JSON?) {
        guard let value = json?.integer, let known = VerdictClass(rawValue: Int(value)) else {
            return nil
        }
        self = known
    }
}

/// The AI's side of a comparison.
package struct AIAnswer: Sendable, Equatable {
    /// Nil where the AI's label is outside the vocabulary.
    package let label: String?
    package let output: JSON
    /// Whether reviewers accept, amend or reject instead of choosing a label.
    package let accepts: Bool

    package init(label: String?, output: JSON, accepts: Bool) {
        self.label = label
        self.output = output
        self.accepts = accepts
    }
}
