import Review

/// What a session answers to a line: text to print, and what to do besides.
package struct Reply: Sendable, Equatable {
    package enum Next: Sendable, Equatable {
        case prompt
        /// Let the person edit this text, then hand it to `Session.edited`.
        case edit(String)
        /// Show this file, or say where it is.
        case open(path: String)
        case end
    }

    /// Not yet escaped: cases are untrusted, and whoever prints makes control characters visible.
    package var lines: [String]
    package var next: Next

    package init(_ lines: [String] = [], next: Next = .prompt) {
        self.lines = lines
        self.next = next
    }

    mutating func add(_ more: [String]) { lines += more }
}
