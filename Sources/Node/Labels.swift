import Review

/// The labels of a case as a reviewer types them: a number, the label, or its beginning.
package struct Labels: Sendable {
    package let all: [String]

    package init(_ all: [String]) { self.all = all }

    /// Above nine labels none has a number: all of them are chosen by their beginning.
    package var areNumbered: Bool { all.count <= 9 }

    /// The label that `text` means.
    ///
    /// One letter is always a command, so never a label.
    package func label(_ text: String) throws(NodeError) -> String {
        if all.contains(text) { return text }
        if areNumbered, let number = Int(text) {
            guard all.indices.contains(number - 1) else { throw unknown(text) }
            return all[number - 1]
        }
        let lower = text.lowercased()
        let exact = all.filter { $0.lowercased() == lower }
        if exact.count == 1 { return exact[0] }
        let candidates = text.count < 2 ? [] : all.filter { $0.lowercased().hasPrefix(lower) }
        switch candidates.count {
        case 0: throw unknown(text)
        case 1: return candidates[0]
        default: throw .ambiguousLabel(text, candidates: candidates)
        }
    }

    private func unknown(_ text: String) -> NodeError {
        .unknownLabel(text, nearest: nearest(to: text, among: all), all: all)
    }
}
