package import Review
package import Sync
package import TestSupport

/// A hub that remembers in memory what a store does on disk, and decides nothing.
///
/// It reads `Held` and executes `Writes` as `SQLiteStore` does, so the simulator runs the hub's own
/// rules on it.
package struct MemoryHub: Sendable {
    package private(set) var name: HubName
    package private(set) var state = HubState()
    package let key: CheapKey
    package private(set) var entries: [Writes.Accepted] = []
    package private(set) var feeds: [String: [FeedPlace]] = [:]
    package private(set) var devices: [String: Device] = [:]
    package private(set) var rows: [String: CaseRow] = [:]
    package private(set) var contributions: [String: Tally] = [:]
    package private(set) var totals = Tally()
    package private(set) var deltas: [Delta] = []
    private var logs: [LogName: LogHead] = [:]
    private var places: [Digest: Int] = [:]
    private var roster = Roster(reviewers: [])
    private var workflows: [String: Workflow] = [:]
    private var eventSeq: Int64 = 0

    /// A row of a feed, and how far the hub's order went when it was written.
    package struct FeedPlace: Sendable, Equatable {
        package let head: FeedHead
        package let uid: Digest
        package let caseKey: String
        package let writtenAt: Int64
    }

    package init() {
        key = CheapKey("hub")
        name = HubName(id: KeyName.hub(key.bytes, hash: cheapHash), epoch: "1.0000000000000000")
    }

    package var hubSeq: Int64 { entries.last?.hubSeq ?? 0 }

    package func entry(_ uid: Digest) -> Writes.Accepted? {
        places[uid].map { entries[$0] }
    }

    package func head(of log: LogName) -> LogHead { logs[log] ?? LogHead() }

    /// The logs of a device that anything is held of, but one, in order.
    func logs(of device: String, but log: LogName) -> [LogName] {
        logs.keys.filter { $0.device == device && $0 != log }.sorted()
    }
}

// MARK: - The store

extension MemoryHub {
    /// One transaction: reads what is wanted, decides, writes.
    package mutating func ingest<Answer, Failure: Error>(
        _ wanted: Wanted,
        now: Timestamp,
        random: @escaping Randomness,
        _ decide: (inout HubDraft) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        var draft = HubDraft(
            held(wanted),
            now: now,
            cryptography: .cheap,
            sign: key.sign,
            random: random
        )
        let answer = try decide(&draft)
        execute(draft.writes)
        return answer
    }

    private func held(_ wanted: Wanted) -> Held {
        var held = Held(hub: name)
        held.state = state
        held.hubHead = head(of: name.log)
        held.hubSeq = hubSeq
        held.eventSeq = eventSeq
        for uid in wanted.uids {
            held.known[uid] = entry(uid).map { known in
                KnownEntry(
                    log: known.document.entry.log,
                    seq: known.document.entry.seq,
                    result: known.result,
                    code: known.code
                )
            }
        }
        for log in wanted.logs + [name.log] { held.logs[log] = logs[log] }
        for (log, head) in logs where wanted.devices.contains(log.device) { held.logs[log] = head }
        if wanted.feedRows {
            held.feedRows = feeds.mapValues { places in
                places.map { Sync.FeedPlace(uid: $0.uid, caseKey: $0.caseKey) }
            }
        }
        for (feed, places) in feeds { held.feeds[feed] = places.last?.head }
        held.roster = roster
        held.devices = devices
        held.workflows = workflows
        held.deltas = deltas
        for device in wanted.writers {
            held.written[device] = entries.map(\.document.entry)
                .filter { $0.log.device == device }.map(Link.init)
        }
        let written = held.written.values.joined().map(\.caseKey)
        let named = rows.values.filter { wanted.names.contains($0.name) }.map(\.key)
        for key in Set(wanted.keys + named + written) {
            guard let file = heldCase(key) else { continue }
            held.cases[key] = file
            if let name = file.dossier.name { held.keys[name] = key }
        }
        return held
    }

    private func heldCase(_ key: String) -> HeldCase? {
        guard entries.contains(where: { $0.document.entry.caseKey == key }) else { return nil }
        var file = HeldCase(
            key: key,
            dossier: dossier(key),
            deferred: deferred(key),
            row: rows[key]
        )
        for (feed, places) in feeds {
            let sent = Set(places.filter { $0.caseKey == key }.map(\.uid))
            if !sent.isEmpty { file.sent[feed] = sent }
        }
        file.contribution = contributions[key] ?? Tally()
        return file
    }

    /// A case as far as the hub's order goes, or as it stood at an earlier place in it.
    package func dossier(_ key: String, at place: Int64 = .max) -> Dossier {
        var dossier = Dossier()
        for accepted in entries
        where accepted.document.entry.caseKey == key && accepted.hubSeq <= place
            && HubDraft.effectiveCodes.contains(accepted.code)
        {
            try? dossier.add(accepted.document, hub: name.id)
        }
        return dossier
    }

    private func deferred(_ key: String) -> [HeldCase.Deferred] {
        entries.filter {
            $0.document.entry.caseKey == key && HubDraft.deferralCodes.contains($0.code)
        }.map {
            HeldCase.Deferred(
                document: $0.document,
                reviewer: $0.reviewer,
                result: $0.result,
                code: $0.code
            )
        }
    }

    private mutating func execute(_ writes: Writes) {
        if let hub = writes.hub {
            name = hub
            feeds = [:]
        }
        state = writes.state ?? state
        for accepted in writes.entries {
            places[accepted.document.entry.uid] = entries.count
            entries.append(accepted)
        }
        for index in entries.indices
        where writes.results[entries[index].document.entry.uid] != nil
            || writes.payloads[entries[index].document.entry.uid] != nil
        {
            let old = entries[index]
            let uid = old.document.entry.uid
            let said = writes.results[uid] ?? Writes.Said(result: old.result, code: old.code)
            entries[index] = Writes.Accepted(
                hubSeq: old.hubSeq,
                document: Document(
                    entry: old.document.entry,
                    payload: old.document.payload ?? writes.payloads[uid]
                ),
                result: said.result,
                code: said.code,
                reviewer: old.reviewer,
                receivedAt: old.receivedAt
            )
        }
        logs.merge(writes.logs) { $1 }
        for row in writes.feedRows {
            feeds[row.feed, default: []].append(
                FeedPlace(head: row.head, uid: row.uid, caseKey: row.caseKey, writtenAt: hubSeq)
            )
        }
        for row in writes.cases { rows[row.key] = row }
        contributions.merge(writes.contributions) { $1 }
        totals = totals + writes.totals
        for delta in writes.deltas {
            deltas.removeAll { $0.log == delta.log && $0.scope == delta.scope }
            deltas.append(delta)
        }
        for reviewer in writes.reviewers {
            roster.reviewers.removeAll { $0.name == reviewer.name }
            roster.reviewers.append(reviewer)
            roster.reviewers.sort { $0.name < $1.name }
        }
        roster.load.merge(writes.load) { $1 }
        for device in writes.devices { devices[device.id] = device }
        for workflow in writes.workflows { workflows[workflow.name] = workflow }
        eventSeq = writes.events.last?.seq ?? eventSeq
    }
}
