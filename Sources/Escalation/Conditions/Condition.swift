package import Review

/// A condition of a policy, parsed once and evaluated for every case.
///
///     let condition = try Condition("attributes.amount > 500")
///     condition.evaluate(in: scope).result  // yes, no, or unknown with what was missing
package struct Condition: Sendable {
    package let source: String
    let expression: Expression
    /// Whether it reads the AI's answer, and so must stay hidden in a blind review.
    package let readsProposal: Bool

    /// Reads a condition; names and types are checked by `problems`, and again when evaluated.
    package init(_ source: String) throws(ConditionError) {
        self.source = source
        expression = try ConditionParser.parse(source)
        readsProposal = expression.readsProposal
    }

    /// What an evaluation found: the value or why there is none, and the values compared.
    package struct Evaluation: Sendable {
        package let value: Result<Value, Failure>
        package let record: [String: JSON]
    }

    package func evaluate(in scope: Scope) -> Evaluation {
        var evaluator = Evaluator(scope)
        do {
            let value = try evaluator.value(of: expression)
            return Evaluation(value: .success(value), record: evaluator.record)
        } catch {
            return Evaluation(value: .failure(error), record: evaluator.record)
        }
    }
}

extension Expression {
    /// Whether any part of the case that a blind reviewer must not know is asked for.
    var readsProposal: Bool {
        switch kind {
        case .path(let path): path.readsProposal
        case .has(let parent, let field):
            if case .path(let path) = parent.kind {
                path.appending(.field(field)).readsProposal
            } else {
                parent.readsProposal
            }
        case .call(.calibrated, _), .call(.conforms, _): true
        default: children.contains(where: \.readsProposal)
        }
    }
}

extension Path {
    /// Output, label, confidence and the AI's reasoning are the proposal (`formats.md`, "Hub entries").
    var readsProposal: Bool {
        switch root {
        case .output, .label, .confidence: true
        case .context:
            switch steps.first {
            case .field(let field): field == "reasoning"
            default: true
            }
        default: false
        }
    }
}
