package import Review

extension Tally {
    /// What an entry does to its log's tally, nil where it does nothing.
    package static func act(_ document: Document) -> (uid: Digest, act: Act)? {
        guard let json = try? document.content() else { return nil }
        switch document.entry.kind {
        case .verdict:
            return (try? Verdict(json: json)).map { (document.entry.uid, .verdict($0)) }
        case .retract:
            return (try? Retraction(json: json)).map { (document.entry.uid, .retraction($0)) }
        default: return nil
        }
    }
}
