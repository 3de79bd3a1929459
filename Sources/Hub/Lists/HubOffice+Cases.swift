import HubStore
import Review
import Sync

extension HubOffice {
    /// The cases there are, in order of arrival.
    package func listCases(of workflow: String?, _ print: Printing) throws {
        for row in try store.cases(workflow.map { .workflow($0) } ?? .all) {
            let due = row.due.map { "due \($0)" } ?? ""
            let open = row.open.isEmpty ? "" : "asked: \(row.open.joined(separator: ", "))"
            let isWithdrawn = row.state == nil && row.review != .none
            let none = isWithdrawn ? "withdrawn" : "not reviewed"
            let state = row.sealed ? "sealed" : row.state?.rawValue ?? none
            try print(
                Shown(
                    [
                        "case": row.name.json, "workflow": .string(row.name.workflow),
                        "revision": row.revision.json,
                        "state": row.state.map { .string($0.rawValue) } ?? .null,
                        "review": .string(row.review.rawValue), "due": Self.json(row.due),
                        "sealed": .bool(row.sealed), "open": .strings(row.open),
                        "understaffed": .bool(row.understaffed),
                        "withdrawn": .bool(isWithdrawn),
                        "arrivedAt": Self.json(row.arrivedAt),
                    ],
                    [
                        ["\(row.name)", state, row.review.rawValue, due, open]
                            .filter { !$0.isEmpty }.joined(separator: "  ")
                    ]
                )
            )
        }
    }

    /// A case with everything the hub holds about it.
    package func showCase(_ text: String) throws -> Shown {
        let name = try caseName(text)
        let held = try store.read(Wanted(names: [name]))
        guard let key = held.keys[name], let file = held.cases[key],
            let current = file.dossier.current?.value
        else { throw unknown(name) }
        let dossier = file.dossier
        let verdicts = try verdicts(of: key, dossier)
        var members = current.joined(with: dossier.proposal?.value).object ?? [:]
        for (field, value) in dossier.disposition(of: current.revision)?.object ?? [:] {
            members[field] = value
        }
        members["workflow"] = .string(name.workflow)
        members["arrivedAt"] = Self.json(file.row?.arrivedAt)
        members["assignments"] = .array(assignments(of: dossier))
        members["verdicts"] = .array(verdicts)
        members["outcome"] =
            dossier.outcome.map { outcome in
                OutcomeRow(outcome, seq: nil, sealed: dossier.seal != nil).json
            } ?? .null
        members["withdrawn"] = try withdrawal(of: key, dossier)
        members["acted"] = .array(
            dossier.acts.map { act in
                ["label": .string(act.value.label), "takenAt": Self.json(act.value.takenAt)]
            }
        )
        return Shown(.object(members), Self.lines(name, members, verdicts))
    }

    private func assignments(of dossier: Dossier) -> [JSON] {
        let open = Set(dossier.openAssignments.map(\.uid))
        return dossier.assignments.map { assignment in
            let withdrawal = dossier.withdrawal(of: assignment)?.value
            return [
                "uid": assignment.uid.json, "reviewer": .string(assignment.value.reviewer),
                "revision": assignment.value.revision.json,
                "round": .integer(assignment.value.round), "at": Self.json(assignment.value.at),
                "due": Self.json(assignment.value.due),
                "open": .bool(open.contains(assignment.uid)),
                "withdrawn": .bool(withdrawal != nil),
                "withdrawnBy": withdrawal?.by.map(JSON.string) ?? .null,
            ]
        }
    }

    private func verdicts(of key: String, _ dossier: Dossier) throws -> [JSON] {
        let statuses = dossier.statuses()
        let entries = try store.entries(
            after: 0,
            kinds: [.verdict, .retract],
            caseKey: key,
            limit: .max
        )
        return entries.map { accepted in
            let entry = accepted.document.entry
            let content = try? accepted.document.content()
            let kind: JSON =
                entry.kind == .retract
                ? "retract" : content?["abstain"] != nil ? "abstain" : "answer"
            let status = statuses[entry.uid] ?? .quarantined
            return [
                "uid": entry.uid.json, "hash": entry.uid.json,
                "reviewer": content?["reviewer"] ?? .string(accepted.reviewer),
                "device": .string(entry.log.device), "epoch": .string(entry.log.epoch),
                "seq": .integer(entry.seq), "kind": kind, "label": content?["label"] ?? .null,
                "because": content?["abstain"] ?? .null, "via": content?["via"] ?? .null,
                "revision": content?["revision"] ?? .null, "note": content?["note"] ?? "",
                "status": .string(status.rawValue), "code": .string(accepted.code),
                "receivedAt": Self.json(accepted.receivedAt),
            ]
        }
    }

    private static func lines(
        _ name: CaseName,
        _ members: [String: JSON],
        _ verdicts: [JSON]
    ) -> [String] {
        func text(_ json: JSON?) -> String { json?.string ?? json?.canonical ?? "" }
        var lines = ["\(name)"]
        for field in [
            "title", "summary", "disposition", "review", "due", "label", "confidence", "output",
            "revision", "policy",
        ] {
            guard let value = members[field], value != .null else { continue }
            lines.append("  \(field): \(text(value))")
        }
        if let withdrawn = members["withdrawn"], withdrawn != .null {
            let because = withdrawn["because"]?.string.map { ": \($0)" } ?? ""
            lines.append("  withdrawn by \(text(withdrawn["by"]))\(because)")
        }
        for assignment in members["assignments"]?.array ?? [] {
            let by = assignment["withdrawnBy"]?.string.map { " by \($0)" } ?? ""
            let state =
                assignment["withdrawn"] == true
                ? "taken back\(by)" : assignment["open"] == true ? "open" : "closed"
            lines.append("  asked: \(text(assignment["reviewer"]))  \(state)")
        }
        for verdict in verdicts {
            let answer = verdict["label"] == .null ? verdict["because"] : verdict["label"]
            lines.append(
                "  verdict: \(text(verdict["reviewer"]))  \(text(verdict["kind"]))  "
                    + "\(text(answer))  \(text(verdict["status"]))"
            )
        }
        if let outcome = members["outcome"], outcome != .null {
            let sealed = outcome["sealed"] == true ? "  sealed" : ""
            let label = outcome["label"]?.string ?? outcome["waitingFor"]?.string ?? ""
            lines.append("  outcome: \(text(outcome["state"]))  \(label)\(sealed)")
            lines.append("  outcome hash: \(text(outcome["hash"]))")
        }
        return lines
    }
}
