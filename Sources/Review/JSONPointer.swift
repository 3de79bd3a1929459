/// A place in a JSON value (RFC 6901): `/decision/0`, or nothing for the whole.
package struct JSONPointer: Sendable, Equatable {
    package var tokens: [String]

    /// Nil where the text is no pointer: it begins with no slash, or a tilde escapes nothing.
    package init?(_ text: String) {
        guard text.isEmpty || text.hasPrefix("/") else { return nil }
        var tokens: [String] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let token = Self.unescaped(part) else { return nil }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    private static func unescaped(_ part: Substring) -> String? {
        let pieces = part.split(separator: "~", omittingEmptySubsequences: false)
        var token = String(pieces[0])
        for piece in pieces.dropFirst() {
            switch piece.first {
            case "0": token += "~"
            case "1": token += "/"
            default: return nil
            }
            token += piece.dropFirst()
        }
        return token
    }

    /// What a token means in an array: digits without a leading zero (RFC 6901, section 4).
    static func index(_ token: String) -> Int? {
        guard let index = Int(token), index >= 0, String(index) == token else { return nil }
        return index
    }
}

extension JSON {
    /// The value at a pointer (`/decision`), or nil where nothing is there.
    package func value(at pointer: String) -> JSON? { JSONPointer(pointer).flatMap(value) }

    package func value(at pointer: JSONPointer) -> JSON? {
        var value = self
        for token in pointer.tokens {
            switch value {
            case .object(let members):
                guard let member = members[token] else { return nil }
                value = member
            case .array(let elements):
                guard let index = JSONPointer.index(token), elements.indices.contains(index) else {
                    return nil
                }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }
}
