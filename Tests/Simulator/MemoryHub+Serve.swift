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
        let receipts = request.receipts.filter {
            SignedRecord.holds($0, as: .receipt, keys: [key.bytes], .cheap)
        }.compactMap { Receipt(json: $0) }
        if !receipts.isEmpty {
            var wanted = Wanted.everyFeed
            wanted.uids = receipts.map(\.head)
            ingest(wanted, now: now, random: random) { $0.believe(receipts) }
        }
        let foreign = request.documents.filter { $0.entry.log.device != device.id }
        let own = request.documents.filter { $0.entry.log.device == device.id }
        let recovered = foreign.map { document in
            let author = document.entry.log.device
            let keys = author == name.id ? [key.bytes] : [devices[author]?.key]
            return Recovered(document, keys: keys.compactMap { $0 }, .cheap)
        }
        var recovering = Wanted(recovering: recovered)
        recovering.feedRows = true
        var results = ingest(recovering, now: now, random: random) {
            $0.recover(recovered, from: device)
        }
        let pushed = own.map { Pushed($0, of: device, .cheap) }
        let wanted = Wanted(pushing: own.map(\.entry))
        results += ingest(wanted, now: now, random: random) { $0.push(pushed, from: device) }
        ingest(Wanted(deltas: request.deltas), now: now, random: random) { draft in
            for delta in request.deltas { draft.take(delta, from: device) }
        }
        ingest(Wanted(), now: now, random: random) { $0.noteCaughtUp(device, request) }
        var pages: [Page] = []
        var resets: [String] = []
        let revocation = entries.first { accepted in
            device.revocation != nil && accepted.document.entry.kind == .revocation
                && (try? accepted.document.content()["device"]) == .string(device.id)
        }?.document
        for cursor in request.cursors
        where revocation == nil
            && [FeedName.hub, FeedName.reviewer(device.reviewer)].contains(cursor.feed)
        {
            if let page = page(after: cursor, bytes: pageBytes) {
                pages.append(page)
            } else {
                resets.append(cursor.feed)
                let start = FeedHead(hub: name, feed: cursor.feed, hash: cheapHash)
                let anew = Cursor(hubEpoch: name.epoch, feed: cursor.feed, head: start)
                if let page = page(after: anew, bytes: pageBytes) { pages.append(page) }
            }
        }
        let log = request.hello.log
        return HubReply.body(
            Greeting(hub: name, time: now, watermark: 0, request: cheapHash(body)),
            documents: foreign + own,
            results: results,
            hubSeq: hubSeq,
            through: ([log] + logs(of: log.device, but: log)).map {
                Through(epoch: $0.epoch, head: head(of: $0))
            },
            resets: resets,
            pages: pages,
            revocation: revocation,
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
