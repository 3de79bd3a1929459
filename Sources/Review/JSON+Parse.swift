extension JSON {
    /// How deep arrays and objects may nest; deeper input is refused, so it cannot exhaust the stack.
    package static let depthLimit = 128

    /// The value that `bytes` hold, all of them (RFC 8259).
    ///
    /// Refused, with line and column: duplicate keys, invalid UTF-8, lone surrogates, integers
    /// beyond 2^53, numbers that overflow a double, and anything after the value.
    package init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        let inPlace = bytes.withContiguousStorageIfAvailable(JSONParser.read)
        self = try (inPlace ?? Array(bytes).withUnsafeBufferPointer(JSONParser.read)).get()
    }

    package init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }
}

/// A recursive-descent parser over bytes; it remembers only where it is.
private struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    var at = 0
    var depth = 0

    /// The value that bytes hold, which stay where they are until it is read.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<JSON, JSONError> {
        Result { () throws(JSONError) in
            var parser = JSONParser(bytes: bytes)
            return try parser.document()
        }
    }

    private mutating func document() throws(JSONError) -> JSON {
        skipSpace()
        let value = try value()
        skipSpace()
        if at < bytes.count { throw error(.trailing) }
        return value
    }

    private mutating func value() throws(JSONError) -> JSON {
        guard at < bytes.count else { throw error(.unexpectedEnd) }
        switch bytes[at] {
        case UInt8(ascii: "{"): return try nested { p throws(JSONError) in try p.object() }
        case UInt8(ascii: "["): return try nested { p throws(JSONError) in try p.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSON
    ) throws(JSONError) -> JSON {
        depth += 1
        if depth > JSON.depthLimit { throw error(.tooDeep) }
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONError) -> JSON {
        at += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([:]) }
        var members: [String: JSON] = [:]
        members.reserveCapacity(6)  // As most objects need: to grow is to hash all keys again.
        while true {
            skipSpace()
            guard at < bytes.count else { throw error(.unexpectedEnd) }
            guard bytes[at] == UInt8(ascii: "\"") else { throw unexpected() }
            let start = at
            let key = try string()
            skipSpace()
            try expect(UInt8(ascii: ":"))
            skipSpace()
            let value = try value()
            if members.updateValue(value, forKey: key) != nil {
                throw error(.duplicateKey(key), at: start)
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func array() throws(JSONError) -> JSON {
        at += 1
        var elements: [JSON] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            skipSpace()
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for offset in 0..<text.utf8CodeUnitCount {
            guard at < bytes.count else { throw error(.unexpectedEnd) }
            guard bytes[at] == text.utf8Start[offset] else { throw unexpected() }
            at += 1
        }
        return value
    }
}

// MARK: - Numbers

extension JSONParser {
    private mutating func number() throws(JSONError) -> JSON {
        let start = at
        while at < bytes.count, Self.isNumberByte(bytes[at]) { at += 1 }
        if at == start { throw unexpected() }
        if let value = Self.smallInteger(bytes[start..<at]) { return .number(Double(value)) }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard Self.isNumber(bytes[start..<at]) else { throw error(.notANumber(text), at: start) }
        guard let value = Double(text), value.isFinite else {
            throw error(.numberTooLarge(text), at: start)
        }
        if value.magnitude >= Double(JSON.largestInteger), !Self.isLargestInteger(text) {
            throw error(.numberTooLarge(text), at: start)
        }
        return .number(value == 0 ? 0 : value)  // RFC 8785: -0 is written 0.
    }

    /// The value of digits alone, as most numbers are; nil where they are more than a double takes
    /// for certain, or something else.
    private static func smallInteger(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int64? {
        guard text.count <= 15, text.first != UInt8(ascii: "0") || text.count == 1 else {
            return nil
        }
        var value: Int64 = 0
        for byte in text {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return value
    }

    /// 2^53 is also what 2^53 + 1 rounds to, so only its own digits will do.
    private static func isLargestInteger(_ text: String) -> Bool {
        Int64(text).map { $0.magnitude == JSON.largestInteger.magnitude } ?? false
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "."), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }

    /// RFC 8259, section 6: an optional minus, no leading zero, digits on both sides of a point.
    private static func isNumber(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var rest = text
        func digits() -> Int {
            let count = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let leadingZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        if whole == 0 || (leadingZero && whole > 1) { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            if digits() == 0 { return false }
        }
        if let first = rest.first, first | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
                rest = rest.dropFirst()
            }
            if digits() == 0 { return false }
        }
        return rest.isEmpty
    }
}

// MARK: - Strings

extension JSONParser {
    private mutating func string() throws(JSONError) -> String {
        at += 1
        var text = try plain()
        while true {
            guard at < bytes.count else { throw error(.unexpectedEnd) }
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                return text
            case UInt8(ascii: "\\"): text.unicodeScalars.append(try escape())
            case 0..<0x20: throw error(.controlCharacter)
            default: text += try plain()
            }
        }
    }

    /// Text up to what ends it or is written in another way.
    private mutating func plain() throws(JSONError) -> String {
        let start = at
        var all: UInt8 = 0
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            all |= byte
            at += 1
        }
        let slice = UnsafeBufferPointer(rebasing: bytes[start..<at])
        if all < 0x80 { return String(decoding: slice, as: UTF8.self) }  // Nothing to validate.
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw error(.invalidUTF8, at: start)
        }
        return text
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard at + 1 < bytes.count else { throw error(.unexpectedEnd) }
        let letter = bytes[at + 1]
        if letter != UInt8(ascii: "u") {
            guard let scalar = Self.shortEscapes[letter] else { throw error(.badEscape) }
            at += 2
            return scalar
        }
        let start = at
        let high = try codeUnit()
        guard UTF16.isLeadSurrogate(high) else {
            guard let scalar = Unicode.Scalar(high) else { throw error(.loneSurrogate, at: start) }
            return scalar
        }
        guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
            bytes[at + 1] == UInt8(ascii: "u")
        else { throw error(.loneSurrogate, at: start) }
        let low = try codeUnit()
        guard UTF16.isTrailSurrogate(low),
            let scalar = Unicode.Scalar(
                0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
            )
        else { throw error(.loneSurrogate, at: start) }
        return scalar
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        guard at + 6 <= bytes.count else { throw error(.unexpectedEnd) }
        let digits = bytes[at + 2..<at + 6]
        let text = String(decoding: digits, as: UTF8.self)
        guard digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let unit = UInt16(text, radix: 16)
        else { throw error(.badEscape) }
        at += 6
        return unit
    }

    private static let shortEscapes: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
        UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n",
        UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
}

// MARK: - Where we are

extension JSONParser {
    private mutating func skipSpace() {
        while at < bytes.count,
            bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09
        { at += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard at < bytes.count else { throw error(.unexpectedEnd) }
        guard take(byte) else { throw unexpected() }
    }

    private func unexpected() -> JSONError {
        guard at < bytes.count else { return error(.unexpectedEnd) }
        let scalars = String(decoding: bytes[at..<min(at + 4, bytes.count)], as: UTF8.self)
        return error(.unexpected(scalars.first ?? "?"))
    }

    private func error(_ reason: JSONError.Reason, at offset: Int? = nil) -> JSONError {
        let before = bytes[..<(offset ?? at)]
        let line = before.count { $0 == 0x0A } + 1
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSONError(reason: reason, line: line, column: before.endIndex - lineStart + 1)
    }
}
