package import Review
package import Sync
import TestSupport

/// How a hub is set to work: how much it does at once, and how quickly.
package struct HubPace: Sendable, Equatable {
    /// How much a page holds, at least one row.
    package var pageBytes = 1_000_000
    /// How many entries one transaction takes.
    package var chunk = 512
    /// How long a page takes.
    package var pageMilliseconds: Int64 = 0

    package init() {}
}

extension MemoryHub {
    /// Why a request is not answered by a body.
    package enum Refusal: Error {
        case unreadable, unknownDevice
        /// The hub's process, or its store, failed after so many transactions.
        case failed
    }

    /// Answers one sync as the hub's office does.
    ///
    /// `dyingAfter` so many transactions it fails: what they wrote stays, nothing is answered.
    package mutating func answer(
        _ body: [UInt8],
        now: Timestamp,
        pace: HubPace = HubPace(),
        dyingAfter: Int? = nil,
        random: @escaping Randomness
    ) throws(Refusal) -> [UInt8] {
        let (request, device) = try read(body)
        let handedIn = try take(
            request,
            from: device,
            now: now,
            pace: pace,
            dyingAfter: dyingAfter,
            random: random
        )
        remember(device.contact.after(request), of: device, now: now, random: random)
        return reply(
            to: device,
            of: request.hello.log,
            handedIn,
            after: request.cursors,
            within: PageAllowance(request.budget, results: handedIn.results.count, since: now),
            digest: cheapHash(body),
            now: now,
            pace: pace
        )
    }

    /// What a device handed in, and what became of each.
    struct HandedIn {
        let documents: [Document]
        let results: [PushResult]
    }

    func read(_ body: [UInt8]) throws(Refusal) -> (HubRequest, Device) {
        guard let request = try? HubRequest(body: body, hash: cheapHash) else { throw .unreadable }
        let known = devices[request.hello.log.device] ?? introduced(in: request)
        guard let device = known else { throw .unknownDevice }
        return (request, device)
    }

    /// Remembers what a device told of itself, where that is news.
    mutating func remember(
        _ contact: Contact,
        of device: Device,
        now: Timestamp,
        random: @escaping Randomness
    ) {
        guard contact != device.contact else { return }
        ingest(Wanted(), now: now, random: random) { $0.remember(contact, of: device.id) }
    }

    /// Takes all that a request holds, in as many transactions as that needs.
    mutating func take(
        _ request: HubRequest,
        from device: Device,
        now: Timestamp,
        pace: HubPace,
        dyingAfter: Int?,
        random: @escaping Randomness
    ) throws(Refusal) -> HandedIn {
        var left = dyingAfter ?? .max
        func transact(_ transaction: () -> Void) throws(Refusal) {
            guard left > 0 else { throw .failed }
            left -= 1
            transaction()
        }
        let believed = believable(request.receipts)
        if !believed.isEmpty {
            var wanted = Wanted.everyFeed
            wanted.uids = believed.map(\.head)
            try transact { ingest(wanted, now: now, random: random) { $0.believe(believed) } }
        }
        if state.rebuild != nil, request.generationShown(beside: name) != nil {
            try transact {
                ingest(.everyFeed, now: now, random: random) { $0.outgrow(request, from: device) }
            }
        }
        let foreign = request.documents.filter { $0.entry.log.device != device.id }
        let own = request.documents.filter { $0.entry.log.device == device.id }
        var results: [PushResult] = []
        if !foreign.isEmpty {
            let recovered = recovered(foreign)
            var wanted = Wanted(recovering: recovered)
            wanted.feedRows = true
            try transact {
                results += ingest(wanted, now: now, random: random) {
                    $0.recover(recovered, from: device)
                }
            }
        }
        for start in stride(from: 0, to: own.count, by: pace.chunk) {
            let chunk = own[start..<min(start + pace.chunk, own.count)]
            let pushed = chunk.map { Pushed($0, of: device, .cheap) }
            let wanted = Wanted(pushing: chunk.map(\.entry))
            try transact {
                results += ingest(wanted, now: now, random: random) {
                    $0.push(pushed, from: device)
                }
            }
        }
        if !request.deltas.isEmpty {
            try transact {
                ingest(Wanted(deltas: request.deltas), now: now, random: random) { draft in
                    for delta in request.deltas { draft.take(delta, from: device) }
                }
            }
        }
        if state.isRecovering {
            try transact {
                ingest(Wanted(), now: now, random: random) { $0.noteCaughtUp(device, request) }
            }
        }
        try transact {}  // The answer itself.
        return HandedIn(documents: foreign + own, results: results)
    }

    /// Receipts and results of what was handed in, and what fits of the device's feeds.
    func reply(
        to device: Device,
        of log: LogName,
        _ handedIn: HandedIn,
        after cursors: [Cursor],
        within allowance: PageAllowance,
        digest: Digest,
        now: Timestamp,
        pace: HubPace
    ) -> [UInt8] {
        let revocation = revocation(of: device)
        let down =
            revocation == nil ? pages(for: device, cursors, allowance, now, pace) : HubPages()
        return HubReply.body(
            Greeting(hub: name, time: now, watermark: 0, request: digest),
            documents: handedIn.documents,
            results: handedIn.results,
            hubSeq: hubSeq,
            through: ([log] + logs(of: log.device, but: log)).map {
                Through(epoch: $0.epoch, head: head(of: $0))
            },
            resets: down.resets,
            pages: down.pages,
            revocation: revocation,
            hash: cheapHash,
            sign: key.sign
        )
    }

    private func believable(_ receipts: [JSON]) -> [Receipt] {
        receipts.filter { SignedRecord.holds($0, as: .receipt, keys: [key.bytes], .cheap) }
            .compactMap { Receipt(json: $0) }
    }

    /// The hub's word on a device that is revoked.
    private func revocation(of device: Device) -> Document? {
        guard devices[device.id]?.revocation != nil else { return nil }
        return entries.last { accepted in
            accepted.document.entry.kind == .revocation
                && (try? accepted.document.content()["device"]) == .string(device.id)
        }?.document
    }

    private func recovered(_ documents: [Document]) -> [Recovered] {
        let certified = certified(in: documents)
        return documents.map { document in
            let author = document.entry.log.device
            let device = devices[author] ?? certified[author]
            let keys = author == name.id ? [key.bytes] : [device?.key].compactMap { $0 }
            return Recovered(document, keys: keys, .cheap)
        }
    }
}

// MARK: - Down

extension MemoryHub {
    private func pages(
        for device: Device,
        _ cursors: [Cursor],
        _ allowance: PageAllowance,
        _ began: Timestamp,
        _ pace: HubPace
    ) -> HubPages {
        var worked: Int64 = 0
        return HubPages(
            for: device.reviewer,
            after: cursors,
            of: name,
            within: allowance,
            hash: cheapHash,
            now: {
                worked += pace.pageMilliseconds
                return began.advanced(byMilliseconds: worked)
            },
            read: { page($0, after: $1, bytes: min($2, pace.pageBytes)) }
        )
    }

    /// A feed after a place, as `Store.page` gives it.
    private func page(_ feed: String, after place: FeedHead, bytes: Int) -> Page? {
        let places = feeds[feed] ?? []
        let start = FeedHead(hub: name, feed: feed, hash: cheapHash)
        let isHeld =
            places.isEmpty
            ? place.seq == 0 : place == start || places.contains { $0.head == place }
        guard isHeld else { return nil }
        var rows: [FeedRow] = []
        var size = 0
        var end = place
        for next in places where next.head.seq > place.seq {
            guard let accepted = entry(next.uid) else { continue }
            size += accepted.document.entry.line.count + (accepted.document.payload?.count ?? 0)
            if !rows.isEmpty, size > bytes { break }
            rows.append(
                FeedRow(seq: next.head.seq, hubSeq: accepted.hubSeq, document: accepted.document)
            )
            end = next.head
        }
        // With nothing to show for it a reply would never come to its end.
        let isOver = rows.isEmpty || end.seq == places.last?.head.seq ?? place.seq
        let more = bug != .noMore && !isOver
        if bug == .skipLastRow, rows.count > 1 { rows.removeLast() }
        return Page(
            head: PageHead(hubEpoch: name.epoch, feed: feed, from: place, to: end, more: more),
            rows: rows
        )
    }
}
