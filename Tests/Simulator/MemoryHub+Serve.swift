package import Review
package import Sync
import TestSupport

extension MemoryHub {
    /// Answers one sync; nil where the request cannot be read or comes from nobody we know.
    package mutating func answer(
        _ body: [UInt8],
        now: Timestamp,
        pageBytes: Int,
        random: @escaping Randomness
    ) -> [UInt8]? {
        guard let request = try? HubRequest(body: body, hash: cheapHash),
            let device = devices[request.hello.log.device]
        else { return nil }
        let pushed = request.documents.map { Pushed($0, of: device, .cheap) }
        let wanted = Wanted(pushing: request.documents.map(\.entry))
        let results = ingest(wanted, now: now, random: random) { $0.push(pushed, from: device) }
        ingest(Wanted(deltas: request.deltas), now: now, random: random) { draft in
            for delta in request.deltas { draft.take(delta, from: device) }
        }
        var pages: [Page] = []
        var resets: [String] = []
        for cursor in request.cursors
        where [FeedName.hub, FeedName.reviewer(device.reviewer)].contains(cursor.feed) {
            if let page = page(after: cursor, bytes: pageBytes) {
                pages.append(page)
            } else {
                resets.append(cursor.feed)
            }
        }
        let log = request.hello.log
        return HubReply.body(
            Greeting(hub: name, time: now, watermark: 0, request: cheapHash(body)),
            documents: request.documents,
            results: results,
            hubSeq: hubSeq,
            through: [Through(epoch: log.epoch, head: head(of: log))],
            resets: resets,
            pages: pages,
            hash: cheapHash,
            sign: key.sign
        )
    }

    /// The feed after a cursor, at least one row where there is one; nil where it does not fit.
    private func page(after cursor: Cursor, bytes: Int) -> Page? {
        let places = feeds[cursor.feed] ?? []
        let start = FeedHead(hub: name, feed: cursor.feed, hash: cheapHash)
        let heads = [start] + places.map(\.head)
        guard cursor.hubEpoch == name.epoch, heads.contains(cursor.head) else { return nil }
        var rows: [FeedRow] = []
        var size = 0
        for place in places.dropFirst(Int(cursor.head.seq)) {
            guard let accepted = entry(place.uid) else { continue }
            size += accepted.document.entry.line.count + (accepted.document.payload?.count ?? 0)
            if !rows.isEmpty, size > bytes { break }
            rows.append(
                FeedRow(
                    seq: place.head.seq,
                    hubSeq: accepted.hubSeq,
                    document: accepted.document
                )
            )
        }
        let end = heads[Int(cursor.head.seq) + rows.count]
        return Page(
            head: PageHead(
                hubEpoch: name.epoch,
                feed: cursor.feed,
                from: cursor.head,
                to: end,
                more: end != heads.last
            ),
            rows: rows
        )
    }
}
