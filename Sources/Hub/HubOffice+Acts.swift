import HubStore
package import Review
import Sync

// What callers and administrators do about a case that is there.

extension HubOffice {
    /// Takes the outcome to act on it, which seals it.
    package func claim(_ name: String, outcome: String?, because: String?) throws -> Shown {
        let name = try caseName(name)
        let wanted = try outcome.map { text in
            guard let digest = Review.Digest(text) else {
                throw HubFailure(
                    "badHash",
                    "\(text) is not the hash of an outcome; nothing was changed",
                    hint: "it is written sha256: and 64 hexadecimal digits",
                    kind: .badInput
                )
            }
            return digest
        }
        let claimed = try suggesting(name) {
            try decide(Wanted(names: [name])) {
                try $0.claim(name, outcome: wanted, because: because)
            }
        }
        return OutcomeRow(claimed, seq: nil, sealed: true).shown
    }

    /// Records what was done about a case.
    package func acted(
        _ name: String,
        label: String,
        output: JSON?,
        takenAt: String?,
        reversibleUntil: String?,
        because: String?
    ) throws -> Shown {
        let name = try caseName(name)
        let taken = try takenAt.map(time) ?? now()
        let reversible = try reversibleUntil.map(time)
        let outcome = try suggesting(name) {
            try decide(Wanted(names: [name])) { draft in
                try draft.acted(
                    { revision in
                        Acted(
                            name: name,
                            revision: revision,
                            label: label,
                            output: output,
                            takenAt: taken,
                            reversibleUntil: reversible,
                            because: because
                        )
                    },
                    on: name
                )
                return draft.held.keys[name].flatMap { draft.held.cases[$0]?.dossier.outcome }
            }
        }
        let decided = outcome?.label
        return Shown(
            [
                "case": name.json, "acted": .string(label),
                "decided": decided.map { .string($0) } ?? .null, "takenAt": Self.json(taken),
            ],
            ["\(name): \(label) was done; decided was \(decided ?? "nothing yet")"]
        )
    }

    /// The same with the output as the bytes of a file.
    package func acted(
        _ name: String,
        label: String,
        outputBytes: [UInt8]?,
        takenAt: String?,
        reversibleUntil: String?,
        because: String?
    ) throws -> Shown {
        try acted(
            name,
            label: label,
            output: outputBytes.map(Self.parse),
            takenAt: takenAt,
            reversibleUntil: reversibleUntil,
            because: because
        )
    }

    /// Decides a case on the hub, in one step.
    package func adjudicate(
        _ name: String,
        label: String,
        by reviewer: String,
        because note: String
    ) throws -> Shown {
        let name = try caseName(name)
        let outcome = try suggesting(name) {
            try decide(Wanted(names: [name])) { draft in
                try draft.adjudicate(
                    name,
                    answer: .label(label),
                    output: nil,
                    by: reviewer,
                    because: note
                )
            }
        }
        return OutcomeRow(outcome, seq: nil, sealed: false).shown
    }

    /// Begins another round of a sealed case: everything said counts again, and who is missing is asked.
    package func reopen(_ name: String, because: String) throws -> Shown {
        let name = try caseName(name)
        let outcome = try suggesting(name) {
            try decide(Wanted(names: [name])) { try $0.reopen(name, because: because) }
        }
        return Shown(
            [
                "case": name.json, "round": .integer(outcome.round),
                "state": .string(outcome.state.rawValue),
            ],
            ["\(name) is in round \(outcome.round), and \(outcome.state.rawValue)"]
        )
    }
}

// MARK: - Reading what was typed

extension HubOffice {
    func caseName(_ text: String) throws -> CaseName {
        guard let name = CaseName(text) else {
            throw HubFailure(
                "badName",
                "\(text) is not the name of a case; nothing was changed",
                hint: "a case is named WORKFLOW/ID, such as refunds/T-1029",
                kind: .badInput
            )
        }
        return name
    }

    static func parse(_ bytes: [UInt8]) throws -> JSON {
        do {
            return try JSON(parsing: bytes)
        } catch {
            throw HubFailure(
                "badJSON",
                "this is not JSON that can be kept: \(error); nothing was changed",
                kind: .badInput
            )
        }
    }

    private func time(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(text) else {
            throw HubFailure(
                "badTime",
                "\(text) is not a time; nothing was changed",
                hint: "write it as 2026-11-25T10:00:00Z",
                kind: .badInput
            )
        }
        return time
    }

    /// Times in what scripts read are RFC 3339.
    static func json(_ time: Timestamp?) -> JSON { time.map { .string($0.description) } ?? .null }

    /// Adds the nearest names to an error about a case that is not there.
    func suggesting<Answer>(_ name: CaseName, _ body: () throws -> Answer) throws -> Answer {
        do {
            return try body()
        } catch HubRefusal.unknownCase {
            throw unknown(name)
        }
    }

    func unknown(_ name: CaseName) -> HubFailure {
        let refusal = HubRefusal.unknownCase(name)
        let names = (try? store.cases(.all).map(\.name.description)) ?? []
        let near = nearest(to: name.description, among: names)
        return HubFailure(
            refusal.code,
            "\(refusal)",
            hint: near.isEmpty ? refusal.hint : "did you mean \(near.joined(separator: ", "))?",
            kind: .notFound
        )
    }
}
