/// What a person calls a case, `workflow/id`.
///
/// The caller chooses the id. Neither part is empty or holds a `/`, a space or a control character.
/// Names are equal where their bytes are, as in a database and on a wire, and sort as those do.
package struct CaseName: Hashable, Sendable, Comparable {
    package let workflow: String
    package let id: String

    package init?(workflow: String, id: String) {
        guard Self.isName(workflow), Self.isName(id) else { return nil }
        self.workflow = workflow
        self.id = id
    }

    /// Reads `workflow/id`, or returns nil.
    package init?(_ text: some StringProtocol) {
        // By bytes: an accent at the start of an id would make one character with the slash.
        let bytes = String(text).utf8
        let slash = UInt8(ascii: "/")
        guard let at = bytes.firstIndex(of: slash) else { return nil }
        let rest = bytes[bytes.index(after: at)...]
        guard !rest.contains(slash) else { return nil }
        self.init(workflow: String(Substring(bytes[..<at])), id: String(Substring(rest)))
    }

    /// Whether `text` can name a workflow, a case, a reviewer or a caller: 1 to 200 bytes.
    package static func isName(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar != "/" && (("!"..."~").contains(scalar) || isOtherNameScalar(scalar))
            }
    }

    private static func isOtherNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isWhitespace
            && scalar.properties.generalCategory != .control
            && scalar.properties.generalCategory != .format
    }

    package static func == (left: CaseName, right: CaseName) -> Bool {
        left.workflow.utf8.elementsEqual(right.workflow.utf8)
            && left.id.utf8.elementsEqual(right.id.utf8)
    }

    package static func < (left: CaseName, right: CaseName) -> Bool {
        if !left.workflow.utf8.elementsEqual(right.workflow.utf8) {
            return left.workflow.utf8.lexicographicallyPrecedes(right.workflow.utf8)
        }
        return left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
    }
}

extension CaseName: CustomStringConvertible {
    package var description: String { "\(workflow)/\(id)" }

    package var json: JSON { .string(description) }
}
