package import Review
package import Sync
package import TestSupport

/// A hub that remembers in memory what a store does on disk, and decides nothing.
///
/// It reads `Held` and executes `Writes` as `SQLiteStore` does, so the simulator runs the hub's own
/// rules on it.
package struct MemoryHub: Sendable {
    package internal(set) var name: HubName
    package internal(set) var state = HubState()
    package let key: CheapKey
    package internal(set) var entries: [Writes.Accepted] = []
    package internal(set) var feeds: [String: [FeedPlace]] = [:]
    package internal(set) var devices: [String: Device] = [:]
    package internal(set) var rows: [String: CaseRow] = [:]
    package internal(set) var contributions: [String: Tally] = [:]
    package internal(set) var totals = Tally()
    package internal(set) var deltas: [Delta] = []
    /// The mistake that this hub makes.
    var bug: SeededBug?
    var logs: [LogName: LogHead] = [:]
    var places: [Digest: Int] = [:]
    var roster = Roster(reviewers: [])
    var workflows: [String: Workflow] = [:]
    var eventSeq: Int64 = 0
    package internal(set) var erased: [Digest: Set<String>] = [:]
    /// With a mistaken store: how it was before, and rows of feeds that nobody sees yet.
    var earlier: [MemoryHub] = []
    var late: [String: [FeedPlace]] = [:]
    /// Of each case what the order holds of it, read once.
    private var files: [String: CaseFile] = [:]
    /// What each entry that is here with its payload says about its case, read once.
    private var said: [Digest: Statement] = [:]

    /// A row of a feed, and how far the hub's order went when it was written.
    package struct FeedPlace: Sendable, Equatable {
        package let head: FeedHead
        package let uid: Digest
        package let caseKey: String
        package let writtenAt: Int64
    }

    /// What the hub's order holds of a case: places in it, and what counts of it.
    private struct CaseFile {
        var places: [Int] = []
        var dossier = Dossier()
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

// MARK: - Cases

extension MemoryHub {
    /// A case as far as the hub's order goes.
    package func dossier(_ key: String) -> Dossier { files[key]?.dossier ?? Dossier() }

    /// A case as it stood at an earlier place in the hub's order, by what is said of its entries now.
    func dossier(_ key: String, at place: Int64) -> Dossier { fold(key, upTo: place) }

    private func fold(_ key: String, upTo place: Int64 = .max) -> Dossier {
        var dossier = Dossier()
        for index in files[key]?.places ?? [] where entries[index].hubSeq <= place {
            guard let statement = statement(of: entries[index]) else { continue }
            dossier.add(statement, of: entries[index].document.entry, hub: name.id)
        }
        return dossier
    }

    /// What an entry says about its case, where that may have an effect.
    func statement(of accepted: Writes.Accepted) -> Statement? {
        guard HubDraft.effectiveCodes.contains(accepted.code) else { return nil }
        return said[accepted.document.entry.uid]
    }

    /// What an entry says about its case, whether that has an effect or not.
    func saying(_ uid: Digest) -> Statement? { said[uid] }

    /// Files an entry that has just got its place in the hub's order.
    mutating func file(_ accepted: Writes.Accepted, at index: Int) {
        let key = accepted.document.entry.caseKey
        guard !key.isEmpty else { return }
        read(accepted.document)
        files[key, default: CaseFile()].places.append(index)
        let misread = bug?.misread(accepted, self)
        guard let statement = misread ?? statement(of: accepted) else { return }
        files[key]?.dossier.add(statement, of: accepted.document.entry, hub: name.id)
    }

    private mutating func read(_ document: Document) {
        said[document.entry.uid] = try? document.statement()
    }

    /// Does what is said anew of entries that are here: what they amount to, and payloads that came.
    mutating func amend(_ said: [Digest: Writes.Said], _ payloads: [Digest: [UInt8]]) {
        if bug == .forgetDeferred { return }
        for uid in Set(said.keys).union(payloads.keys).sorted() {
            guard let index = places[uid] else { continue }
            let old = entries[index]
            let entry = old.document.entry
            entries[index] = Writes.Accepted(
                hubSeq: old.hubSeq,
                document: Document(entry: entry, payload: old.document.payload ?? payloads[uid]),
                result: said[uid]?.result ?? old.result,
                code: said[uid]?.code ?? old.code,
                reviewer: old.reviewer,
                receivedAt: old.receivedAt
            )
            guard !entry.caseKey.isEmpty else { continue }
            read(entries[index].document)
            let dossier = fold(entry.caseKey)
            files[entry.caseKey]?.dossier = dossier
        }
    }

    /// Drops the bytes of payloads, of those that come later too.
    mutating func erase(_ payloads: [String: [Digest]]) {
        for (key, payloads) in payloads.sorted(by: { $0.key < $1.key }) {
            for payload in payloads { erased[payload, default: []].insert(key) }
            for index in files[key]?.places ?? [] {
                let old = entries[index]
                guard payloads.contains(old.document.entry.payload) else { continue }
                said[old.document.entry.uid] = nil
                entries[index] = Writes.Accepted(
                    hubSeq: old.hubSeq,
                    document: Document(entry: old.document.entry, payload: nil),
                    result: old.result,
                    code: old.code,
                    reviewer: old.reviewer,
                    receivedAt: old.receivedAt
                )
            }
            let dossier = fold(key)
            files[key]?.dossier = dossier
        }
    }

    private func deferred(_ file: CaseFile) -> [HeldCase.Deferred] {
        file.places.map { entries[$0] }.filter { HubDraft.deferralCodes.contains($0.code) }
            .map {
                HeldCase.Deferred(
                    document: $0.document,
                    reviewer: $0.reviewer,
                    result: $0.result,
                    code: $0.code
                )
            }
    }

    func heldCase(_ key: String) -> HeldCase? {
        guard let file = files[key] else { return nil }
        var held = HeldCase(
            key: key,
            dossier: file.dossier,
            deferred: deferred(file),
            row: rows[key]
        )
        for (feed, places) in feeds {
            let sent = Set(places.filter { $0.caseKey == key }.map(\.uid))
            if !sent.isEmpty { held.sent[feed] = sent }
        }
        held.contribution = contributions[key] ?? Tally()
        return held
    }
}
