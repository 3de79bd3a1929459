import Review

/// A page whose rows are still coming.
struct PageInProgress: Sendable {
    let head: PageHead
    private var rows: [FeedRow] = []
    private var row: (seq: Int64, hubSeq: Int64, isErased: Bool)?
    private var entry: Entry?

    init(head: PageHead) { self.head = head }

    /// The page once its last row is there with its payload.
    var whole: Page? {
        rows.count == head.count && entry == nil && row == nil ? Page(head: head, rows: rows) : nil
    }

    mutating func begin(
        row seq: Int64,
        hubSeq: Int64,
        isErased: Bool
    ) throws(SyncError) -> [NodeEnd.Effect] {
        guard entry == nil, row == nil, rows.count < head.count else {
            throw .damaged(reason: "a row out of place")
        }
        row = (seq, hubSeq, isErased)
        return []
    }

    mutating func add(
        entry line: [UInt8],
        _ signature: [UInt8],
        _ hash: Hashing
    ) throws(SyncError) {
        guard let row, entry == nil else { throw .damaged(reason: "an entry out of place") }
        do throws(EntryError) {
            entry = try Entry(line: line, signature: signature, hash: hash)
        } catch {
            throw .damaged(reason: "\(error)")
        }
        if row.isErased { finish(with: nil) }
    }

    mutating func add(payload: [UInt8], _ digest: Digest, _ hash: Hashing) throws(SyncError) {
        guard row != nil, let entry, entry.payload == digest, hash(payload) == digest else {
            throw .damaged(reason: "a payload that its entry does not name")
        }
        finish(with: payload)
    }

    private mutating func finish(with payload: [UInt8]?) {
        guard let place = row, let entry else { return }
        rows.append(
            FeedRow(
                seq: place.seq,
                hubSeq: place.hubSeq,
                document: Document(entry: entry, payload: payload)
            )
        )
        row = nil
        self.entry = nil
    }
}
