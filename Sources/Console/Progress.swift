/// When a person who waits is told how far something is: never in its first second, then on one
/// line of a terminal that is written over, or on a new line each 10 s anywhere else.
package struct Progress: Sendable {
    private let output: Output
    private let isOnOneLine: Bool
    private var due: Int64
    private var isShown = false

    package init(on output: Output, look: Look) {
        self.output = output
        isOnOneLine = look.pictures
        due = isOnOneLine ? 1_000 : 10_000
    }

    /// Says `text` where it is time to, `elapsed` milliseconds after the beginning.
    package mutating func tell(_ text: @autoclosure () -> String, at elapsed: Int64) {
        guard elapsed >= due else { return }
        due = elapsed + (isOnOneLine ? 200 : 10_000)
        // A note that cannot be written is dropped: the work goes on.
        if isOnOneLine {
            try? output.write("\r\u{1B}[K" + text())
            isShown = true
        } else {
            try? output.line(text())
        }
    }

    /// Takes the line of the terminal away again.
    package mutating func end() {
        if isShown { try? output.write("\r\u{1B}[K") }
        isShown = false
    }
}
