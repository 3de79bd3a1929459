extension ConditionParser {
    mutating func member() throws(ConditionError) -> Expression {
        try suffixes(of: try primary())
    }

    mutating func suffixes(of first: Expression) throws(ConditionError) -> Expression {
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
            let elements = try list(until: "]")
            return try node(
                Self.constant(elements).map(Expression.Kind.literal) ?? .list(elements),
                at: offset
            )
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

    /// A list of nothing but literals, made once instead of for every case.
    private static func constant(_ elements: [Expression]) -> Value? {
        var values: [Value] = []
        for element in elements {
            guard case .literal(let value) = element.kind else { return nil }
            values.append(value)
        }
        return .list(values)
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
