import Review

/// A policy file as it was written: values with their places, before anyone asks what they mean.
///
/// The hub fills one from YAML, a node from the JSON of its feed; both then read the same policy.
/// Scalars stay text, since only the reader of a field knows whether `no` is a flag or a word.
package struct PolicyTree: Sendable, Equatable {
    /// How a scalar stood in the file.
    package enum Style: String, Sendable, CaseIterable { case plain, quoted, block }

    package struct Entry: Sendable, Equatable {
        package let key: String
        package let place: Place
        package let value: PolicyTree

        package init(key: String, place: Place, value: PolicyTree) {
            self.key = key
            self.place = place
            self.value = value
        }
    }

    package enum Value: Sendable, Equatable {
        case scalar(String, Style)
        case sequence([PolicyTree])
        /// In the order of the file; a key may stand twice, which reading a policy reports.
        case mapping([Entry])
    }

    package let value: Value
    package let place: Place

    package init(_ value: Value, at place: Place) {
        self.value = value
        self.place = place
    }

    /// How deep values may nest and how many there may be; whoever fills a tree keeps to both.
    package static let depthLimit = 24
    package static let sizeLimit = 10_000
}

/// Where something stands in a file: line and column, both from 1.
package struct Place: Sendable, Hashable, Comparable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: Place, right: Place) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    /// The place `columns` further on the same line.
    func advanced(by columns: Int) -> Place { Place(line: line, column: column + columns) }
}

// MARK: - Meaning

extension PolicyTree {
    /// The value by YAML 1.2's core rules: only a plain scalar can be a number, true or null.
    var meaning: JSON {
        switch value {
        case .sequence(let elements): return .array(elements.map(\.meaning))
        case .mapping(let entries):
            return .object(
                Dictionary(entries.map { ($0.key, $0.value.meaning) }, uniquingKeysWith: { $1 })
            )
        case .scalar(let text, .plain):
            switch text {
            case "", "~", "null", "Null", "NULL": return .null
            case "true", "True", "TRUE": return .bool(true)
            case "false", "False", "FALSE": return .bool(false)
            default: return Self.number(text).map { .number($0) } ?? .string(text)
            }
        case .scalar(let text, _): return .string(text)
        }
    }

    /// A finite decimal number, written with digits, a point and an exponent at most.
    static func number(_ text: String) -> Double? {
        guard let first = text.utf8.first, let value = Double(text), value.isFinite,
            first == UInt8(ascii: "-") || first == UInt8(ascii: "+") || first == UInt8(ascii: ".")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
            !text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "x") })
        else { return nil }
        return value
    }
}
