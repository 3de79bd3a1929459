extension JSON {
    /// The canonical form (RFC 8785, JSON Canonicalization Scheme), in UTF-8.
    ///
    /// Equal values have equal bytes, so a hash of these names the value.
    package var canonicalBytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(256)
        write(to: &out)
        return out
    }

    /// The canonical form as text.
    package var canonical: String { String(decoding: canonicalBytes, as: UTF8.self) }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .number(let value): out += Self.text(of: value).utf8
        case .string(let value): Self.write(value, to: &out)
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                element.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            let members = Array(members)
            for (place, index) in Self.order(of: members).enumerated() {
                if place > 0 { out.append(UInt8(ascii: ",")) }
                Self.write(members[index].key, to: &out)
                out.append(UInt8(ascii: ":"))
                members[index].value.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    /// The places of members in the order of their keys.
    ///
    /// Numbers are sorted, as moving the members about would take longer than all the rest.
    private static func order(of members: [(key: String, value: JSON)]) -> [Int] {
        var places = members.enumerated().map { ($0, beginning(of: $1.key)) }
        places.sort { left, right in
            left.1 != right.1 && (left.1 | right.1) & 0x8080_8080_8080_8080 == 0
                ? left.1 < right.1 : comesBefore(members[left.0].key, members[right.0].key)
        }
        return places.map(\.0)
    }

    /// The first eight bytes of a key: where they are ASCII and differ, they tell its order.
    private static func beginning(of key: String) -> UInt64 {
        var beginning: UInt64 = 0
        var count = 0
        for byte in key.utf8.prefix(8) {
            beginning = beginning << 8 | UInt64(byte)
            count += 1
        }
        return count == 0 ? 0 : beginning << UInt64(64 - 8 * count)
    }

    /// RFC 8785, section 3.2.3: keys sort as arrays of UTF-16 code units.
    ///
    /// That is the order of their UTF-8 too, unless one of them leaves the basic plane.
    static func comesBefore(_ left: String, _ right: String) -> Bool {
        let (ours, theirs) = (left.utf8, right.utf8)
        var (at, other) = (ours.startIndex, theirs.startIndex)
        while at < ours.endIndex, other < theirs.endIndex {
            let (byte, against) = (ours[at], theirs[other])
            if byte != against {
                return max(byte, against) < 0xEE
                    ? byte < against : left.utf16.lexicographicallyPrecedes(right.utf16)
            }
            ours.formIndex(after: &at)
            theirs.formIndex(after: &other)
        }
        return at == ours.endIndex && other < theirs.endIndex
    }

    private static func write(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            var rest = bytes[...]
            while let special = rest.firstIndex(where: isEscaped) {
                out += UnsafeBufferPointer(rebasing: rest[..<special])
                write(escaped: rest[special], to: &out)
                rest = rest[(special + 1)...]
            }
            out += UnsafeBufferPointer(rebasing: rest)
        }
        out.append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func write(escaped byte: UInt8, to out: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): out += "\\\"".utf8
        case UInt8(ascii: "\\"): out += "\\\\".utf8
        case 0x08: out += "\\b".utf8
        case 0x09: out += "\\t".utf8
        case 0x0A: out += "\\n".utf8
        case 0x0C: out += "\\f".utf8
        case 0x0D: out += "\\r".utf8
        default:
            out += "\\u00".utf8
            out.append(hexDigit(byte >> 4))
            out.append(hexDigit(byte & 15))
        }
    }

    /// A number as ECMAScript prints it (RFC 8785, section 3.2.2.3).
    ///
    /// Swift prints the same shortest digits that read back to the same double, in another layout.
    /// The parser makes no NaN or infinity, and JSON has none: one here is our own mistake.
    static func text(of value: Double) -> String {
        precondition(value.isFinite, "JSON has no \(value)")
        if let integer = Int64(exactly: value), integer.magnitude < 1 << 53 {
            return String(integer)
        }
        let (digits, exponent) = decimal(value.magnitude)
        let sign = value < 0 ? "-" : ""
        switch exponent {  // ECMA-262, Number::toString, with exponent = n.
        case digits.count...21:
            return sign + digits + String(repeating: "0", count: exponent - digits.count)
        case 1..<digits.count:
            return sign + digits.prefix(exponent) + "." + digits.dropFirst(exponent)
        case -5...0: return sign + "0." + String(repeating: "0", count: -exponent) + digits
        default:
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            let power = exponent - 1
            return sign + digits.prefix(1) + fraction + "e" + (power < 0 ? "-" : "+")
                + String(power.magnitude)
        }
    }

    /// The shortest digits of a positive double, and n such that the value is 0.digits × 10^n.
    private static func decimal(_ value: Double) -> (digits: String, exponent: Int) {
        let parts = value.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        var digits = String(mantissa[0]) + (mantissa.count > 1 ? String(mantissa[1]) : "")
        var exponent = mantissa[0].count + power
        while digits.hasPrefix("0"), digits.count > 1 {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.hasSuffix("0"), digits.count > 1 { digits.removeLast() }
        return (digits, exponent)
    }
}

/// A nibble as a lower-case hexadecimal digit.
func hexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
}
