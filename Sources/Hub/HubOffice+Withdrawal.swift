import HubStore
import Review
import Sync

// Cases that are taken back from people, and given to others.

extension HubOffice {
    /// Takes a case back from everybody: it goes from their lists at their next sync.
    ///
    /// Once it is withdrawn this changes nothing.
    package func withdraw(_ name: String, by: String, because: String?) throws -> Shown {
        guard CaseName.isName(by) else { throw HubFailure(.badName(by)) }
        let name = try caseName(name)
        let isNew = try suggesting(name) {
            try decide(Wanted(names: [name])) {
                try $0.withdraw(name, by: by, because: because)
            }
        }
        return Shown(
            ["case": name.json, "withdrawn": true, "again": .bool(!isNew), "by": .string(by)],
            [
                isNew
                    ? "\(name) is withdrawn: nobody is asked about it any more, and it goes from every "
                        + "node at its next sync"
                    : "\(name) was withdrawn before; nothing was changed",
                "what was decided meanwhile is taken all the same, as an opinion",
            ]
        )
    }

    /// Takes a case back from who has not answered, and asks whom is named, or whom the hub finds.
    package func reassign(
        _ name: String,
        from: String?,
        to: String?,
        by: String,
        because: String
    ) throws -> Shown {
        guard CaseName.isName(by) else { throw HubFailure(.badName(by)) }
        let name = try caseName(name)
        let reassigned = try suggesting(name) {
            try decide(Wanted(names: [name])) {
                try $0.reassign(name, from: from, to: to, by: by, because: because)
            }
        }
        return Self.shown(reassigned)
    }

    /// The same for every case that waits for a reviewer; where the one who is named cannot be asked
    /// about a case, the hub finds another.
    package func reassign(
        allOf reviewer: String,
        to: String?,
        by: String,
        because: String,
        _ print: Printing
    ) throws {
        guard CaseName.isName(by) else { throw HubFailure(.badName(by)) }
        let names = try store.read(Wanted()).roster.reviewers.map(\.name)
        for person in [reviewer, to].compactMap({ $0 }) where !names.contains(person) {
            throw HubFailure(.unknownReviewer(person, nearest: nearest(to: person, among: names)))
        }
        // Who is to decide a dispute waits as well, though not for an answer.
        let rows = try store.cases(.all).filter {
            !$0.sealed && ($0.open.contains(reviewer) || $0.state == .disputed)
        }
        for start in stride(from: 0, to: rows.count, by: Self.chunk) {
            let chunk = rows[start..<min(start + Self.chunk, rows.count)]
            let done = try decide(Wanted(keys: chunk.map(\.key))) { draft in
                try chunk.map { row in
                    do {
                        return try draft.reassign(
                            row.name,
                            from: reviewer,
                            to: to,
                            by: by,
                            because: because
                        )
                    } catch HubRefusal.cannotReview {
                        return try draft.reassign(
                            row.name,
                            from: reviewer,
                            by: by,
                            because: because
                        )
                    }
                }
            }
            for reassigned in done where !reassigned.from.isEmpty {
                try print(Self.shown(reassigned))
            }
        }
    }

    private static func shown(_ reassigned: Reassigned) -> Shown {
        let from = reassigned.from.isEmpty ? "nobody" : reassigned.from.joined(separator: ", ")
        let to = reassigned.to.isEmpty ? "nobody else" : reassigned.to.joined(separator: ", ")
        return Shown(
            [
                "case": reassigned.name.json, "from": .strings(reassigned.from),
                "to": .strings(reassigned.to),
            ],
            ["\(reassigned.name)  taken back from \(from), now asked: \(to)"]
        )
    }

    /// Whose act took a case back, when and why; null while it stands.
    func withdrawal(of key: String, _ dossier: Dossier) throws -> JSON {
        guard let withdrawn = dossier.withdrawn else { return .null }
        let entries = try store.entries(
            after: 0,
            kinds: [.note, .withdrawal],
            caseKey: key,
            limit: .max
        )
        let note = try entries.last { try $0.document.content()["withdrawing"] != nil }
        let entry = entries.first { $0.document.entry.uid == withdrawn.uid }
        return [
            "by": withdrawn.value.by.map(JSON.string) ?? .null,
            "because": try note?.document.content()["because"] ?? .null,
            "at": Self.json(entry?.receivedAt),
        ]
    }
}
