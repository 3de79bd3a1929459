/// A name that a condition can use without saying where it comes from.
enum Name: Sendable, Equatable {
    case input, output, label, confidence, model, context, attributes, action, subject, phase
    /// A name of no case: an error in a policy; what is bound to it, when a condition is tried out.
    case other(String)

    static let known: [(word: String, name: Name)] = [
        ("input", .input), ("output", .output), ("label", .label), ("confidence", .confidence),
        ("model", .model), ("context", .context), ("attributes", .attributes),
        ("action", .action), ("subject", .subject), ("phase", .phase),
    ]

    init(_ word: String) {
        self = Self.known.first { $0.word == word }?.name ?? .other(word)
    }

    var word: String {
        if case .other(let word) = self { return word }
        return Self.known.first { $0.name == self }?.word ?? ""
    }
}

/// A function of the condition language: those of CEL that policies use, and three of our own.
enum Function: String, Sendable, CaseIterable {
    case size, contains, startsWith, endsWith, matches
    case int, uint, double, string, bool, bytes
    case words, calibrated, conforms

    /// Whether `x.f()` is a way to call it, and whether `f(x)` is.
    var isMethod: Bool {
        switch self {
        case .size, .contains, .startsWith, .endsWith, .matches: true
        default: false
        }
    }

    var isGlobal: Bool {
        switch self {
        case .contains, .startsWith, .endsWith: false
        default: true
        }
    }

    /// How many arguments it takes, a receiver counted.
    var arity: Int {
        switch self {
        case .contains, .startsWith, .endsWith, .matches: 2
        default: 1
        }
    }
}
