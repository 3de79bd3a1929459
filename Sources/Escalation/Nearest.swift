import Review

/// `; did you mean …?` for a word that nobody declared, or nothing where none is near.
enum Nearest {
    static func hint(for word: String, among candidates: some Sequence<String>) -> String {
        guard let best = nearest(to: word, among: candidates, limit: 1).first else { return "" }
        return "; did you mean `\(best)`?"
    }
}
