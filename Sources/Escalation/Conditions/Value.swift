package import Review

/// A value of the condition language: those of CEL, the Common Expression Language.
///
/// What comes from a case stays as it is, in `jsonList` and `jsonMap`, so that evaluating converts
/// and copies nothing. A JSON number is a double, as in CEL's own reading of JSON.
package enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list([Value])
    case map([(key: Value, value: Value)])
    case jsonList([JSON])
    case jsonMap([String: JSON])

    package init(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .array(let elements): self = .jsonList(elements)
        case .object(let members): self = .jsonMap(members)
        }
    }

    /// The type's name in CEL, as messages say it.
    package var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .list, .jsonList: "list"
        case .map, .jsonMap: "map"
        }
    }

    /// The value as JSON, for records and shapes: bytes as base64, integers as doubles.
    ///
    /// Infinities and NaN, which JSON has not, become text.
    package var json: JSON {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .number(Double(value))
        case .uint(let value): .number(Double(value))
        case .double(let value): value.isFinite ? .number(value) : .string(Self.text(of: value))
        case .string(let value): .string(value)
        case .bytes(let value): .string(Self.base64(value))
        case .list(let elements): .array(elements.map(\.json))
        case .map(let entries):
            .object(
                Dictionary(
                    entries.map { ($0.key.plainText, $0.value.json) },
                    uniquingKeysWith: { $1 }
                )
            )
        case .jsonList(let elements): .array(elements)
        case .jsonMap(let members): .object(members)
        }
    }
}

// MARK: - Text

extension Value {
    /// The value as JSON text with every digit: 64-bit integers exact, `"NaN"`, `"Infinity"`.
    package var jsonText: String {
        switch self {
        case .int(let value): String(value)
        case .uint(let value): String(value)
        // Canonical JSON would write these as integers, with digits that are not theirs.
        case .double(let value) where value.isFinite && value.magnitude > 0x1p53: value.description
        case .list(let elements): "[" + elements.map(\.jsonText).joined(separator: ",") + "]"
        case .map(let entries):
            "{"
                + entries.map { ($0.key.plainText, $0.value.jsonText) }.sorted { $0.0 < $1.0 }
                .map { JSON.string($0.0).canonical + ":" + $0.1 }.joined(separator: ",") + "}"
        default: json.canonical
        }
    }

    /// The value as a person reads it in a sentence: text without quotes.
    var plainText: String {
        if case .string(let text) = self { return text }
        return jsonText
    }

    /// A double as `string(x)` gives it: the shortest digits that read back to it.
    static func text(of value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return JSON.number(value).canonical
    }

    /// Base64 with padding (RFC 4648, section 4).
    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                out.append(
                    place > group.count ? UInt8(ascii: "=") : digits[bits >> (18 - 6 * place) & 63]
                )
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
