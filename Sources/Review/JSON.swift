/// A JSON value (RFC 8259) whose equality is that of its canonical form (RFC 8785).
///
/// Numbers are IEEE doubles, as RFC 8785 requires; integers beyond 2^53 are refused by the parser,
/// so no value here has lost a digit. Objects have unique keys.
package enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// The largest integer below which a double holds every one exactly.
    package static let largestInteger: Int64 = 1 << 53
}

// MARK: - Reading

extension JSON {
    /// The member of an object, or nil where this is no object or has no such member.
    package subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    package var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    package var number: Double? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    package var array: [JSON]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    package var object: [String: JSON]? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// The value as an integer, or nil where it is no number or has a fraction.
    package var integer: Int64? {
        guard case .number(let value) = self else { return nil }
        return Int64(exactly: value)
    }
}

// MARK: - Equality

extension JSON {
    /// Text is compared by its bytes: Swift's own equality takes `é` and `e` with an accent as one.
    package static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { key, value in
                    right.index(forKey: key).map { index in
                        right[index].key.utf8.elementsEqual(key.utf8) && right[index].value == value
                    } ?? false
                }
        default: false
        }
    }
}

// MARK: - Writing

extension JSON {
    package static func integer(_ value: Int64) -> JSON { .number(Double(value)) }
    package static func integer(_ value: Int) -> JSON { .number(Double(value)) }

    /// An array of strings.
    package static func strings(_ values: some Sequence<String>) -> JSON {
        .array(values.map { .string($0) })
    }

    /// An object of the members that have a value: absent is left out, never written as null.
    package static func present(_ members: [String: JSON?]) -> JSON {
        .object(members.compactMapValues { $0 })
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByArrayLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int) { self = .number(Double(value)) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
}
