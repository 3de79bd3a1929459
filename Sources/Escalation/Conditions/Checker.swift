/// Finds what is wrong with a condition before any case is seen.
///
/// Reports only what can never be right: unknown names and functions, and values that no case can
/// make fit. What depends on the case is left to evaluation, where it is unknown, not false.
struct Checker {
    /// Whether the policy says which shape an output has.
    let hasShape: Bool
    private var problems: [ConditionError] = []

    private init(hasShape: Bool) { self.hasShape = hasShape }

    /// The problems of a condition, in its order; `isBool` is false where any value will do.
    static func check(
        _ condition: Condition,
        hasShape: Bool,
        isBool: Bool = true
    ) -> [ConditionError] {
        var checker = Checker(hasShape: hasShape)
        if isBool {
            checker.needsBool(condition.expression)
        } else {
            _ = checker.kind(of: condition.expression)
        }
        return checker.problems.sorted { $0.offset < $1.offset }
    }

    /// What is known of a value without a case; nil is anything.
    enum Kind: Equatable {
        case null, bool, int, uint, double, string, bytes, list, map
        /// From the case's JSON: anything but int, uint and bytes.
        case field

        var isNumber: Bool { self == .int || self == .uint || self == .double }

        /// Whether values of the two can be equal or ordered at all.
        func meets(_ other: Kind) -> Bool {
            self == other || (isNumber && other.isNumber)
                || (self == .field && other != .bytes) || (other == .field && self != .bytes)
        }
    }

    private mutating func report(_ message: String, at offset: Int) {
        problems.append(ConditionError(message, at: offset))
    }

    /// The kind of an expression, after everything below it is checked.
    private mutating func kind(of expression: Expression) -> Kind? {
        switch expression.kind {
        case .literal(let value): return Self.kind(of: value)
        case .recorded(let inner, _): return kind(of: inner)
        case .path(let path): return kind(of: path, at: expression.offset)
        case .select(let value, _):
            _ = kind(of: value)
            return nil
        case .index(let value, let index):
            _ = (kind(of: value), kind(of: index))
            return nil
        case .has(let value, let field): return kindOfHas(value, field)
        case .list(let values):
            for value in values { _ = kind(of: value) }
            return .list
        case .map(let entries):
            for entry in entries { _ = (kind(of: entry.key), kind(of: entry.value)) }
            return .map
        case .not(let value):
            needsBool(value)
            return .bool
        case .all(let values), .any(let values):
            for value in values { needsBool(value) }
            return .bool
        case .negate(let value): return kind(of: value)
        case .conditional(let condition, let yes, let no):
            needsBool(condition)
            let kinds = (kind(of: yes), kind(of: no))
            return kinds.0 == kinds.1 ? kinds.0 : nil
        case .compare(let comparison, let left, let right):
            check(comparison, kind(of: left), kind(of: right), at: expression.offset)
            return .bool
        case .contained(let element, let container):
            _ = kind(of: element)
            if let kind = kind(of: container), ![.list, .map, .field].contains(kind) {
                report("`in` looks in a list or a map, this is \(kind)", at: container.offset)
            }
            return .bool
        case .arithmetic(let operation, let left, let right):
            return check(operation, kind(of: left), kind(of: right), at: expression.offset)
        case .matches(let value, _):
            needsText(value, for: "matches")
            return .bool
        case .call(let function, let arguments):
            return check(function, arguments, at: expression.offset)
        case .unknownCall(let word, let arguments):
            unknown(word, arguments, at: expression.offset)
            return nil
        }
    }

    private static func kind(of value: Value) -> Kind? {
        switch value {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list, .jsonList: .list
        case .map, .jsonMap: .map
        }
    }

    private mutating func needsBool(_ expression: Expression) {
        if let kind = kind(of: expression), kind != .bool, kind != .field {
            report("a condition is true or false, this is \(kind)", at: expression.offset)
        }
    }

    private mutating func needsText(_ expression: Expression, for function: String) {
        if let kind = kind(of: expression), kind != .string, kind != .field {
            report("\(function)() takes text, this is \(kind)", at: expression.offset)
        }
    }
}

// MARK: - Names

extension Checker {
    private mutating func kind(of path: Path, at offset: Int) -> Kind? {
        switch path.root {
        case .other(let word):
            let names = Name.known.map(\.word)
            report(
                "there is no `\(word)` in a case" + Nearest.hint(for: word, among: names)
                    + "; names are " + names.joined(separator: " "),
                at: offset
            )
            return nil
        case .label, .subject, .confidence, .phase:
            if !path.steps.isEmpty {
                report("`\(path.root.word)` is a single value and has no fields", at: offset)
            }
            return path.root == .confidence ? .double : path.root == .phase ? .int : .string
        case .action:
            let fields = ["state", "reversal", "takenAt", "reversibleUntil"]
            if case .field(let field)? = path.steps.first, !fields.contains(field) {
                report(
                    "`action` has no `\(field)`" + Nearest.hint(for: field, among: fields),
                    at: offset
                )
            }
            return path.steps.isEmpty ? .map : .string
        case .attributes, .context, .model: return path.steps.isEmpty ? .map : .field
        case .input, .output: return .field
        }
    }

    private mutating func kindOfHas(_ parent: Expression, _ field: String) -> Kind? {
        if case .path(let path) = parent.kind {
            _ = kind(of: path.appending(.field(field)), at: parent.offset)
        } else {
            _ = kind(of: parent)
        }
        return .bool
    }

    private mutating func unknown(_ word: String, _ arguments: [Expression], at offset: Int) {
        if ["all", "exists", "exists_one", "filter", "map", "timestamp", "duration"].contains(word)
        {
            // The arguments of a macro name a variable of its own, so they are not checked.
            return report("`\(word)` is CEL, but not yet part of this version", at: offset)
        }
        for argument in arguments { _ = kind(of: argument) }
        if let function = Function(rawValue: word) {
            let form =
                function.isMethod
                ? (function.arity == 1 ? "x.\(word)()" : "x.\(word)(y)") : "\(word)(x)"
            return report("`\(word)` is called as \(form)", at: offset)
        }
        let functions = Function.allCases.map(\.rawValue) + ["has"]
        report(
            "there is no function `\(word)`" + Nearest.hint(for: word, among: functions),
            at: offset
        )
    }
}

// MARK: - Operators and functions

extension Checker {
    private mutating func check(
        _ comparison: Comparison,
        _ left: Kind?,
        _ right: Kind?,
        at offset: Int
    ) {
        guard let left, let right else { return }
        switch comparison {
        case .equal, .notEqual:
            if !left.meets(right), left != .null, right != .null {
                report("\(left) and \(right) are never equal", at: offset)
            }
        default:
            let hasOrder = ![left, right].contains { [.null, .list, .map].contains($0) }
            if !hasOrder || !left.meets(right) {
                report("`\(comparison.rawValue)` has no order of \(left) and \(right)", at: offset)
            }
        }
    }

    private mutating func check(
        _ operation: Arithmetic,
        _ left: Kind?,
        _ right: Kind?,
        at offset: Int
    ) -> Kind? {
        guard let left, let right else { return nil }
        let pair = [left, right]
        if pair.contains(.field) {
            if pair.contains(.int) || pair.contains(.uint) {
                report(
                    "the numbers of a case are doubles, and `\(operation.rawValue)` needs two of one "
                        + "type; write 2.0 for 2, or int(…) around the field",
                    at: offset
                )
            } else if left == .null || right == .null || pair.contains(.bool)
                || pair.contains(.bytes)
            {
                report("`\(operation.rawValue)` does not take \(left) and \(right)", at: offset)
            }
            return left == right ? nil : pair.contains(.double) ? .double : nil
        }
        let takes: [Kind] =
            switch operation {
            case .add: [.int, .uint, .double, .string, .bytes, .list]
            case .remainder: [.int, .uint]
            default: [.int, .uint, .double]
            }
        guard left == right, takes.contains(left) else {
            report("`\(operation.rawValue)` does not take \(left) and \(right)", at: offset)
            return nil
        }
        return left
    }

    private mutating func check(
        _ function: Function,
        _ arguments: [Expression],
        at offset: Int
    ) -> Kind? {
        switch function {
        case .contains, .startsWith, .endsWith, .matches:
            for argument in arguments { needsText(argument, for: function.rawValue) }
            return .bool
        case .words:
            needsText(arguments[0], for: function.rawValue)
            return .int
        case .size:
            if let kind = kind(of: arguments[0]),
                ![.string, .bytes, .list, .map, .field].contains(kind)
            {
                report("\(kind) has no size", at: offset)
            }
            return .int
        case .calibrated:
            if let kind = kind(of: arguments[0]), kind != .double, kind != .field {
                report("calibrated() takes a confidence, this is \(kind)", at: offset)
            }
            return .double
        case .conforms:
            _ = kind(of: arguments[0])
            if !hasShape {
                report("conforms() needs the policy to have an `output` section", at: offset)
            }
            return .bool
        case .int, .uint, .double, .string, .bool, .bytes:
            _ = kind(of: arguments[0])
            return [
                .int: .int, .uint: .uint, .double: .double, .string: .string, .bool: .bool,
                .bytes: .bytes,
            ][function]
        }
    }
}
