import Review

/// Why a condition has no value: something is missing, or the values do not go together.
package struct Failure: Error, Sendable, Equatable {
    package let message: String
    /// The fields that were asked for and not there; empty if that was not the reason.
    package let missing: [String]
    /// In bytes from the beginning of the condition.
    package let offset: Int

    /// This failure, which also lacks what another lacked.
    func joined(by other: Failure) -> Failure {
        let more = other.missing.filter { !missing.contains($0) }
        return Failure(message: message, missing: missing + more, offset: offset)
    }
}

/// Evaluates one condition over one scope, and writes down what it compared.
struct Evaluator {
    let scope: Scope
    private(set) var record: [String: JSON] = [:]

    init(_ scope: Scope) { self.scope = scope }

    /// Text longer than this is left out of the record: it is in the case.
    private static let recordedTextLimit = 200

    mutating func value(of expression: Expression) throws(Failure) -> Value {
        switch expression.kind {
        case .literal(let value): return value
        case .path(let path): return try follow(path, at: expression.offset)
        case .recorded(let inner, let name):
            let value = try value(of: inner)
            write(value, as: name)
            return value
        case .compare(let comparison, let left, let right):
            let (left, right) = (try value(of: left), try value(of: right))
            return .bool(try compare(comparison, left, right, at: expression.offset))
        case .all(let operands): return .bool(try combine(operands, decidedBy: false))
        case .any(let operands): return .bool(try combine(operands, decidedBy: true))
        case .not(let operand): return .bool(!(try truth(of: operand)))
        case .conditional(let condition, let yes, let no):
            return try value(of: try truth(of: condition) ? yes : no)
        case .matches(let operand, let pattern):
            return try matches(try value(of: operand), pattern, at: expression.offset)
        case .has(let parent, let field): return .bool(try has(field, in: parent))
        default: return try lessCommon(expression)
        }
    }

    private mutating func lessCommon(_ expression: Expression) throws(Failure) -> Value {
        let offset = expression.offset
        switch expression.kind {
        case .select(let parent, let field):
            return try refusing(at: offset, try value(of: parent)) { value throws(Refusal) in
                try Self.step(.field(field), from: value, named: { ".\(field)" })
            }
        case .index(let parent, let index):
            let key = try value(of: index)
            return try refusing(at: offset, try value(of: parent)) { value throws(Refusal) in
                try Self.element(key, of: value)
            }
        case .arithmetic(let operation, let left, let right):
            let right = (left: try value(of: left), right: try value(of: right))
            return try refusing(at: offset, right) { pair throws(Refusal) in
                try operation(pair.left, pair.right)
            }
        case .negate(let operand):
            return try refusing(at: offset, try value(of: operand), Functions.negate)
        case .contained(let element, let list):
            let element = try value(of: element)
            return try refusing(at: offset, try value(of: list)) { list throws(Refusal) in
                .bool(try Functions.contains(list, element))
            }
        case .list(let elements):
            var values: [Value] = []
            for element in elements { values.append(try value(of: element)) }
            return .list(values)
        case .map(let entries): return try map(entries, at: offset)
        case .call(let function, let arguments):
            var values: [Value] = []
            for argument in arguments { values.append(try value(of: argument)) }
            let scope = scope
            return try refusing(at: offset, values) { values throws(Refusal) in
                try function.apply(to: values, in: scope)
            }
        case .unknownCall(let word, _):
            throw Failure(
                message: "there is no function `\(word)` for this",
                missing: [],
                offset: offset
            )
        default: preconditionFailure("value(of:) evaluates the other kinds itself")
        }
    }

    private func refusing<Input>(
        at offset: Int,
        _ input: Input,
        _ body: (Input) throws(Refusal) -> Value
    ) throws(Failure) -> Value {
        do { return try body(input) } catch {
            throw Failure(message: error.reason, missing: error.missing, offset: offset)
        }
    }

    private mutating func write(_ value: Value, as name: String) {
        switch value {
        case .string(let text) where text.utf8.count > Self.recordedTextLimit: break
        case .list, .map, .jsonList, .jsonMap, .bytes: break
        default: record[name] = value.json
        }
    }
}

// MARK: - Truth

extension Evaluator {
    mutating func truth(of expression: Expression) throws(Failure) -> Bool {
        let value = try value(of: expression)
        guard case .bool(let truth) = value else {
            throw Failure(
                message: "a bool is needed here, this is \(value.typeName)",
                missing: [],
                offset: expression.offset
            )
        }
        return truth
    }

    /// `&&` and `||` of CEL: one operand that decides makes up for failures of all others.
    private mutating func combine(
        _ operands: [Expression],
        decidedBy decisive: Bool
    ) throws(Failure) -> Bool {
        var failure: Failure?
        for operand in operands {
            do {
                if try truth(of: operand) == decisive { return decisive }
            } catch {
                failure = failure.map { $0.joined(by: error) } ?? error
            }
        }
        if let failure { throw failure }
        return !decisive
    }

    private func compare(
        _ comparison: Comparison,
        _ left: Value,
        _ right: Value,
        at offset: Int
    ) throws(Failure) -> Bool {
        switch comparison {
        case .equal: return left.equals(right)
        case .notEqual: return !left.equals(right)
        default: break
        }
        guard let order = left.order(to: right) else {
            throw Failure(
                message: "`\(comparison.rawValue)` does not take \(left.typeName) and "
                    + right.typeName,
                missing: [],
                offset: offset
            )
        }
        return switch comparison {
        case .less: order == .less
        case .lessOrEqual: order == .less || order == .same
        case .greater: order == .greater
        default: order == .greater || order == .same
        }
    }

    private func matches(
        _ value: Value,
        _ pattern: Pattern,
        at offset: Int
    ) throws(Failure) -> Value {
        try refusing(at: offset, value) { value throws(Refusal) in
            guard case .string(let text) = value else {
                throw Refusal("matches() reads text, this is \(value.typeName)")
            }
            return .bool(try pattern.matches(text))
        }
    }
}
