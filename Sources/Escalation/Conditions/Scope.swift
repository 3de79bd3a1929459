import Review

/// What the names in a condition stand for: one case, or values to try a condition out with.
///
/// A name or field that the case does not have is missing, which is neither false nor null. A class,
/// so that every rule looks at the same one.
package final class Scope: Sendable {
    private let input: JSON?
    private let context: JSON?
    private let attributes: JSON?
    private let model: JSON?
    private let output: JSON?
    private let label: String?
    private let confidence: Double?
    private let subject: String?
    private let action: Case.Action?
    private let phase: Int?
    private let bound: [String: Value]?
    let calibration: [Int]?
    let shape: Shape?

    /// The scope of a case under a policy, in a phase, with the published calibration if there is one.
    init(_ item: Case, under policy: Policy, phase: Int, calibration: [Int]?) {
        input = item.input
        context = item.context
        attributes = item.attributes
        model = item.content["model"]
        output = item.output
        label = policy.label(of: item.label)
        confidence = item.confidence
        subject = item.subject
        action = item.action
        self.phase = phase
        bound = nil
        self.calibration = calibration
        shape = policy.output
    }

    /// A scope of these names and no others, to try a condition out.
    package init(_ values: [String: Value]) {
        (input, context, attributes, model, output) = (nil, nil, nil, nil, nil)
        (label, confidence, subject, action, phase) = (nil, nil, nil, nil, nil)
        bound = values
        (calibration, shape) = (nil, nil)
    }

    /// The value of a name, or nil where the case has none.
    func value(of name: Name) -> Value? {
        if let bound { return bound[name.word] }
        switch name {
        case .input: return input.map { Value($0) }
        case .output: return output.map { Value($0) }
        case .label: return label.map { .string($0) }
        case .confidence: return confidence.map { .double($0) }
        case .model: return model.map { Value($0) }
        case .context: return context.map { Value($0) }
        case .attributes: return attributes.map { Value($0) }
        case .action: return action.map(Self.value)
        case .subject: return subject.map { .string($0) }
        case .phase: return phase.map { .int(Int64($0)) }
        case .other: return nil
        }
    }

    /// Whether an absent name stands for an object without members, so that `has()` can ask.
    func isEmptyObject(_ name: Name) -> Bool {
        guard bound == nil else { return false }
        switch name {
        case .input, .context, .attributes, .model: return value(of: name) == nil
        default: return false
        }
    }

    private static func value(_ action: Case.Action) -> Value {
        .jsonMap(
            [
                "state": JSON.string(action.state.rawValue),
                "reversal": action.reversal.map { .string($0.rawValue) },
                "takenAt": action.takenAt.map { .string($0.description) },
                "reversibleUntil": action.reversibleUntil.map { .string($0.description) },
            ].compactMapValues { $0 }
        )
    }
}
