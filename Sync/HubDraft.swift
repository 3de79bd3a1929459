package import Review

/// A hub decision in the making: what is held, and what has been written so far.
///
/// Every change of the hub goes through one: pushes, arriving cases, claims, administrators' acts,
/// the sweep. It performs no I/O; the store executes its `writes` in the transaction that read
/// `held`. Clock, randomness and keys come in as values.
package struct HubDraft: Sendable {
    package let now: Timestamp
    package private(set) var held: Held
    package private(set) var writes = Writes()
    let cryptography: Cryptography
    let random: Randomness
    private let sign: Signing
    private var pen: Pen
    private var touched = Touched()
    /// Where in `writes` the row of a case stands.
    private var rowPlaces: [String: Int] = [:]

    package init(
        _ held: Held,
        now: Timestamp,
        cryptography: Cryptography,
        sign: @escaping Signing,
        random: @escaping Randomness
    ) {
        self.held = held
        self.now = now
        self.cryptography = cryptography
        self.random = random
        self.sign = sign
        pen = Pen(
            log: held.hub.log,
            head: held.hubHead,
            cryptography: cryptography,
            sign: sign,
            random: random
        )
    }
}

// MARK: - Entries

extension HubDraft {
    /// Says something about a case, in the hub's own log.
    @discardableResult
    mutating func state(_ statement: Statement, about key: String) -> Document {
        let document = state(statement.kind, caseKey: key, statement.json)
        file(statement, of: document.entry)
        return document
    }

    /// Appends an entry of any kind to the hub's own log.
    @discardableResult
    mutating func state(_ kind: Entry.Kind, caseKey: String = "", _ content: JSON) -> Document {
        let document = pen.write(kind, caseKey: caseKey, content)
        held.hubHead = pen.head
        accept(document, result: .accepted, code: "", from: "")
        return document
    }

    /// Gives an entry its place in the hub's order, and makes it its log's head unless it branches.
    mutating func accept(
        _ document: Document,
        result: PushResult.Word,
        code: String,
        from reviewer: String,
        extendsLog: Bool = true
    ) {
        held.hubSeq += 1
        held.known[document.entry.uid] = KnownEntry(
            log: document.entry.log,
            seq: document.entry.seq,
            result: result,
            code: code
        )
        writes.entries.append(
            Writes.Accepted(
                hubSeq: held.hubSeq,
                document: document,
                result: result,
                code: code,
                reviewer: reviewer,
                receivedAt: now
            )
        )
        if extendsLog {
            extend(document.entry.log, to: document.entry)
        } else {
            keepBeyond(document.entry)
        }
    }

    /// Changes what is said of an entry that is held already.
    mutating func say(_ word: PushResult.Word, _ code: String, of uid: Digest) {
        held.known[uid] = held.known[uid].map {
            KnownEntry(log: $0.log, seq: $0.seq, result: word, code: code)
        }
        writes.results[uid] = Writes.Said(result: word, code: code)
    }

    /// Adds the payload of an entry that is held without it.
    mutating func fill(_ entry: Entry, with payload: [UInt8]) {
        writes.payloads[entry.uid] = payload
    }

    /// Lets an entry wait for what it refers to, once.
    mutating func wait(_ deferred: HeldCase.Deferred) {
        let entry = deferred.document.entry
        know(entry.caseKey)
        stopWaiting(entry)
        held.cases[entry.caseKey]?.deferred.append(deferred)
    }

    mutating func stopWaiting(_ entry: Entry) {
        held.cases[entry.caseKey]?.deferred.removeAll { $0.document.entry.uid == entry.uid }
    }

    /// Makes an entry its log's head, or the last of those held that follow on it without a gap.
    mutating func extend(_ log: LogName, to entry: Entry) {
        var head = LogHead(seq: entry.seq, uid: entry.uid)
        while let next = head.uid.flatMap({ held.beyond[log]?[$0] }), next.seq == head.seq + 1 {
            head = next
        }
        held.logs[log] = head
        writes.logs[log] = head
    }

    /// Remembers what is not its log's head, for when the log comes up to it.
    private mutating func keepBeyond(_ entry: Entry) {
        guard let prev = entry.prev, held.beyond[entry.log]?[prev] == nil else { return }
        held.beyond[entry.log, default: [:]][prev] = LogHead(seq: entry.seq, uid: entry.uid)
    }

    /// Adds what an entry says to the dossier of its case, and remembers to look at the case again.
    mutating func file(_ statement: Statement, of entry: Entry) {
        let key = entry.caseKey
        // Taken out while it changes, so that nothing of it is copied.
        var file = held.cases.removeValue(forKey: key) ?? HeldCase(key: key)
        file.dossier.add(statement, of: entry, hub: held.hub.id)
        if let name = file.dossier.name { held.keys[name] = key }
        held.cases[key] = file
        touch(key)
    }

    /// Makes room for a case that is not there yet.
    mutating func know(_ key: String) {
        if held.cases[key] == nil { held.cases[key] = HeldCase(key: key) }
    }

    mutating func touch(_ key: String) { touched.add(key) }

    /// Lets every case that was touched take its next step.
    package mutating func settle() {
        for key in touched.keys { advance(key) }
        touched = Touched()
    }

    /// The cases to look at again, each once, in the order they changed.
    private struct Touched {
        private(set) var keys: [String] = []
        private var known: Set<String> = []

        mutating func add(_ key: String) {
            if known.insert(key).inserted { keys.append(key) }
        }
    }
}

// MARK: - The hub itself

extension HubDraft {
    /// Goes on under another name: a log of its own, and feeds that start anew.
    mutating func begin(_ hub: HubName) {
        held.hub = hub
        held.hubHead = LogHead()
        held.feeds = [:]
        writes.hub = hub
        writes.feedRows = []
        pen = Pen(
            log: hub.log,
            head: LogHead(),
            cryptography: cryptography,
            sign: sign,
            random: random
        )
    }

    mutating func change(_ change: (inout HubState) -> Void) {
        change(&held.state)
        writes.state = held.state
    }
}

// MARK: - Feeds and rows

extension HubDraft {
    /// Puts an entry in a feed, once: what stands in it, its reader may see.
    mutating func offer(_ uid: Digest, caseKey: String = "", to feed: String) {
        if !caseKey.isEmpty {
            let isNew = held.cases[caseKey]?.sent[feed, default: []].insert(uid).inserted
            guard isNew == true else { return }
        }
        append(uid, caseKey: caseKey, to: feed)
    }

    mutating func append(_ uid: Digest, caseKey: String, to feed: String) {
        let before =
            held.feeds[feed] ?? FeedHead(hub: held.hub, feed: feed, hash: cryptography.hash)
        let head = before.appending(uid, hash: cryptography.hash)
        held.feeds[feed] = head
        writes.feedRows.append(
            Writes.FeedWrite(feed: feed, head: head, uid: uid, caseKey: caseKey)
        )
    }

    mutating func announce(_ kind: HubEvent.Kind, _ name: CaseName, _ detail: JSON) {
        held.eventSeq += 1
        writes.events.append(
            HubEvent(seq: held.eventSeq, kind: kind, name: name, at: now, detail: detail)
        )
    }

    /// Changes what lists show of a case.
    mutating func update(_ key: String, _ change: (inout CaseRow) -> Void) {
        guard var row = held.cases[key]?.row else { return }
        change(&row)
        set(row)
    }

    mutating func set(_ row: CaseRow) {
        guard held.cases[row.key]?.row != row else { return }
        held.cases[row.key]?.row = row
        if let place = rowPlaces[row.key] {
            writes.cases[place] = row
        } else {
            rowPlaces[row.key] = writes.cases.count
            writes.cases.append(row)
        }
    }

    /// Keeps of a case nothing but that it was there.
    mutating func close(_ row: CaseRow) {
        guard let name = CaseName(workflow: row.name.workflow, id: row.key) else { return }
        held.keys[row.name] = nil
        held.cases[row.key]?.dossier = Dossier()
        held.cases[row.key]?.deferred = []
        held.cases[row.key]?.contribution = Tally()
        writes.contributions[row.key] = Tally()
        writes.nameless[row.name] = row.key
        set(
            CaseRow(
                key: row.key,
                name: name,
                // That of the content could be guessed.
                revision: cryptography.hash(Array(row.key.utf8)),
                state: .erased,
                sealed: row.sealed,
                review: row.review,
                due: nil,
                arrivedAt: row.arrivedAt,
                settleMilliseconds: row.settleMilliseconds,
                settlesAt: nil,
                understaffed: false,
                seq: row.seq,
                open: []
            )
        )
    }

    /// Remembers payloads whose bytes must go, here and whenever they come back.
    mutating func forget(_ payloads: [Digest], of key: String) {
        for payload in payloads { held.erased[payload, default: []].insert(key) }
        writes.erased[key, default: []] += payloads
    }

    mutating func set(_ workflow: Workflow) {
        held.workflows[workflow.name] = workflow
        writes.workflows.removeAll { $0.name == workflow.name }
        writes.workflows.append(workflow)
    }

    mutating func add(_ reviewer: Reviewer) {
        held.roster.reviewers.removeAll { $0.name == reviewer.name }
        held.roster.reviewers.append(reviewer)
        writes.reviewers.append(reviewer)
    }

    mutating func add(_ device: Device) {
        held.devices[device.id] = device
        writes.devices.append(device)
    }

    mutating func keep(_ delta: Delta) {
        held.deltas.removeAll { $0.log == delta.log && $0.scope == delta.scope }
        held.deltas.append(delta)
        writes.deltas.append(delta)
    }

    /// Counts what a reviewer has to do, so that the next case goes to who has least.
    mutating func setLoad(_ load: Int, of reviewer: String) {
        held.roster.load[reviewer] = load
        writes.load[reviewer] = load
    }

    /// Replaces what a case adds to the recount.
    mutating func contribute(_ key: String) {
        guard let file = held.cases[key] else { return }
        let now = file.dossier.contribution
        guard now != file.contribution else { return }
        writes.contributions[key] = now
        writes.totals = writes.totals + (now - file.contribution)
        held.cases[key]?.contribution = now
    }
}
