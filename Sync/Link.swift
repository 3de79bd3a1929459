package import Review

/// An entry of one device as a chain sees it.
package struct Link: Sendable, Equatable {
    package let log: LogName
    package let seq: Int64
    package let uid: Digest
    package let prev: Digest?
    package let caseKey: String

    package init(_ entry: Entry) {
        log = entry.log
        seq = entry.seq
        uid = entry.uid
        prev = entry.prev
        caseKey = entry.caseKey
    }
}

extension [Link] {
    /// The ends of logs and branches: what nothing follows on.
    package var ends: [Digest] {
        let followed = Set<Digest>(compactMap(\.prev))
        return map(\.uid).filter { !followed.contains($0) }.sorted()
    }

    /// Those that are neither among `good` nor before one of them in its log.
    package func beyond(_ good: [Digest]) -> [Link] {
        let links = Dictionary(map { ($0.uid, $0) }) { first, _ in first }
        var ancestors: Set<Digest> = []
        for end in good {
            var next: Digest? = end
            while let uid = next, let link = links[uid], ancestors.insert(uid).inserted {
                next = link.prev
            }
        }
        return filter { !ancestors.contains($0.uid) }
    }
}
