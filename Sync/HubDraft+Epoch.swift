package import Review

// A hub that went back in time: restored from a backup, or failed over without its last writes.
//
//     evidence ─▶ openEpoch ─▶ recovering ⟲ each device syncs, hands in what it holds ─▶ recovered
//
// - **ReceiptHolds**: what was receipted is back after one sync of any holder.

extension HubDraft {
    /// Begins the next generation of the hub, before it signs anything else.
    ///
    /// Feeds start anew with the rows they have, so that every reader is reset; all devices that are
    /// trusted are awaited. `because` is a stable word: `restored`, `otherPast`, `lostTail`. The
    /// generation is above `shown` too, where that is a later one of its own.
    package mutating func openEpoch(because reason: String, beyond shown: Int = 0) {
        let old = held.hub
        let head = held.hubHead
        let rows = held.feedRows
        let generation = max(old.log.generation, shown) + 1
        let name = HubName(id: old.id, epoch: KeyName.epoch(generation, random: random))
        begin(name)
        state(.epoch, epochContent(after: old.log, head, because: reason))
        for (feed, rows) in rows.sorted(by: { $0.key < $1.key }) {
            for row in rows { append(row.uid, caseKey: row.caseKey, to: feed) }
        }
        // One that is trusted no longer gets nothing, and could never say that it has caught up.
        let live = held.devices.values.filter { $0.revocation == nil }.map(\.id).sorted()
        change { $0.awaited = live }
    }

    /// Begins a new epoch where the hub is shown receipts of its own, of the present epoch, for what
    /// it does not hold: it went back and did not know.
    package mutating func believe(_ receipts: [Receipt]) {
        let isLost = receipts.contains {
            $0.hubEpoch == held.hub.epoch && held.known[$0.head] == nil
        }
        if isLost { openEpoch(because: "lostTail") }
    }

    /// Ends the wait for devices that will not come.
    package mutating func endRecovery(by: String, because: String) {
        guard held.state.isRecovering else { return }
        state(
            .note,
            [
                "recoveryEnded": .string(by), "because": .string(because),
                "awaited": .strings(held.state.awaited),
            ]
        )
        change { state in
            state.awaited = []
            if state.rebuild != nil { state.rebuild = .heard }
        }
    }

    /// Everything up to a place survives the loss of the hub's disk: a verified copy holds it.
    package mutating func mark(safeUpTo hubSeq: Int64) { change { $0.watermark = hubSeq } }

    /// Ties the database to the file beside it, whose content is one of the words in `nonce`.
    package mutating func tie(to nonce: String) { change { $0.nonce = nonce } }

    /// Waits no longer for a device that reads in the present epoch and has handed in all it held.
    package mutating func noteCaughtUp(_ device: Device, _ request: HubRequest) {
        guard held.state.awaited.contains(device.id), request.hello.holds == 0 else { return }
        let feeds = [FeedName.hub, FeedName.reviewer(device.reviewer)]
        let isLevel = feeds.allSatisfy { feed in
            request.cursors.contains { $0.feed == feed && $0.hubEpoch == held.hub.epoch }
        }
        guard isLevel else { return }
        change { state in
            state.awaited.removeAll { $0 == device.id }
            if state.rebuild != nil { state.rebuild = .heard }
        }
    }

    /// Takes back an entry that the hub signed for, or made, and lost: from whoever holds it.
    ///
    /// It keeps its place in its own log, and stands again in the feed that its holder had it from.
    ///
    /// Of others it takes back only what it may have lost: a hub that never went back takes nothing.
    ///
    /// Where the hub lacks an entry that it signed in its present epoch, it went back and did not
    /// know: a new epoch begins first.
    package mutating func recover(_ pushed: [Recovered], from device: Device) -> [PushResult] {
        let isLost = pushed.contains { $0.isOf(held.hub.log) && held.known[$0.uid] == nil }
        if isLost { openEpoch(because: "lostTail") }
        if let shown = pushed.compactMap({ $0.generation(of: held.hub) }).max() { outgrow(shown) }
        let results = pushed.map { recover($0, from: device) }
        settle()
        return results
    }

    private mutating func recover(_ pushed: Recovered, from device: Device) -> PushResult {
        let entry = pushed.document.entry
        func result(_ word: PushResult.Word, _ code: String = "") -> PushResult {
            PushResult(log: entry.log, seq: entry.seq, result: word, code: code)
        }
        let isOurs = entry.log.device == held.hub.id
        let feed = FeedName.reviewer(device.reviewer)
        if held.known[entry.uid] != nil {
            if pushed.document.payload != nil, isErased(pushed.document) {
                tellErased(entry, to: device)
                return result(.duplicate)
            }
            if isOurs, pushed.isWhole, pushed.statement != nil {
                offer(entry.uid, caseKey: entry.caseKey, to: feed)
            }
            return result(.duplicate)
        }
        let isWhole = pushed.isWhole || (pushed.isSigned && isErased(pushed.document))
        guard isWhole, isOurs || held.hub.log.generation > 1 else {
            return result(.unread, "notYours")
        }
        let head = held.logs[entry.log] ?? LogHead()
        let author = isOurs ? "" : held.devices[entry.log.device]?.reviewer ?? ""
        if isErased(pushed.document) {
            acceptErased(
                pushed.document,
                saying: pushed.statement,
                result: .accepted,
                code: Self.recoveredCode,
                from: device,
                reviewer: author,
                extendsLog: entry.seq == head.seq + 1 && entry.prev == head.uid
            )
            return result(.accepted)
        }
        let flaw = isOurs ? nil : pushed.statement.flatMap { self.flaw(of: $0, entry, by: author) }
        accept(
            pushed.document,
            result: flaw == nil ? .accepted : .rejected,
            code: flaw ?? Self.recoveredCode,
            from: author,
            extendsLog: entry.seq == head.seq + 1 && entry.prev == head.uid
        )
        if flaw != nil { return result(.rejected, flaw ?? "") }
        if let statement = pushed.statement {
            recoverRow(of: statement, entry.caseKey)
            if let revocation = held.devices[entry.log.device]?.revocation {
                file(statement, of: entry)
                suspend(statement, of: entry, revocation)
            } else if isOurs {
                file(statement, of: entry)
            } else {
                takeEffect(statement, of: entry)
            }
            followCurrent(entry.caseKey)
            offer(entry.uid, caseKey: entry.caseKey, to: feed)
        } else if isOurs {
            recoverGeneral(pushed.document)
        }
        return result(.accepted)
    }

    /// Why a reviewer's statement can never count; that they were asked may have been lost as well.
    private func flaw(of statement: Statement, _ entry: Entry, by reviewer: String) -> String? {
        let (word, code) = judge(statement, of: entry, by: reviewer)
        return word == .rejected && code != "notAssigned" ? code : nil
    }

    /// What is said of an entry that came back: it has its effect.
    package static let recoveredCode = "recovered"

    private mutating func recoverRow(of statement: Statement, _ key: String) {
        guard case .record(let record) = statement else { return }
        outgrow(policyEpoch: record.policyEpoch, of: record.name.workflow)
        guard held.cases[key]?.row == nil,
            held.keys[record.name] == nil  // Else it came again meanwhile, under another key.
        else { return }
        know(key)
        set(
            CaseRow(
                key: key,
                name: record.name,
                revision: record.revision,
                state: nil,
                sealed: false,
                review: record.review,
                due: record.due,
                arrivedAt: now,
                settleMilliseconds: Self.settleMilliseconds,
                settlesAt: nil,
                understaffed: false,
                seq: 0,
                open: []
            )
        )
    }

    /// Lists show the current revision, in whichever order they came back.
    private mutating func followCurrent(_ key: String) {
        guard let current = held.cases[key]?.dossier.current?.value else { return }
        update(key) { row in
            row.revision = current.revision
            row.review = current.review
            row.due = current.due
        }
    }

    /// The policy that says it otherwise may have gone; this is the default of `review.settle`.
    private static let settleMilliseconds: Int64 = 600_000

    mutating func recoverGeneral(_ document: Document) {
        guard let content = try? document.content() else { return }
        if document.entry.kind == .erased {
            guard let erasure = try? Erasure(json: content) else { return }
            return enforce(erasure, document, of: document.entry.caseKey)
        }
        offer(document.entry.uid, to: FeedName.hub)
        if document.entry.kind == .revocation, let revocation = try? Revocation(json: content) {
            enforce(revocation)
        }
        guard document.entry.kind == .certificate, let id = content["device"]?.string,
            let name = content["reviewer"]?.string,
            let key = content["key"]?.string.flatMap(Base64URL.decode), held.devices[id] == nil
        else { return }
        if !held.roster.reviewers.contains(where: { $0.name == name }) {
            // What they may review was said in the hub's log alone, and is to be said again.
            add(Reviewer(name: name, workflows: [], role: .reviewer))
        }
        add(Device(id: id, reviewer: name, name: id, key: key))
        change { $0.awaited = ($0.awaited + [id]).sorted() }
    }
}

/// An entry of somebody else's log that a device hands in, and whether it is what it says.
package struct Recovered: Sendable {
    package let document: Document
    /// Its signature is one of its author's, and its payload the one it names.
    let isWhole: Bool
    /// The same where the payload has not come with it.
    let isSigned: Bool
    let statement: Statement?

    package var uid: Digest { document.entry.uid }

    /// What it says of a device, where it is the hub's word that one is trusted no longer.
    var revocation: Revocation? {
        guard isWhole, document.entry.kind == .revocation else { return nil }
        return (try? document.content()).flatMap { try? Revocation(json: $0) }
    }

    /// Of what a hub said in another of its epochs: the generation of that.
    package func generation(of hub: HubName) -> Int? {
        let log = document.entry.log
        return isWhole && log.device == hub.id && log != hub.log ? log.generation : nil
    }

    /// Whether it stands in a log, by its author's hand.
    package func isOf(_ log: LogName) -> Bool { isWhole && document.entry.log == log }

    /// `keys` are those of the entry's author: the hub's own, or a certified device's.
    package init(_ document: Document, keys: [[UInt8]], _ cryptography: Cryptography) {
        self.document = document
        isSigned = keys.contains { (try? document.verify(by: $0, cryptography)) != nil }
        let holds = isSigned && document.payload != nil
        let read = Result { () throws(EntryError) in try document.statement() }
        switch read {
        case .success(let statement):
            self.statement = statement
            isWhole = holds
        case .failure:
            statement = nil
            isWhole = false
        }
    }
}
