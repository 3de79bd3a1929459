/// Reads a condition by recursive descent over CEL's grammar.
struct ConditionParser {
    private let tokens: [Token]
    private var at = 0
    private var nesting = 0

    /// How deep brackets, operators and chains may nest: CEL asks for 32 at least.
    private static let depthLimit = 150

    static func parse(_ text: String) throws(ConditionError) -> Expression {
        var parser = ConditionParser(tokens: try Lexer.tokens(of: text))
        let expression = try parser.expression()
        guard parser.token.kind == .end else { throw parser.unexpected("an operator or the end") }
        return parser.recorded(expression)
    }

    private init(tokens: [Token]) { self.tokens = tokens }

    private var token: Token { tokens[min(at, tokens.count - 1)] }

    private mutating func take(_ symbol: String) -> Bool {
        guard token.kind == .symbol(symbol) else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(ConditionError) {
        if !take(symbol) { throw unexpected("`\(symbol)`") }
    }

    private func unexpected(_ wanted: String) -> ConditionError {
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

    private func node(_ kind: Expression.Kind, at offset: Int) throws(ConditionError) -> Expression
    {
        let expression = Expression(kind, at: offset)
        if expression.depth > Self.depthLimit { throw tooDeep(offset) }
        return expression
    }

    private func tooDeep(_ offset: Int) -> ConditionError {
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
    private mutating func expression() throws(ConditionError) -> Expression {
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

    private func tooLarge(_ magnitude: UInt64) -> ConditionError {
        ConditionError("\(magnitude) is beyond 64 bits; write \(magnitude)u", at: token.offset)
    }
}

// MARK: - Members and primaries

extension ConditionParser {
    private mutating func member() throws(ConditionError) -> Expression {
        try suffixes(of: try primary())
    }

    private mutating func suffixes(of first: Expression) throws(ConditionError) -> Expression {
        var value = first
        while true {
            let offset = token.offset
            if take(".") {
                let field: String
                switch token.kind {
                case .word(let word): field = word
                case .quotedWord(let word): field = word
                default: throw unexpected("a field name")
                }
                let isQuoted = token.kind == .quotedWord(field)
                let fieldOffset = token.offset
                at += 1
                if !isQuoted, take("(") {
                    let arguments = try list(until: ")")
                    value = try call(field, on: value, arguments, at: fieldOffset)
                } else if case .path(let path) = value.kind {
                    if path.steps.count >= Self.depthLimit { throw tooDeep(fieldOffset) }
                    value = try node(.path(path.appending(.field(field))), at: value.offset)
                } else {
                    value = try node(.select(value, field: field), at: fieldOffset)
                }
            } else if take("[") {
                let index = try expression()
                try expect("]")
                value = try node(Self.indexing(value, index), at: offset)
            } else {
                return value
            }
        }
    }

    /// A path where it can stay one: indexed by a text, or by a whole number that is a place.
    private static func indexing(_ value: Expression, _ index: Expression) -> Expression.Kind {
        switch (value.kind, index.kind) {
        case (.path(let path), .literal(.string(let field))): .path(path.appending(.field(field)))
        case (.path(let path), .literal(.int(let place)))
        where (0...Int64(Int32.max)).contains(place):
            .path(path.appending(.element(Int(place))))
        default: .index(value, index)
        }
    }

    private mutating func primary() throws(ConditionError) -> Expression {
        let offset = token.offset
        switch token.kind {
        case .int(let magnitude):
            guard let value = Int64(exactly: magnitude) else { throw tooLarge(magnitude) }
            at += 1
            return try node(.literal(.int(value)), at: offset)
        case .uint(let value): return try literal(.uint(value))
        case .double(let value): return try literal(.double(value))
        case .string(let value): return try literal(.string(value))
        case .bytes(let value): return try literal(.bytes(value))
        case .word("true"): return try literal(.bool(true))
        case .word("false"): return try literal(.bool(false))
        case .word("null"): return try literal(.null)
        case .word("has") where tokens[at + 1].kind == .symbol("("): return try has()
        case .word(let word):
            if Self.reserved.contains(word) { throw unexpected("a value") }
            at += 1
            if take("(") {
                return try call(word, on: nil, try list(until: ")"), at: offset)
            }
            return try node(.path(Path(root: Name(word))), at: offset)
        case .symbol("("):
            at += 1
            let inner = try expression()
            try expect(")")
            return inner
        case .symbol("["):
            at += 1
            return try node(.list(try list(until: "]")), at: offset)
        case .symbol("{"):
            at += 1
            return try node(.map(try entries()), at: offset)
        default: throw unexpected("a value")
        }
    }

    private mutating func literal(_ value: Value) throws(ConditionError) -> Expression {
        let offset = token.offset
        at += 1
        return try node(.literal(value), at: offset)
    }

    private mutating func list(until end: String) throws(ConditionError) -> [Expression] {
        var elements: [Expression] = []
        while !take(end) {
            elements.append(try expression())
            if !take(",") {
                try expect(end)
                break
            }
        }
        return elements
    }

    private mutating func entries() throws(ConditionError) -> [(key: Expression, value: Expression)]
    {
        var entries: [(key: Expression, value: Expression)] = []
        while !take("}") {
            let key = try expression()
            try expect(":")
            entries.append((key, try expression()))
            if !take(",") {
                try expect("}")
                break
            }
        }
        return entries
    }

    private mutating func has() throws(ConditionError) -> Expression {
        let offset = token.offset
        at += 2
        let argument = try expression()
        try expect(")")
        switch argument.kind {
        case .path(let path):
            guard case .field(let field)? = path.steps.last else { break }
            let parent = Path(root: path.root, steps: path.steps.dropLast())
            return try node(
                .has(try node(.path(parent), at: argument.offset), field: field),
                at: offset
            )
        case .select(let parent, let field): return try node(.has(parent, field: field), at: offset)
        default: break
        }
        throw ConditionError("has() asks for a field, as in has(attributes.amount)", at: offset)
    }

    private func call(
        _ word: String,
        on receiver: Expression?,
        _ arguments: [Expression],
        at offset: Int
    ) throws(ConditionError) -> Expression {
        let all = (receiver.map { [$0] } ?? []) + arguments
        guard let function = Function(rawValue: word), all.count == function.arity,
            receiver == nil ? function.isGlobal : function.isMethod
        else { return try node(.unknownCall(word, all), at: offset) }
        guard function == .matches, case .literal(.string(let text)) = all[1].kind else {
            return try node(.call(function, all), at: offset)
        }
        let pattern: Pattern
        do { pattern = try Pattern(text) } catch {
            throw ConditionError(error.reason, at: all[1].offset)
        }
        return try node(.matches(all[0], pattern), at: offset)
    }

    /// CEL keeps these words from being names; after a dot they are fields like any other.
    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "in", "let",
        "loop", "namespace", "package", "return", "var", "void", "while",
    ]
}
