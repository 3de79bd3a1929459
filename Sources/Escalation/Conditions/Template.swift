/// A sentence with values of the case in it: `amount {attributes.amount} is over 500`.
struct Template: Sendable {
    private enum Part: Sendable {
        case text(String)
        case value(Condition)
    }

    private let parts: [Part]

    /// Reads a sentence; what stands in braces is an expression of the condition language.
    init(_ text: String) throws(ConditionError) {
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            let start = text.utf8.distance(from: text.startIndex, to: open)
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw ConditionError("this `{` has no `}`", at: start)
            }
            parts.append(.text(String(rest[..<open])))
            do {
                parts.append(.value(try Condition(String(rest[rest.index(after: open)..<close]))))
            } catch {
                throw ConditionError(error.message, at: start + 1 + error.offset)
            }
            rest = rest[rest.index(after: close)...]
        }
        parts.append(.text(String(rest)))
        self.parts = parts
    }

    /// The expressions in braces, in order.
    var conditions: [Condition] {
        parts.compactMap { part in
            guard case .value(let condition) = part else { return nil }
            return condition
        }
    }

    /// The sentence for a case, or nil where it lacks a value that the sentence names.
    func sentence(in scope: Scope) -> String? {
        var sentence = ""
        for part in parts {
            switch part {
            case .text(let text): sentence += text
            case .value(let condition):
                guard case .success(let value) = condition.evaluate(in: scope).value else {
                    return nil
                }
                sentence += value.plainText
            }
        }
        return sentence
    }
}
