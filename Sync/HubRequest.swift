package import Review

/// A node's request, read whole and bounded: nothing in it is believed yet.
package struct HubRequest: Sendable, Equatable {
    package let hello: Hello
    package private(set) var cursors: [Cursor] = []
    /// What the reply may hold.
    package private(set) var budget = ReplyBudget.whole
    package private(set) var deltas: [Delta] = []
    package private(set) var documents: [Document] = []
    /// Receipts of the hub's own for what it no longer seems to hold, as signed.
    package private(set) var receipts: [JSON] = []

    /// Reads a body of at most `Limits.request` bytes, and of so many unpacked.
    package init(
        body: [UInt8],
        unpackingUpTo limit: Int = Limits.unpacked,
        hash: Hashing
    ) throws(WireError) {
        var reader = FrameReader(unpackingUpTo: limit)
        var records: [Record] = []
        for frame in try reader.take(body) { records += try Record.read(frame: frame) }
        guard reader.isEmpty, records.last == .word(.end, [:]) else {
            throw .damaged("it does not come to its end")
        }
        guard case .word(.hello, let json)? = records.first, let hello = Hello(json: json) else {
            throw .damaged("it does not begin with a hello")
        }
        self.hello = hello
        var open: Entry?
        for record in records.dropFirst() {
            if case .payload(let digest, let bytes) = record, let entry = open,
                entry.payload == digest
            {
                documents.append(Document(entry: entry, payload: bytes))
                open = nil
                continue
            }
            if let entry = open { documents.append(Document(entry: entry, payload: nil)) }
            open = nil
            switch record {
            case .word(.cursor, let json):
                if let cursor = Cursor(json: json) { cursors.append(cursor) }
            case .word(.receipt, let json): receipts.append(json)
            case .word(.budget, let json):
                if let budget = ReplyBudget(json: json) { self.budget = budget }
            case .delta(let signature, let line):
                if let delta = try? Delta(line: line, signature: signature) { deltas.append(delta) }
            case .entry(let signature, let line):
                // One whose line cannot be read is no reason to refuse the rest.
                open = try? Entry(line: line, signature: signature, hash: hash)
            default: break
            }
        }
    }
}
