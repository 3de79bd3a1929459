package import Review

/// Something to print: as JSON for a script, as lines for a person.
///
/// The lines hold text of others as it is; whoever prints them escapes it.
package struct Shown: Sendable, Equatable {
    package let json: String
    package let lines: [String]

    package init(_ json: JSON, _ lines: [String]) {
        self.json = json.canonical
        self.lines = lines
    }

    /// A secret that is shown once: the last word of the only line.
    package init(secret: String, named name: String, after words: String) {
        self.init(.object([name: .string(secret)]), ["\(words) \(secret)"])
    }
}

/// Takes the rows of a list as they are found, so that a list may be longer than memory.
package typealias Printing = (Shown) throws -> Void
