package import Review
package import Sync

/// An answer or an abstention, as a person or a script asks for it.
package struct Act: Sendable, Equatable {
    package var answer: Verdict.Answer
    package var output: JSON?
    /// Changes to the AI's output, in the place of a whole one.
    package var patch: JSONPatch?
    package var reason: String?
    package var note: String?
    package var via: Verdict.Via
    /// The revision it is about, nil for the one last shown here.
    package var revision: Digest?
    /// A script's name for it: the same key and content again is saved once.
    package var key: String?
    package var reading = Reading()

    /// What the session knows of how the case was read.
    package struct Reading: Sendable, Equatable {
        package var openedAt: Timestamp?
        package var firstKeyAt: Timestamp?
        package var activeMilliseconds: Int64 = 0
        package var words = 0

        package init() {}
    }

    package init(_ answer: Verdict.Answer, via: Verdict.Via) {
        self.answer = answer
        self.via = via
    }

    /// What a key stands for.
    func content(on name: CaseName) -> Digest {
        var members: [String: JSON?] = [
            "case": name.json, "output": output, "reason": reason.map(JSON.string),
            "note": note.map(JSON.string), "revision": revision?.json, "patch": patch?.json,
        ]
        switch answer {
        case .label(let label): members["label"] = .string(label)
        case .abstain(let kind): members["abstain"] = .string(kind.rawValue)
        }
        return Cryptography.system.hash(JSON.present(members).canonicalBytes)
    }
}

/// What was saved, as `answer`, `abstain`, `undo` and `decide` print it.
package struct Saved: Sendable, Equatable {
    package let name: CaseName
    package let entry: Entry
    /// `answer`, `abstain` or `retract`.
    package let kind: String
    package let because: String?
    package let label: String?
    /// Whether the label is the AI's; nil until that is revealed.
    package let agrees: Bool?
    package let aiLabel: String?
    package let outbox: Int
    package let duplicate: Bool

    package var json: JSON {
        .present([
            "case": name.json, "uid": entry.uid.json, "device": .string(entry.log.device),
            "epoch": .string(entry.log.epoch), "seq": .integer(entry.seq), "hash": entry.uid.json,
            "kind": .string(kind), "because": because.map(JSON.string),
            "label": label.map(JSON.string), "agrees": agrees.map(JSON.bool),
            "outbox": .integer(outbox), "duplicate": .bool(duplicate),
        ])
    }

    /// Without what is only true while it is being saved.
    var history: JSON {
        guard case .object(var members) = json else { return json }
        members["outbox"] = nil
        members["duplicate"] = nil
        return .object(members)
    }

    /// One line for a person.
    package var sentence: String {
        let waiting = "\(outbox) waiting to sync"
        switch (kind, agrees) {
        case ("retract", _): return "undone: \(name) is open again. \(waiting)."
        case ("abstain", _): return "saved: abstained (\(because ?? "")). \(waiting). u undoes."
        case (_, true?): return "saved: \(label ?? ""), as the AI said. \(waiting). u undoes."
        case (_, false?):
            return
                "saved: \(label ?? "") (the AI said \(aiLabel ?? "nothing valid")). \(waiting). u undoes."
        default: return "saved: \(label ?? ""). \(waiting). u undoes."
        }
    }
}
