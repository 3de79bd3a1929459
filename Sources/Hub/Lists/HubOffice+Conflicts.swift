import HubStore
import Review
import Sync

extension HubOffice {
    /// The cases on which people, or one person's machines, say different things, with the sides.
    package func listConflicts(_ print: Printing) throws {
        let disputed = try store.cases(.inState(.disputed))
        let waiting = try store.cases(.inState(.waiting))
        let keys = (disputed + waiting).sorted { $0.name < $1.name }.map(\.key)
        try eachCase(keys) { file in
            guard let outcome = file.dossier.outcome, file.dossier.seal == nil,
                outcome.state == .disputed || outcome.waitingFor == .`self`
            else { return }
            let sides = Self.sides(of: file.dossier)
            let text = sides.map { side in
                let names = side["reviewers"]?.array?.compactMap(\.string) ?? []
                return
                    "\(side["label"]?.string ?? "unreviewable") (\(names.joined(separator: ", ")))"
            }
            try print(
                Shown(
                    [
                        "case": outcome.name.json, "revision": outcome.revision.json,
                        "round": .integer(outcome.round),
                        "state": .string(outcome.state.rawValue),
                        "waitingFor": outcome.waitingFor.map { .string($0.rawValue) } ?? .null,
                        "sides": .array(sides),
                    ],
                    [
                        "\(outcome.name)  \(outcome.state.rawValue)  "
                            + text.joined(separator: " against ")
                    ]
                )
            )
        }
    }

    /// Verdicts that stand, by label and output; whoever differs from themselves is on both sides.
    private static func sides(of dossier: Dossier) -> [JSON] {
        let statuses = dossier.statuses()
        let standing = dossier.verdicts.filter { verdict in
            verdict.value.isOpinion
                && [.counted, .adjudication, .selfConflict].contains(statuses[verdict.uid])
        }
        let sides = Dictionary(grouping: standing) { verdict in
            Answer(label: verdict.value.label, output: verdict.value.output)
        }
        // By who stands on them: uids would put them in another order in every hub.
        return sides.map { answer, verdicts in
            (answer, verdicts.sorted { ($0.value.reviewer, $0.uid) < ($1.value.reviewer, $1.uid) })
        }.sorted { $0.1[0].value.reviewer < $1.1[0].value.reviewer }.map { answer, verdicts in
            [
                "label": answer.label.map { .string($0) } ?? .null,
                "output": answer.output ?? .null,
                "reviewers": .strings(Set(verdicts.map(\.value.reviewer)).sorted()),
                "verdicts": .array(verdicts.map(\.uid.json)),
            ]
        }
    }

    private struct Answer: Hashable {
        let label: String?
        let output: JSON?
    }

    /// Hands over what is held of each case, a chunk at a time.
    func eachCase(_ keys: [String], _ body: (HeldCase) throws -> Void) throws {
        for start in stride(from: 0, to: keys.count, by: Self.chunk) {
            let chunk = Array(keys[start..<min(start + Self.chunk, keys.count)])
            let held = try store.read(Wanted(keys: chunk))
            for key in chunk { if let file = held.cases[key] { try body(file) } }
        }
    }
}
