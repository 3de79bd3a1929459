package import Review

/// The hub's reply, made of values: what a sync answers, in the order of `sync.md`.
package enum HubReply {
    /// A whole body.
    ///
    /// `results` are in the order of the request, `pages` those of each feed that fit, `resets` the
    /// feeds whose cursor does not fit this hub. To a device that is trusted no
    /// longer, `revocation` says so; it gets no pages. `enrolled` is for one that was never heard of
    /// since it was let in, `chain` for one that may not know what the hub signs with now.
    package static func body(
        _ greeting: Greeting,
        documents: [Document],
        results: [PushResult],
        hubSeq: Int64,
        through: [Through],
        resets: [String],
        pages: [Page],
        revocation: Document? = nil,
        enrolled: JSON? = nil,
        chain: HubChain? = nil,
        hash: Hashing,
        sign: Signing
    ) -> [UInt8] {
        var records = enrolled.map { [Record.word(.enrolled, $0)] } ?? []
        records += chain.map { [.word(.hubKey, $0.json)] } ?? []
        records += [
            .word(.hub, SignedRecord.sign(greeting.json, as: .hub, by: sign))
        ]
        for receipt in receipts(documents, results, greeting.hub.epoch, hubSeq, hash) {
            records.append(
                .word(.receipt, SignedRecord.sign(receipt.json, as: .receipt, by: sign))
            )
        }
        records += through.map { .word(.through, $0.json) }
        records += results.map { .word(.result, $0.json) }
        records += resets.map { .word(.reset, ["feed": .string($0)]) }
        records += pages.flatMap { $0.records(sign: sign) }
        records += revocation.map(Record.document) ?? []
        records.append(.word(.end, [:]))
        return Record.body(records)
    }

    /// One receipt for each unbroken stretch of stored entries of a log.
    private static func receipts(
        _ documents: [Document],
        _ results: [PushResult],
        _ hubEpoch: String,
        _ hubSeq: Int64,
        _ hash: Hashing
    ) -> [Receipt] {
        var stretches: [[(Entry, PushResult)]] = []
        for (document, result) in zip(documents, results) where result.result.isStored {
            if let last = stretches.last?.last?.0, last.log == document.entry.log,
                last.seq + 1 == document.entry.seq, last.uid == document.entry.prev
            {
                stretches[stretches.count - 1].append((document.entry, result))
            } else {
                stretches.append([(document.entry, result)])
            }
        }
        return stretches.compactMap { stretch in
            guard let first = stretch.first?.0, let last = stretch.last?.0 else { return nil }
            return Receipt(
                log: first.log,
                from: first.seq,
                to: last.seq,
                head: last.uid,
                results: Receipt.digest(of: stretch.map(\.1), hash: hash),
                hubEpoch: hubEpoch,
                hubSeq: hubSeq
            )
        }
    }
}
