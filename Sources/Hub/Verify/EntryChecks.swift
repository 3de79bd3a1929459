import HubStore
import Review
import Sync

/// What a pass over all entries leaves for the passes after it.
struct LogsRead {
    /// What stands in a log at one place, and what of it counts.
    struct Step {
        let seq: Int64
        let uid: Review.Digest
        let prev: Review.Digest?
        /// A verdict or a retraction.
        let act: TallyAct?
        /// Whether it was one whose bytes are gone, and nobody kept what it counted.
        let isForgotten: Bool
    }

    /// Everything of each log, forks too, in the order it came.
    var steps: [LogName: [Step]] = [:]
    var heads: [LogName: LogHead] = [:]
    /// The keys that the root vouches for, and those that certificates name.
    var hubKeys: [[UInt8]] = []
    var certified: [String: (reviewer: String, key: [UInt8])] = [:]
    var lastPlace: Int64 = 0
    /// The payloads that erasures name, and what the cases that are gone still count.
    var erased: Set<Review.Digest> = []
    var nameless: [String: NamelessCounts] = [:]
    var namelessActs: [Review.Digest: TallyAct] = [:]

    /// What stands beyond the end of its log, by the entry it follows on.
    private var beyond: [LogName: [Review.Digest: LogHead]] = [:]

    /// Makes an entry its log's end, or the last of those before it that follow on it without a gap.
    mutating func extend(_ log: LogName, to entry: Entry) {
        var head = LogHead(seq: entry.seq, uid: entry.uid)
        while let next = head.uid.flatMap({ beyond[log]?[$0] }), next.seq == head.seq + 1 {
            head = next
        }
        heads[log] = head
    }

    /// Remembers what is not its log's end, for when the log comes up to it.
    mutating func keepBeyond(_ entry: Entry) {
        guard let prev = entry.prev, beyond[entry.log]?[prev] == nil else { return }
        beyond[entry.log, default: [:]][prev] = LogHead(seq: entry.seq, uid: entry.uid)
    }
}

extension HubOffice {
    /// Lines, chains, signatures, payloads and results of all entries, then the heads of logs.
    func checkEntries(_ verification: inout Verification, _ read: inout LogsRead) throws {
        let devices = try store.read(Wanted()).devices
        try readErasures(&read)
        try readHubKeys(&read)
        try eachEntry { accepted in
            verification.entries += 1
            let entry = accepted.document.entry
            if accepted.hubSeq != read.lastPlace + 1 {
                verification.fail("order", accepted.hubSeq, "entries before it are missing")
            }
            read.lastPlace = accepted.hubSeq
            checkLine(entry, &verification)
            learn(accepted.document, &read, &verification)
            checkChain(accepted, &read, &verification)
            checkPayload(accepted, read, &verification)
            checkSignature(accepted, devices, read, &verification)
            checkResult(accepted, devices, &verification)
            return true
        }
        for device in devices.values.sorted(by: { $0.id < $1.id }) {
            let certified = read.certified[device.id]
            if certified?.key != device.key || certified?.reviewer != device.reviewer {
                verification.fail("device", device.id, "it is not as its certificate says")
            }
        }
        try checkHeads(&verification, read)
    }

    /// The keys that the root vouches for: of a hub that was made anew they may stand behind what they
    /// signed.
    private func readHubKeys(_ read: inout LogsRead) throws {
        try eachEntry(kinds: [.hubKey]) { accepted in
            read.hubKeys += Introduction.keys(
                in: [accepted.document],
                of: store.hubID,
                under: keys.root,
                .crypto
            )
            return true
        }
    }

    /// What the hub said of cases that were erased, which explains what is missing of them.
    private func readErasures(_ read: inout LogsRead) throws {
        try eachEntry(kinds: [.erased, .note]) { accepted in
            guard accepted.document.entry.log.device == store.hubID else { return true }
            let content = try accepted.document.content()
            if accepted.document.entry.kind == .erased {
                read.erased.formUnion(try Erasure(json: content).payloads)
            } else if let counts = try NamelessCounts(json: content) {
                read.nameless[counts.key] = read.nameless[counts.key].map { $0 + counts } ?? counts
                for act in counts.acts { read.namelessActs[act.uid] = act }
            }
            return true
        }
    }

    private func checkHeads(_ verification: inout Verification, _ read: LogsRead) throws {
        var wanted = Wanted()
        wanted.logs = read.heads.keys.sorted()
        let held = try store.read(wanted).logs
        for (log, head) in read.heads.sorted(by: { $0.key < $1.key }) {
            let steps = read.steps[log] ?? []
            // What came back may be ahead of what its author has handed in again.
            let isBehind = held[log].map { Self.leads(from: $0, to: head, steps) } ?? false
            guard held[log] != head, !isBehind, !Self.leads(from: head, to: held[log], steps) else {
                continue
            }
            verification.fail("log", "\(log.device) \(log.epoch)", "its end is not the one kept")
        }
        verification.logs = read.heads.count
    }

    /// Whether entries that came back out of order lead from one end of a log to another.
    private static func leads(from: LogHead, to end: LogHead?, _ steps: [LogsRead.Step]) -> Bool {
        var next = end?.uid
        while let uid = next, uid != from.uid {
            next = steps.first { $0.uid == uid && $0.seq > from.seq }?.prev
        }
        return next != nil
    }

    private func checkLine(_ entry: Entry, _ verification: inout Verification) {
        do {
            let again = try Entry(line: entry.line, signature: entry.signature, hash: sha256)
            if again != entry {
                verification.fail("entry", entry.uid, "its line is not what is kept about it")
            }
        } catch {
            verification.fail("entry", entry.uid, "\(error)")
        }
    }

    /// Notes the keys that an entry of the hub makes known.
    private func learn(
        _ document: Document,
        _ read: inout LogsRead,
        _ verification: inout Verification
    ) {
        let entry = document.entry
        guard entry.log.device == store.hubID, let content = try? document.content() else { return }
        let key = content["key"]?.string.flatMap(Base64URL.decode) ?? []
        if entry.kind == .hubKey {
            if !read.hubKeys.contains(key) {
                verification.fail("hubKey", entry.uid, "the root key did not certify it")
            }
        } else if entry.kind == .certificate, let device = content["device"]?.string {
            read.certified[device] = (content["reviewer"]?.string ?? "", key)
        }
    }

    private func checkChain(
        _ accepted: Writes.Accepted,
        _ read: inout LogsRead,
        _ verification: inout Verification
    ) {
        let entry = accepted.document.entry
        let head = read.heads[entry.log] ?? LogHead()
        let follows = entry.seq == head.seq + 1 && entry.prev == head.uid
        if follows {
            read.extend(entry.log, to: entry)
        } else {
            read.keepBeyond(entry)
            let isBranch =
                entry.prev.map { prev in
                    read.steps[entry.log]?.contains { $0.uid == prev && $0.seq + 1 == entry.seq }
                        ?? false
                } ?? (entry.seq == 1)
            if !isBranch, accepted.code != HubDraft.recoveredCode {
                verification.fail("chain", entry.uid, "it does not follow on its log")
            }
        }
        if follows == (accepted.result == .forked), accepted.code != HubDraft.recoveredCode {
            verification.fail("result", entry.uid, "whether it is a fork is kept wrongly")
        }
        let act =
            (try? accepted.document.statement()).flatMap { TallyAct(entry.uid, $0) }
            ?? read.namelessActs[entry.uid]
        let isAct = entry.kind == .verdict || entry.kind == .retract
        read.steps[entry.log, default: []].append(
            LogsRead.Step(
                seq: entry.seq,
                uid: entry.uid,
                prev: entry.prev,
                act: act,
                isForgotten: isAct && act == nil && accepted.document.payload == nil
            )
        )
    }
}
