/// Reads a condition by recursive descent over CEL's grammar.
struct ConditionParser {
    let tokens: [Token]
    var at = 0
    private var nesting = 0

    /// How deep brackets, operators and chains may nest: CEL asks for 32 at least.
    static let depthLimit = 150

    static func parse(_ text: String) throws(ConditionError) -> Expression {
        var parser = ConditionParser(tokens: try Lexer.tokens(of: text))
        let expression = try parser.expression()
        guard parser.token.kind == .end else { throw parser.unexpected("an operator or the end") }
        return parser.recorded(expression)
    }

    private init(tokens: [Token]) { self.tokens = tokens }

    var token: Token { tokens[min(at, tokens.count - 1)] }

    mutating func take(_ symbol: String) -> Bool {
        guard token.kind == .symbol(symbol) else { return false }
        at += 1
        return true
    }

    mutating func expect(_ symbol: String) throws(ConditionError) {
        if !take(symbol) { throw unexpected("`\(symbol)`") }
    }

    func unexpected(_ wanted: String) -> ConditionError {
        let found =
            switch token.kind {
            case .end: "the condition ends too early"
            case .int, .uint, .double: "a number cannot stand here"
            case .string, .bytes: "a text cannot stand here"
            case .word(let word): "`\(word)` cannot stand here"
            case .quotedWord: "a name in backticks stands only after a dot"
            case .symbol(let symbol): "`\(symbol)` cannot stand here"
            }
        return ConditionError("\(found); \(wanted) is expected", at: token.offset)
    }

    func node(_ kind: Expression.Kind, at offset: Int) throws(ConditionError) -> Expression {
        let expression = Expression(kind, at: offset)
        if expression.depth > Self.depthLimit { throw tooDeep(offset) }
        return expression
    }

    func tooDeep(_ offset: Int) -> ConditionError {
        ConditionError("the condition nests more than \(Self.depthLimit) levels deep", at: offset)
    }
}

// MARK: - What is written down

extension ConditionParser {
    /// The operand of a comparison or the like, marked if a record of the case should show it.
    ///
    /// Fields and what we compute from them are; a function called twice is named with its argument.
    private func recorded(_ operand: Expression) -> Expression {
        let name: String
        switch operand.kind {
        case .path(let path): name = path.description
        case .call(let function, let arguments):
            guard [.words, .size, .calibrated, .conforms].contains(function),
                case .path(let path) = arguments[0].kind
            else { return operand }
            let calls = tokens.count { $0.kind == .word(function.rawValue) }
            name = calls == 1 ? function.rawValue : "\(function.rawValue)(\(path))"
        default: return operand
        }
        return Expression(.recorded(operand, as: name), at: operand.offset)
    }
}

// MARK: - Operators, loosest first

extension ConditionParser {
    mutating func expression() throws(ConditionError) -> Expression {
        nesting += 1
        defer { nesting -= 1 }
        if nesting > Self.depthLimit { throw tooDeep(token.offset) }
        let condition = try chain("||", Expression.Kind.any) { p throws(ConditionError) in
            try p.chain("&&", Expression.Kind.all) { p throws(ConditionError) in try p.relation() }
        }
        let offset = token.offset
        guard take("?") else { return condition }
        let yes = try expression()
        try expect(":")
        let no = try expression()
        return try node(.conditional(recorded(condition), yes, no), at: offset)
    }

    private mutating func chain(
        _ symbol: String,
        _ kind: ([Expression]) -> Expression.Kind,
        of operand: (inout ConditionParser) throws(ConditionError) -> Expression
    ) throws(ConditionError) -> Expression {
        let offset = token.offset
        var operands = [try operand(&self)]
        while take(symbol) { operands.append(try operand(&self)) }
        if operands.count == 1 { return operands[0] }
        return try node(kind(operands.map(recorded)), at: offset)
    }

    private mutating func relation() throws(ConditionError) -> Expression {
        var left = try sum()
        while true {
            let offset = token.offset
            if case .symbol(let symbol) = token.kind, let comparison = Comparison(rawValue: symbol)
            {
                at += 1
                left = try node(
                    .compare(comparison, recorded(left), recorded(try sum())),
                    at: offset
                )
            } else if token.kind == .word("in") {
                at += 1
                left = try node(.contained(recorded(left), in: try sum()), at: offset)
            } else {
                return left
            }
        }
    }

    private mutating func sum() throws(ConditionError) -> Expression {
        try arithmetic([.add, .subtract]) { p throws(ConditionError) in
            try p.arithmetic([.multiply, .divide, .remainder]) { p throws(ConditionError) in
                try p.unary()
            }
        }
    }

    private mutating func arithmetic(
        _ operations: [Arithmetic],
        of operand: (inout ConditionParser) throws(ConditionError) -> Expression
    ) throws(ConditionError) -> Expression {
        var left = try operand(&self)
        while case .symbol(let symbol) = token.kind,
            let operation = operations.first(where: { $0.rawValue == symbol })
        {
            let offset = token.offset
            at += 1
            left = try node(.arithmetic(operation, left, try operand(&self)), at: offset)
        }
        return left
    }

    private mutating func unary() throws(ConditionError) -> Expression {
        nesting += 1
        defer { nesting -= 1 }
        if nesting > Self.depthLimit { throw tooDeep(token.offset) }
        let offset = token.offset
        if take("!") { return try node(.not(recorded(try unary())), at: offset) }
        guard take("-") else { return try member() }
        if let number = try negativeNumber(at: offset) { return try suffixes(of: number) }
        return try node(.negate(try unary()), at: offset)
    }

    /// A minus directly before a number belongs to it, so that the smallest integer can be written.
    private mutating func negativeNumber(at offset: Int) throws(ConditionError) -> Expression? {
        switch token.kind {
        case .int(let magnitude):
            guard magnitude <= 1 << 63 else { throw tooLarge(magnitude) }
            at += 1
            return try node(.literal(.int(Int64(truncatingIfNeeded: 0 &- magnitude))), at: offset)
        case .double(let value):
            at += 1
            return try node(.literal(.double(-value)), at: offset)
        default: return nil
        }
    }

    func tooLarge(_ magnitude: UInt64) -> ConditionError {
        ConditionError("\(magnitude) is beyond 64 bits; write \(magnitude)u", at: token.offset)
    }
}
