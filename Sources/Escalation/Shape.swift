package import Review

/// The shape an output is expected to have: the first set of JSON Schema's keywords.
///
/// A schema as JSON Schema 2020-12 means it, of `type`, `required`, `properties`, `items`, `enum`,
/// `const`, `minimum` and `maximum`, or `true` or `false`.
package struct Shape: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case null, boolean, integer, number, string, array, object

        func holds(_ value: JSON) -> Bool {
            switch (self, value) {
            case (.null, .null), (.boolean, .bool), (.number, .number), (.string, .string),
                (.array, .array), (.object, .object):
                true
            case (.integer, .number(let number)): number == number.rounded()
            default: false
            }
        }
    }

    struct Property: Sendable, Equatable {
        let name: String
        let shape: Shape
    }

    var kinds: [Kind] = []
    var required: [String] = []
    var properties: [Property] = []
    /// At most one: a struct cannot hold itself otherwise.
    var items: [Shape] = []
    var allowed: [JSON]?
    var minimum: Double?
    var maximum: Double?
    /// `false` as a schema: nothing conforms.
    var isImpossible = false

    /// Where a value departs from its shape, as an RFC 6901 pointer, and how.
    package struct Mismatch: Sendable, Equatable {
        package let pointer: String
        package let reason: String

        fileprivate func under(_ step: String) -> Mismatch {
            let name = step.reduce(into: "/") { token, character in
                token += character == "~" ? "~0" : character == "/" ? "~1" : String(character)
            }
            return Mismatch(pointer: name + pointer, reason: reason)
        }
    }

    /// The first departure of a value from this shape, or nil where it conforms.
    package func mismatch(in value: JSON) -> Mismatch? {
        if isImpossible { return Mismatch(pointer: "", reason: "must not be there") }
        if !kinds.isEmpty, !kinds.contains(where: { $0.holds(value) }) {
            let names = kinds.map(\.rawValue).joined(separator: " or ")
            return Mismatch(pointer: "", reason: "is not \(names)")
        }
        if let allowed, !allowed.contains(value) {
            let text = allowed.prefix(5).map(\.canonical).joined(separator: ", ")
            return Mismatch(
                pointer: "",
                reason: allowed.count == 1
                    ? "is not \(text)" : "is none of \(text)" + (allowed.count > 5 ? ", …" : "")
            )
        }
        if let number = value.number {
            if let minimum, number < minimum {
                let limit = JSON.number(minimum).canonical
                return Mismatch(pointer: "", reason: "is less than \(limit)")
            }
            if let maximum, number > maximum {
                let limit = JSON.number(maximum).canonical
                return Mismatch(pointer: "", reason: "is more than \(limit)")
            }
        }
        return mismatchBelow(value)
    }

    private func mismatchBelow(_ value: JSON) -> Mismatch? {
        switch value {
        case .object(let members):
            for name in required where members[name] == nil {
                return Mismatch(pointer: "", reason: "is missing").under(name)
            }
            for property in properties {
                guard let member = members[property.name] else { continue }
                if let found = property.shape.mismatch(in: member) {
                    return found.under(property.name)
                }
            }
        case .array(let elements):
            guard let shape = items.first else { return nil }
            for (index, element) in elements.enumerated() {
                if let found = shape.mismatch(in: element) { return found.under(String(index)) }
            }
        default: break
        }
        return nil
    }
}
