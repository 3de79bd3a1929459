package import Review

// A case that is erased on request: its bytes go, everywhere; headers, chains and counts stay.
//
//     erase ─▶ `erased` to every feed that had the case ─▶ each replica drops the payloads
//     what comes back, or comes late, is stored without its payload

extension HubDraft {
    /// What is said of an entry whose payload was erased, or came for a case that was.
    package static let erasedCode = "erased"

    /// Erases a case for an administrator.
    ///
    /// `HeldCase.payloads` must have been read.
    package mutating func erase(
        _ name: CaseName,
        by: String,
        because: String
    ) throws(HubRefusal) {
        let (key, _) = try find(name)
        state(
            .note,
            ["erasing": .string(key), "by": .string(by), "because": .string(because)]
        )
        drop(held.cases[key]?.payloads ?? [], of: key)
    }

    /// Erases again what an older copy of this hub still has, by the hub's own word.
    package mutating func recall(_ erasure: Recovered) {
        let entry = erasure.document.entry
        let head = held.logs[entry.log] ?? LogHead()
        guard entry.kind == .erased, held.known[entry.uid] == nil, erasure.isWhole,
            entry.log.device == held.hub.id
        else { return }
        accept(
            erasure.document,
            result: .accepted,
            code: Self.recoveredCode,
            from: "",
            extendsLog: entry.seq == head.seq + 1 && entry.prev == head.uid
        )
        recoverGeneral(erasure.document)
        settle()
    }

    /// Drops payloads of a case, and tells everybody who may have them.
    @discardableResult
    private mutating func drop(_ payloads: Set<Digest>, of key: String) -> Document {
        let erasure = Erasure(payloads: payloads.sorted())
        let document = state(.erased, caseKey: key, erasure.json)
        enforce(erasure, document, of: key)
        return document
    }

    /// Does what an erasure says, and what it forgot: all that is held of the case goes.
    mutating func enforce(_ erasure: Erasure, _ document: Document, of key: String) {
        forget(erasure.payloads, of: key)
        guard let file = held.cases[key] else { return }
        for feed in file.sent.keys.sorted() {
            offer(document.entry.uid, caseKey: key, to: feed)
        }
        if let row = file.row, row.state != .erased {
            let counts = NamelessCounts(of: file.dossier, key: key)
            if !counts.contribution.counts.isEmpty || !counts.acts.isEmpty {
                state(.note, counts.json)
            }
            for reviewer in row.open {
                setLoad((held.roster.load[reviewer] ?? 0) - 1, of: reviewer)
            }
            close(row)
        }
        let forgotten = file.payloads.filter { !isErased($0, of: key) }
        if !forgotten.isEmpty { drop(forgotten, of: key) }
    }

    /// Whether the content of an entry is to be dropped as it comes.
    func isErased(_ document: Document) -> Bool {
        let isLate = held.cases[document.entry.caseKey]?.row?.state == .erased
        return isErased(document.entry.payload, of: document.entry.caseKey)
            || (isLate && document.entry.kind != .erased)
    }

    /// By its case too: else whoever names another's payload in a late entry would have it dropped.
    private func isErased(_ payload: Digest, of key: String) -> Bool {
        held.erased[payload]?.contains(key) ?? false
    }

    /// Takes an entry without its payload; one that nobody knew of is added to what is erased.
    mutating func acceptErased(
        _ document: Document,
        saying statement: Statement?,
        result: PushResult.Word,
        code: String = erasedCode,
        from device: Device,
        reviewer: String,
        extendsLog: Bool
    ) {
        let entry = document.entry
        accept(
            Document(entry: entry, payload: nil),
            result: result,
            code: code,
            from: reviewer,
            extendsLog: extendsLog
        )
        let isKnown = isErased(entry.payload, of: entry.caseKey)
        if isKnown, document.payload == nil { return }
        let act = statement.flatMap { TallyAct(late: entry.uid, $0, key: entry.caseKey) }
        if let act { state(.note, NamelessCounts(late: act).json) }
        tellErased(entry, to: device)
    }

    /// Tells a device that still has the bytes that they are to go.
    mutating func tellErased(_ entry: Entry, to device: Device) {
        know(entry.caseKey)
        let erased = drop([entry.payload], of: entry.caseKey)
        let feed = FeedName.reviewer(device.reviewer)
        offer(erased.entry.uid, caseKey: entry.caseKey, to: feed)
    }
}
