/// A parsed condition, ready to be checked and evaluated.
struct Expression: Sendable {
    let kind: Kind
    /// In bytes from the beginning of the condition, for messages.
    let offset: Int
    /// How deep the tree below is; bounds every walk over it.
    let depth: Int

    indirect enum Kind: Sendable {
        case literal(Value)
        case path(Path)
        case select(Expression, field: String)
        case index(Expression, Expression)
        case has(Expression, field: String)
        case list([Expression])
        case map([(key: Expression, value: Expression)])
        case not(Expression)
        case negate(Expression)
        /// One chain of `&&`, or of `||`: its order never matters to the result.
        case all([Expression])
        case any([Expression])
        case conditional(Expression, Expression, Expression)
        case compare(Comparison, Expression, Expression)
        case arithmetic(Arithmetic, Expression, Expression)
        case contained(Expression, in: Expression)
        /// A function with its receiver, if it had one, as the first argument.
        case call(Function, [Expression])
        case matches(Expression, Pattern)
        /// A name that is called and is no function of the language.
        case unknownCall(String, [Expression])
        /// The same expression, whose value is written down under a name when it is evaluated.
        case recorded(Expression, as: String)
    }

    init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
        depth = 1 + (Expression.children(of: kind).map(\.depth).max() ?? 0)
    }

    var children: [Expression] { Self.children(of: kind) }

    private static func children(of kind: Kind) -> [Expression] {
        switch kind {
        case .literal, .path: []
        case .select(let value, _), .has(let value, _), .not(let value), .negate(let value),
            .matches(let value, _), .recorded(let value, _):
            [value]
        case .index(let left, let right), .compare(_, let left, let right),
            .arithmetic(_, let left, let right), .contained(let left, let right):
            [left, right]
        case .list(let values), .all(let values), .any(let values), .call(_, let values),
            .unknownCall(_, let values):
            values
        case .map(let entries): entries.flatMap { [$0.key, $0.value] }
        case .conditional(let condition, let yes, let no): [condition, yes, no]
        }
    }
}

enum Comparison: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

/// A name in scope and the fields taken from it: `attributes.amount`, `context.retrieval[0].score`.
///
/// A class, since every evaluation passes it around.
final class Path: Sendable, CustomStringConvertible {
    enum Step: Sendable, Equatable {
        case field(String)
        case element(Int)
    }

    let root: Name
    let steps: [Step]
    /// As a person writes it, and as it is named in records.
    let description: String

    init(root: Name, steps: [Step] = []) {
        self.root = root
        self.steps = steps
        description = steps.reduce(root.word) { text, step in
            switch step {
            case .element(let index): "\(text)[\(index)]"
            case .field(let field) where Self.isWord(field): "\(text).\(field)"
            case .field(let field): "\(text)[\(field.debugDescription)]"
            }
        }
    }

    func appending(_ step: Step) -> Path { Path(root: root, steps: steps + [step]) }

    private static func isWord(_ text: String) -> Bool {
        guard let first = text.utf8.first, Lexer.isWordStart(first) else { return false }
        return text.utf8.allSatisfy { Lexer.isWordStart($0) || Lexer.isDigit($0) }
    }
}
