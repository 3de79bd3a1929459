import Review

extension Function {
    /// The function's value for arguments of which there are as many as it takes.
    func apply(to arguments: [Value], in scope: Scope) throws(Refusal) -> Value {
        let value = arguments[0]
        switch self {
        case .size: return .int(Int64(try Functions.size(value)))
        case .contains, .startsWith, .endsWith, .matches:
            guard case .string(let text) = value, case .string(let part) = arguments[1] else {
                throw Refusal(
                    "\(rawValue)() takes text and text, not \(value.typeName) and "
                        + arguments[1].typeName
                )
            }
            return .bool(try Functions.find(self, part, in: text))
        case .int: return .int(try Functions.int(value))
        case .uint: return .uint(try Functions.uint(value))
        case .double: return .double(try Functions.double(value))
        case .string: return .string(try Functions.string(value))
        case .bool: return .bool(try Functions.bool(value))
        case .bytes:
            switch value {
            case .string(let text): return .bytes(Array(text.utf8))
            case .bytes: return value
            default: throw Functions.noConversion(self, value)
            }
        case .words:
            guard case .string(let text) = value else {
                throw Refusal("words() counts the words of text, this is \(value.typeName)")
            }
            return .int(Int64(Functions.words(text)))
        case .calibrated: return .double(try Functions.calibrated(value, scope.calibration))
        case .conforms:
            guard let shape = scope.shape else { throw Refusal(missing: "the expected shape") }
            return .bool(shape.mismatch(in: value.json) == nil)
        }
    }
}

/// The bodies of the functions.
enum Functions {
    static func negate(_ value: Value) throws(Refusal) -> Value {
        switch value {
        case .int(let number) where number > .min: return .int(-number)
        case .int(let number): throw Refusal("-(\(number)) overflows 64 bits")
        case .double(let number): return .double(-number)
        default: throw Refusal("`-` does not take \(value.typeName)")
        }
    }

    static func contains(_ container: Value, _ element: Value) throws(Refusal) -> Bool {
        if let count = container.listCount {
            return (0..<count).contains { container.element(at: $0).equals(element) }
        }
        guard container.mapCount != nil else {
            throw Refusal("`in` looks in a list or a map, this is \(container.typeName)")
        }
        return container.member(element) != nil
    }

    static func size(_ value: Value) throws(Refusal) -> Int {
        switch value {
        case .string(let text): return text.unicodeScalars.count
        case .bytes(let bytes): return bytes.count
        default:
            guard let count = value.listCount ?? value.mapCount else {
                throw Refusal("\(value.typeName) has no size")
            }
            return count
        }
    }

    static func find(_ function: Function, _ part: String, in text: String) throws(Refusal) -> Bool
    {
        switch function {
        case .startsWith: return text.utf8.starts(with: part.utf8)
        case .endsWith: return text.utf8.reversed().starts(with: part.utf8.reversed())
        case .matches: return try Pattern(part).matches(text)
        default: return contains(part, in: text)
        }
    }

    /// Whether `part` stands in `text`, in time linear in both (Knuth, Morris & Pratt 1977).
    private static func contains(_ part: String, in text: String) -> Bool {
        let pattern = Array(part.utf8)
        if pattern.isEmpty { return true }
        var fallback = [0]
        var matched = 0
        for byte in pattern.dropFirst() {
            while matched > 0, pattern[matched] != byte { matched = fallback[matched - 1] }
            if pattern[matched] == byte { matched += 1 }
            fallback.append(matched)
        }
        matched = 0
        for byte in text.utf8 {
            while matched > 0, pattern[matched] != byte { matched = fallback[matched - 1] }
            if pattern[matched] == byte { matched += 1 }
            if matched == pattern.count { return true }
        }
        return false
    }

    /// How many runs of characters other than white space a text has.
    static func words(_ text: String) -> Int {
        var count = 0
        var inWord = false
        for scalar in text.unicodeScalars {
            let isSpace =
                scalar.isASCII
                ? scalar == " " || (9...13).contains(scalar.value) : scalar.properties.isWhitespace
            if !isSpace, !inWord { count += 1 }
            inWord = !isSpace
        }
        return count
    }

    /// The share of cases with such a confidence that were right, by the published table.
    static func calibrated(_ value: Value, _ table: [Int]?) throws(Refusal) -> Double {
        guard case .double(let confidence) = value, (0...1).contains(confidence) else {
            throw Refusal("calibrated() takes a confidence from 0 to 1, this is \(value.jsonText)")
        }
        let bin = ConfidenceBin.bin(partsPerMillion: ConfidenceBin.partsPerMillion(confidence))
        guard let table, table.indices.contains(bin) else {
            throw Refusal(missing: "the calibration")
        }
        return Double(table[bin]) / 1_000_000
    }
}

// MARK: - Conversions

extension Functions {
    static func noConversion(_ function: Function, _ value: Value) -> Refusal {
        Refusal("\(function.rawValue)() does not take \(value.typeName)")
    }

    private static func outOfRange(_ function: Function, _ value: Value) -> Refusal {
        Refusal("\(value.jsonText) does not fit \(function.rawValue)")
    }

    static func int(_ value: Value) throws(Refusal) -> Int64 {
        switch value {
        case .int(let number): return number
        case .uint(let number):
            guard let result = Int64(exactly: number) else { throw outOfRange(.int, value) }
            return result
        case .double(let number):
            // Both bounds are left out: a double this large may stand for integers beyond.
            guard number > -0x1p63, number < 0x1p63 else { throw outOfRange(.int, value) }
            return Int64(number)
        case .string(let text):
            guard !text.hasPrefix("+"), let result = Int64(text) else {
                throw outOfRange(.int, value)
            }
            return result
        default: throw noConversion(.int, value)
        }
    }

    static func uint(_ value: Value) throws(Refusal) -> UInt64 {
        switch value {
        case .uint(let number): return number
        case .int(let number):
            guard let result = UInt64(exactly: number) else { throw outOfRange(.uint, value) }
            return result
        case .double(let number):
            guard number >= 0, number < 0x1p64 else { throw outOfRange(.uint, value) }
            return UInt64(number)
        case .string(let text):
            guard !text.hasPrefix("+"), let result = UInt64(text) else {
                throw outOfRange(.uint, value)
            }
            return result
        default: throw noConversion(.uint, value)
        }
    }

    static func double(_ value: Value) throws(Refusal) -> Double {
        switch value {
        case .double(let number): return number
        case .int(let number): return Double(number)
        case .uint(let number): return Double(number)
        case .string(let text):
            guard let number = Double(text) else { throw outOfRange(.double, value) }
            return number
        default: throw noConversion(.double, value)
        }
    }

    static func string(_ value: Value) throws(Refusal) -> String {
        switch value {
        case .string(let text): return text
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return String(number)
        case .uint(let number): return String(number)
        case .double(let number): return Value.text(of: number)
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw Refusal("these bytes are not UTF-8")
            }
            return text
        default: throw noConversion(.string, value)
        }
    }

    static func bool(_ value: Value) throws(Refusal) -> Bool {
        switch value {
        case .bool(let flag): return flag
        case .string("true"), .string("True"), .string("TRUE"), .string("t"), .string("1"):
            return true
        case .string("false"), .string("False"), .string("FALSE"), .string("f"), .string("0"):
            return false
        case .string: throw outOfRange(.bool, value)
        default: throw noConversion(.bool, value)
        }
    }
}
