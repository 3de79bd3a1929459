/// Cuts a condition into tokens, as CEL's grammar defines them (cel-spec, "Syntax").
struct Lexer {
    let bytes: [UInt8]
    var at = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// How long a condition may be; together with the parser's depth this bounds all later work.
    static let lengthLimit = 16_384

    static func tokens(of text: String) throws(ConditionError) -> [Token] {
        var lexer = Lexer(text)
        if lexer.bytes.count > lengthLimit {
            throw ConditionError(
                "a condition has at most \(lengthLimit) bytes; this has \(lexer.bytes.count)",
                at: 0
            )
        }
        var tokens: [Token] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private mutating func next() throws(ConditionError) -> Token {
        skipSpaceAndComments()
        let start = at
        guard let byte = peek() else { return Token(kind: .end, offset: start) }
        let kind: Token.Kind
        if let literal = try stringOrBytes() {
            kind = literal
        } else if Self.isWordStart(byte) {
            kind = .word(word())
        } else if Self.isDigit(byte)
            || (byte == UInt8(ascii: ".") && peek(1).map(Self.isDigit) == true)
        {
            kind = try number()
        } else if byte == UInt8(ascii: "`") {
            kind = try quotedWord()
        } else {
            kind = .symbol(try symbol())
        }
        return Token(kind: kind, offset: start)
    }

    func peek(_ ahead: Int = 0) -> UInt8? { at + ahead < bytes.count ? bytes[at + ahead] : nil }

    func starts(with text: StaticString) -> Bool {
        bytes[at...].starts(
            with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        )
    }

    private mutating func skipSpaceAndComments() {
        while let byte = peek() {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D: at += 1
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
                while let byte = peek(), byte != 0x0A { at += 1 }
            default: return
            }
        }
    }

    private mutating func word() -> String {
        let start = at
        while let byte = peek(), Self.isWordStart(byte) || Self.isDigit(byte) { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func quotedWord() throws(ConditionError) -> Token.Kind {
        let start = at + 1
        at += 1
        while let byte = peek(), byte != UInt8(ascii: "`") {
            guard Self.isWordStart(byte) || Self.isDigit(byte) || "-./ ".utf8.contains(byte) else {
                break
            }
            at += 1
        }
        guard peek() == UInt8(ascii: "`"), at > start else {
            throw ConditionError(
                "a name in backticks has letters, digits, `_ - . /` and spaces, and ends in a backtick",
                at: start - 1
            )
        }
        at += 1
        return .quotedWord(String(decoding: bytes[start..<at - 1], as: UTF8.self))
    }

    private mutating func symbol() throws(ConditionError) -> String {
        for pair: StaticString in ["&&", "||", "==", "!=", "<=", ">="] where starts(with: pair) {
            at += 2
            return pair.description
        }
        let byte = bytes[at]
        guard "<>!?:.,+-*/%()[]{}".utf8.contains(byte) else { throw strange(byte) }
        at += 1
        return String(UnicodeScalar(byte))
    }

    private func strange(_ byte: UInt8) -> ConditionError {
        let hint =
            switch byte {
            case UInt8(ascii: "="): "; equality is `==`"
            case UInt8(ascii: "&"): "; \"and\" is `&&`"
            case UInt8(ascii: "|"): "; \"or\" is `||`"
            default: ""
            }
        let character = String(decoding: bytes[at..<min(at + 4, bytes.count)], as: UTF8.self).first
        return ConditionError(
            "\(String(character ?? "?").debugDescription) is not part of the condition language\(hint)",
            at: at
        )
    }

    static func isWordStart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

// MARK: - Numbers

extension Lexer {
    private mutating func number() throws(ConditionError) -> Token.Kind {
        let start = at
        let isHexadecimal =
            peek() == UInt8(ascii: "0") && peek(1).map { $0 | 0x20 } == UInt8(ascii: "x")
        var isDouble = false
        if isHexadecimal {
            at += 2
            while let byte = peek(), Self.hexadecimal(byte) != nil { at += 1 }
        } else {
            skipDigits()
            if peek() == UInt8(ascii: "."), peek(1).map(Self.isDigit) == true {
                isDouble = true
                at += 1
                skipDigits()
            }
            if let byte = peek(), byte | 0x20 == UInt8(ascii: "e") {
                isDouble = true
                at += 1
                if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { at += 1 }
                skipDigits()
            }
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        let isUnsigned = !isDouble && peek().map { $0 | 0x20 } == UInt8(ascii: "u")
        if isUnsigned { at += 1 }
        if let byte = peek(), Self.isWordStart(byte) || Self.isDigit(byte) {
            throw ConditionError("a number cannot be followed by a letter", at: at)
        }
        if isDouble {
            guard let value = Double(text), value.isFinite else {
                throw ConditionError("\(text) is not a number that a double can hold", at: start)
            }
            return .double(value)
        }
        let value = isHexadecimal ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
        guard let value else {
            throw ConditionError("\(text) is not a whole number of 64 bits", at: start)
        }
        return isUnsigned ? .uint(value) : .int(value)
    }

    private mutating func skipDigits() {
        while let byte = peek(), Self.isDigit(byte) { at += 1 }
    }

    static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
