/// What a person calls a case: `workflow/id`. The caller chooses the id.
///
/// Neither part is empty or holds a `/`, a space or a control character.
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
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.init(workflow: String(parts[0]), id: String(parts[1]))
    }

    /// Whether `text` can name a workflow, a case, a reviewer or a caller: 1 to 200 bytes.
    package static func isName(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar != "/" && !scalar.properties.isWhitespace
                    && scalar.properties.generalCategory != .control
                    && scalar.properties.generalCategory != .format
            }
    }

    package static func < (left: CaseName, right: CaseName) -> Bool {
        (left.workflow, left.id) < (right.workflow, right.id)
    }
}

extension CaseName: CustomStringConvertible {
    package var description: String { "\(workflow)/\(id)" }

    package var json: JSON { .string(description) }
}
