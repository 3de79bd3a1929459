import Replica
package import Review
import Sync

/// One of this reviewer's own acts, and what became of it.
package struct HistoryRow: Sendable {
    package let saved: JSON
    package let name: CaseName
    package let label: String
    package let status: VerdictStatus
    package let receipt: Bool
    package let outcome: Outcome?
    package let at: Timestamp

    package var json: JSON {
        var members = saved.object ?? [:]
        members["receipt"] = .bool(receipt)
        members["status"] = .string(status.rawValue)
        members["outcome"] = outcome.map { outcome in
            [
                "state": .string(outcome.state.rawValue),
                "hash": Cryptography.system.hash(outcome.bytes).json,
                "label": outcome.label.map(JSON.string) ?? .null,
            ]
        }
        return .object(members)
    }

    package var sentence: String {
        let end = outcome.map { ", outcome \($0.state.rawValue)\($0.label.map { " \($0)" } ?? "")" }
        return
            "\(at)  \(name)  \(label)  \(status.rawValue)\(receipt ? "" : ", not synced yet")\(end ?? "")"
    }
}

extension Desk {
    /// Own acts, oldest first, of one case or of all.
    package func history(of name: CaseName?) throws -> [HistoryRow] {
        let subjects: [ReplicaCase]
        if let name {
            subjects = [try find(name.description)]
        } else {
            subjects = try replica.cases([.open, .answered, .confirm, .hidden])
        }
        return try subjects.flatMap(rows).sorted { $0.at < $1.at }
    }

    private func rows(_ subject: ReplicaCase) throws -> [HistoryRow] {
        let statuses = subject.dossier.statuses()
        let view = CaseView(subject, for: reviewer)
        return try subject.own.compactMap { own in
            let entry = own.document.entry
            guard let statement = try own.document.statement(), statement.isOfReviewers else {
                return nil
            }
            let saved = saved(statement, entry, subject.dossier, outbox: 0, isDuplicate: false)
            return HistoryRow(
                saved: saved.history,
                name: saved.name,
                label: saved.label ?? saved.because ?? saved.kind,
                status: own.refusal == nil
                    ? statuses[entry.uid] ?? .counted : .quarantined,
                receipt: own.hasReceipt,
                // Of one whose content was purged, what came with its seal: only after release.
                outcome: view == nil ? subject.dossier.seal?.value.outcome : view?.outcome,
                at: own.at
            )
        }
    }

    /// Cases where people differ, as far as this reviewer may know, and own contradictions.
    package func conflicts() throws -> [CaseView] {
        try replica.cases([.open, .answered, .confirm]).filter { subject in
            let dossier = subject.dossier
            let own = dossier.outcome?.waitingFor == .`self`
            return own || CaseView(subject, for: reviewer)?.outcome?.state == .disputed
        }.compactMap { CaseView($0, for: reviewer) }
    }
}
