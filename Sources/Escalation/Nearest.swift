/// Which of a few words somebody probably meant.
enum Nearest {
    /// `; did you mean `x`?` where a candidate is close enough, otherwise nothing.
    static func hint(for word: String, among candidates: some Sequence<String>) -> String {
        let limit = word.count < 3 ? 0 : max(1, word.count / 3)
        let near = candidates.map { (distance(word, $0), $0) }.filter { $0.0 <= limit }
        guard let best = near.min(by: { ($0.0, $0.1) < ($1.0, $1.1) }) else { return "" }
        return "; did you mean `\(best.1)`?"
    }

    /// Insertions, deletions, replacements and swaps of neighbours between two words (optimal
    /// string alignment), case ignored.
    static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left.lowercased().unicodeScalars.prefix(64))
        let b = Array(right.lowercased().unicodeScalars.prefix(64))
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, beforeLast[j - 1] + 1)
                }
                row.append(best)
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}
