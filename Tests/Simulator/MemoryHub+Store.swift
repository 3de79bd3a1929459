package import Review
package import Sync
import TestSupport

extension MemoryHub {
    /// One transaction: reads what is wanted, decides, writes.
    package mutating func ingest<Answer, Failure: Error>(
        _ wanted: Wanted,
        now: Timestamp,
        random: @escaping Randomness,
        _ decide: (inout HubDraft) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        let reader = mistakenReader ?? self
        var draft = HubDraft(
            reader.held(wanted),
            now: now,
            cryptography: .cheap,
            sign: key.sign,
            random: random
        )
        let answer = try decide(&draft)
        keepMoment()
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
        for log in Set(wanted.logs) where log.device != name.id {
            held.beyond[log] = followers(of: log)
        }
        for (log, head) in logs where wanted.devices.contains(log.device) { held.logs[log] = head }
        if wanted.feedRows {
            held.feedRows = feeds.mapValues { places in
                places.map { Sync.FeedPlace(uid: $0.uid, caseKey: $0.caseKey) }
            }
        }
        for (feed, places) in feeds { held.feeds[feed] = (places + (late[feed] ?? [])).last?.head }
        held.roster = roster
        held.devices = devices
        held.workflows = workflows
        held.deltas = deltas
        for payload in wanted.payloads { held.erased[payload] = erased[payload] }
        for device in wanted.writers {
            held.written[device] = entries.map(\.document.entry)
                .filter { $0.log.device == device }.map(Link.init)
        }
        let written = held.written.values.joined().map(\.caseKey)
        let named = rows.values.filter { wanted.names.contains($0.name) }.map(\.key)
        for key in Set(wanted.keys + named + written) {
            guard var file = heldCase(key) else { continue }
            if wanted.casePayloads { file.payloads = payloads(of: key) }
            held.cases[key] = file
            if let name = file.dossier.name { held.keys[name] = key }
        }
        return held
    }

    private func payloads(of key: String) -> Set<Digest> {
        Set(
            entries.map(\.document).filter {
                $0.entry.caseKey == key && $0.entry.kind != .erased && $0.payload != nil
            }.map(\.entry.payload)
        )
    }

    /// What is held beyond the end of a log, by the entry it follows on.
    private func followers(of log: LogName) -> [Digest: LogHead] {
        let beyond = entries.map(\.document.entry).filter {
            $0.log == log && $0.seq > head(of: log).seq
        }
        return Dictionary(
            beyond.compactMap { entry in
                entry.prev.map { ($0, LogHead(seq: entry.seq, uid: entry.uid)) }
            }
        ) { first, _ in first }
    }

    private mutating func execute(_ writes: Writes) {
        if let hub = writes.hub {
            name = hub
            feeds = [:]
            late = [:]
        }
        state = writes.state ?? state
        if bug == .awaitNobody { state.awaited = [] }
        for accepted in writes.entries where bug?.loses(accepted) != true {
            places[accepted.document.entry.uid] = entries.count
            entries.append(accepted)
            file(accepted, at: entries.count - 1)
        }
        amend(writes.results, writes.payloads)
        erase(writes.erased)
        logs.merge(writes.logs) { $1 }
        let places = writes.feedRows.map { row in
            (
                row.feed,
                FeedPlace(head: row.head, uid: row.uid, caseKey: row.caseKey, writtenAt: hubSeq)
            )
        }
        write(places)
        if bug == .releaseEarly { publishEarly(writes.entries) }
        for row in writes.cases { rows[row.key] = row }
        contributions.merge(writes.contributions) { $1 }
        totals = totals + writes.totals
        for delta in writes.deltas { keep(delta) }
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

    private mutating func keep(_ delta: Delta) {
        let before = deltas.first { $0.log == delta.log && $0.scope == delta.scope }
        deltas.removeAll { $0.log == delta.log && $0.scope == delta.scope }
        deltas.append(bug?.add(delta, to: before, sign: key.sign) ?? delta)
    }
}
