extension Lexer {
    /// A string or bytes literal, if one starts here: prefixes `r` and `b`, one or three quotes.
    mutating func stringOrBytes() throws(ConditionError) -> Token.Kind? {
        var ahead = 0
        var isRaw = false
        var isBytes = false
        while let byte = peek(ahead).map({ $0 | 0x20 }), ahead < 2 {
            if byte == UInt8(ascii: "r"), !isRaw {
                isRaw = true
            } else if byte == UInt8(ascii: "b"), !isBytes, !isRaw {
                isBytes = true
            } else {
                break
            }
            ahead += 1
        }
        guard let quote = peek(ahead), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        else {
            return nil
        }
        let start = at
        at += ahead
        let isTriple = peek(1) == quote && peek(2) == quote
        at += isTriple ? 3 : 1
        var out: [UInt8] = []
        while true {
            guard let byte = peek(), isTriple || (byte != 0x0A && byte != 0x0D) else {
                throw ConditionError("the text that begins here has no closing quote", at: start)
            }
            if byte == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                at += isTriple ? 3 : 1
                break
            }
            if byte == UInt8(ascii: "\\"), !isRaw {
                out += try escape(inBytes: isBytes)
            } else {
                out.append(byte)
                at += 1
            }
        }
        // Not bytes: only whole UTF-8 and escapes that are code points went in.
        return isBytes ? .bytes(out) : .string(String(decoding: out, as: UTF8.self))
    }

    /// What an escape stands for, in UTF-8; in bytes literals `\x` and octals are single bytes.
    private mutating func escape(inBytes: Bool) throws(ConditionError) -> [UInt8] {
        let start = at
        guard let letter = peek(1) else {
            throw ConditionError("the condition ends too early", at: at)
        }
        at += 2
        switch letter {
        case UInt8(ascii: "a"): return [0x07]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "v"): return [0x0B]
        case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"),
            UInt8(ascii: "`"):
            return [letter]
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            let value = try digits(2, radix: 16, from: start)
            return inBytes ? [UInt8(value)] : try utf8(value, from: start)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            at -= 1
            let value = try digits(3, radix: 8, from: start)
            return inBytes ? [UInt8(value)] : try utf8(value, from: start)
        case UInt8(ascii: "u") where !inBytes:
            return try utf8(digits(4, radix: 16, from: start), from: start)
        case UInt8(ascii: "U") where !inBytes:
            return try utf8(digits(8, radix: 16, from: start), from: start)
        default:
            throw ConditionError(
                "this escape is not one of CEL's; a backslash itself is written `\\\\`",
                at: start
            )
        }
    }

    private mutating func digits(
        _ count: Int,
        radix: UInt32,
        from start: Int
    ) throws(ConditionError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = peek().flatMap(Self.hexadecimal), digit < radix else {
                throw ConditionError("this escape needs \(count) digits", at: start)
            }
            value = value << (radix == 16 ? 4 : 3) | digit  // At most eight digits of four bits.
            at += 1
        }
        return value
    }

    private func utf8(_ value: UInt32, from start: Int) throws(ConditionError) -> [UInt8] {
        guard let scalar = Unicode.Scalar(value) else {
            throw ConditionError("this escape names no Unicode character", at: start)
        }
        return Array(String(Character(scalar)).utf8)
    }
}
