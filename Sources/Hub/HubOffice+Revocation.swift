import HubStore
import Review
import Sync

// Devices that are trusted no longer, and what waits because of it.

extension HubOffice {
    /// Revokes a device; with `lastGood`, only what it wrote up to there in its latest epoch, and
    /// before, keeps its effect.
    package func revoke(_ id: String, because: String, lastGood: Int64?) throws -> Shown {
        guard let reason = Revocation.Reason(rawValue: because) else {
            let reasons = Revocation.Reason.allCases.map(\.rawValue).joined(separator: ", ")
            throw HubFailure(
                "badReason",
                "a device is not revoked because it is \(because); nothing was changed",
                hint: "the reasons are \(reasons)",
                kind: .badInput
            )
        }
        let device = try find(device: id)
        if let revocation = device.revocation {
            throw HubFailure(
                "revoked",
                "\(id) was revoked already, as \(revocation.reason.rawValue); nothing was changed",
                hint: "see what waits because of it: `countersign-hub quarantine list`",
                kind: .refused
            )
        }
        var wanted = Wanted()
        wanted.writers = [id]
        let (reopened, waiting) = try decide(wanted) { draft in
            let links = draft.held.written[id] ?? []
            let good = try lastGood.map { try Self.ends(of: links, upTo: $0) }
            let reopened = draft.revoke(id, because: reason, good: good)
            let waiting = draft.held.cases.values.flatMap { file in
                file.dossier.rulingOnActs.filter { $0.value == .revoked }.keys
            }
            return (reopened, Set(waiting).intersection(links.map(\.uid)).count)
        }
        return Shown(
            [
                "device": .string(id), "reviewer": .string(device.reviewer),
                "because": .string(because), "waiting": .integer(waiting),
                "reopened": .array(reopened.map(\.json)),
            ],
            [
                "\(id) of \(device.reviewer) is revoked; \(waiting) of its verdicts wait for you, "
                    + "and so does what it hands in from now on"
            ] + reopened.map { "\($0) rested on one of them and was reopened" }
                + ["look at them: `countersign-hub quarantine list`"]
        )
    }

    /// The ends that hold: of the latest epoch the place asked for, of those before their own.
    private static func ends(of links: [Link], upTo seq: Int64) throws -> [Review.Digest] {
        guard let latest = links.map(\.log).max() else { return [] }
        let here = links.filter { $0.log == latest }
        let before = links.filter { $0.log != latest }.ends
        if seq == 0 { return before }
        let found = here.filter { $0.seq == seq }
        guard let first = found.first else {
            throw HubFailure(
                "noSuchEntry",
                "the device's log of epoch \(latest.epoch) has no entry \(seq) here; nothing was changed",
                hint: "it has \(here.map(\.seq).max() ?? 0): see `countersign-hub export log`",
                kind: .notFound
            )
        }
        return before + [first.uid]
    }

    private func find(device id: String) throws -> Device {
        if let device = try store.device(id) { return device }
        let known = try store.read(Wanted()).devices.keys.sorted()
        let near = nearest(to: id, among: known)
        throw HubFailure(
            "unknownDevice",
            "there is no device \(id); nothing was changed",
            hint: near.isEmpty
                ? "see which there are: `countersign-hub device list`"
                : "did you mean \(near.joined(separator: ", "))?",
            kind: .notFound
        )
    }
}

// MARK: - What waits

extension HubOffice {
    /// Verdicts and retractions of revoked devices that nobody has looked at, in the hub's order.
    private func waiting() throws -> [(act: Writes.Accepted, file: HeldCase)] {
        let rulings = try store.entries(after: 0, kinds: [.ruling], caseKey: nil, limit: .max)
        let keys = Set(rulings.map(\.document.entry.caseKey)).sorted()
        var found: [(Writes.Accepted, HeldCase)] = []
        try eachCase(keys) { file in
            let waiting = file.dossier.rulingOnActs.filter { $0.value == .revoked }
            let acts = try store.entries(
                after: 0,
                kinds: [.verdict, .retract],
                caseKey: file.key,
                limit: .max
            )
            found += acts.filter { waiting[$0.document.entry.uid] != nil }.map { ($0, file) }
        }
        return found.sorted { $0.0.hubSeq < $1.0.hubSeq }.map { (act: $0.0, file: $0.1) }
    }

    package func listQuarantine(_ print: Printing) throws {
        for (act, file) in try waiting() { try print(Self.shown(act, file)) }
    }

    private static func shown(
        _ act: Writes.Accepted,
        _ file: HeldCase,
        more: [String: JSON] = [:]
    ) -> Shown {
        let entry = act.document.entry
        let content = try? act.document.content()
        let name = file.dossier.nameSaid?.description ?? file.key
        let label = content?["label"]?.string ?? content?["abstain"]?.string ?? entry.kindName
        let row: [String: JSON] = [
            "uid": entry.uid.json, "case": .string(name), "reviewer": .string(act.reviewer),
            "device": .string(entry.log.device), "epoch": .string(entry.log.epoch),
            "seq": .integer(entry.seq), "kind": .string(entry.kindName),
            "label": .string(label), "receivedAt": json(act.receivedAt),
            "outcome": file.dossier.outcome.map { .string($0.state.rawValue) } ?? .null,
        ]
        return Shown(
            .object(row.merging(more) { $1 }),
            [
                "\(entry.uid)  \(name)  \(act.reviewer)  \(label)  "
                    + "from \(entry.log.device) \(entry.seq)"
            ]
        )
    }

    /// One act that waits, with its payload.
    package func showQuarantined(_ uid: String) throws -> Shown {
        let found = try waiting().first { $0.act.document.entry.uid.description == uid }
        guard let (act, file) = found else { throw Self.notWaiting(uid) }
        return Self.shown(act, file, more: ["content": try act.document.content()])
    }

    /// Accepts or rejects acts that wait: those named, or all of a device.
    package func rule(
        accepting: Bool,
        on uids: [String],
        device: String?,
        by: String,
        because: String
    ) throws -> Shown {
        guard CaseName.isName(by) else { throw HubFailure(.badName(by)) }
        let word: Ruling.Word = accepting ? .accepted : .rejected
        let waiting = try waiting()
        let names = Set(waiting.map(\.act.document.entry.uid.description))
        for uid in uids where !names.contains(uid) { throw Self.notWaiting(uid) }
        let chosen = waiting.filter { act, _ in
            let entry = act.document.entry
            return uids.contains(entry.uid.description) || entry.log.device == device
        }
        let ruled = Set(chosen.map(\.act.document.entry.uid))
        var count = 0
        for (_, acts) in Dictionary(grouping: chosen, by: \.file.key).sorted(by: { $0.key < $1.key }
        ) {
            var wanted = Wanted(keys: [acts[0].file.key])
            wanted.uids = acts.map(\.act.document.entry.uid)
            count += try decide(wanted) { $0.rule(word, on: ruled, by: by, because: because) }
        }
        return Shown(
            [word.rawValue: .integer(count), "by": .string(by), "because": .string(because)],
            ["\(count) \(count == 1 ? "verdict" : "verdicts") \(word.rawValue)"]
        )
    }

    private static func notWaiting(_ uid: String) -> HubFailure {
        HubFailure(
            "notWaiting",
            "\(uid) does not wait for anybody; nothing was changed",
            hint: "see what does: `countersign-hub quarantine list`",
            kind: .notFound
        )
    }
}
