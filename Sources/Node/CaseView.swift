package import Replica
package import Review

/// A case as this reviewer may see it now: the one place that decides what is withheld.
///
/// - **BlindHolds**: while the case is blind to them, nothing that comes from the AI's answer.
package struct CaseView: Sendable {
    package let name: CaseName
    package let record: CaseRecord
    package let state: CaseState
    package let blind: Bool
    /// The case as sent in; without the AI's answer while that is withheld.
    package let content: JSON
    package let title: String
    package let summary: String
    /// When a person looks, nil while that would tell a blind reviewer how sure the AI was.
    package let review: Routing.Review?
    package let due: Timestamp?
    package let placements: [String]
    package let why: [JSON]
    package let probability: String?
    /// The AI's label, nil while withheld or where it gave no valid one.
    package let aiLabel: String?
    /// What others said, only after release.
    package let others: [Other]
    package let outcome: Outcome?
    /// What took the case back from this reviewer, who had answered it.
    package let withdrawal: Withdrawal?

    package struct Other: Sendable {
        package let uid: Digest
        package let verdict: Verdict
    }

    package init?(_ subject: ReplicaCase, for reviewer: String) {
        let dossier = subject.dossier
        guard let record = dossier.current?.value else { return nil }
        let blind = dossier.withholds(from: reviewer)
        let proposal = blind ? nil : dossier.proposal?.value
        self.record = record
        self.blind = blind
        name = record.name
        state = subject.state
        content = record.joined(with: proposal)
        title =
            proposal?.content["title"]?.string ?? record.content["neutralTitle"]?.string
            ?? record.name.description
        summary = proposal?.summary ?? record.summary
        placements = proposal?.placements ?? record.placements
        // Past phase 1 it may rest on the confidence alone, unless a rule that fired says it too.
        let isTelling = blind && record.phase > 1 && !record.placements.contains("exception")
        review = isTelling ? nil : record.review
        due = isTelling ? nil : record.due
        why = proposal?.why ?? record.why
        probability = proposal.map { "1/\($0.k)" }
        aiLabel = proposal?.label
        let isReleased = dossier.releases.contains {
            $0.value.reviewer == reviewer && $0.value.revision == record.revision
        }
        others =
            isReleased
            ? dossier.verdicts.filter {
                $0.value.reviewer != reviewer && $0.value.revision == record.revision
            }.map { Other(uid: $0.uid, verdict: $0.value) } : []
        outcome = isReleased ? dossier.outcome : nil
        withdrawal = dossier.withdrawal(from: reviewer)?.value
    }

    package var labels: Labels { Labels(record.labels) }
}

// MARK: - As data

extension CaseView {
    /// A row of `list`.
    package var row: JSON {
        var members: [String: JSON?] = [
            "case": name.json, "revision": record.revision.json,
            "workflow": .string(name.workflow), "placements": .strings(placements),
            "review": review.map { .string($0.rawValue) } ?? .null, "summary": .string(summary),
            "due": due.map { .string($0.description) } ?? .null,
            "state": .string(state.rawValue), "blind": .bool(blind), "title": .string(title),
        ]
        if !blind { members["aiLabel"] = aiLabel.map(JSON.string) ?? .null }
        return .present(members)
    }

    /// What `show --json` prints.
    package var json: JSON {
        var members = content.object ?? [:]
        members["case"] = name.json
        members["revision"] = record.revision.json
        members["summary"] = .string(summary)
        members["placements"] = .strings(placements)
        members["blind"] = .bool(blind)
        members["calibrated"] = .null
        members["state"] = .string(state.rawValue)
        members["due"] = due.map { .string($0.description) } ?? .null
        members["withdrawn"] = .bool(withdrawal != nil)
        members["withdrawnBy"] = withdrawal?.by.map(JSON.string) ?? .null
        if !others.isEmpty { members["others"] = .array(others.map(\.json)) }
        return .object(members)
    }

    /// What `why --json` prints.
    package var whyJSON: JSON {
        .present([
            "case": name.json, "summary": .string(summary), "why": .array(why),
            "policy": record.policy.json, "probability": probability.map(JSON.string),
            "due": due.map { .string($0.description) } ?? .null,
            "withdrawn": .bool(withdrawal != nil),
            "withdrawnBy": withdrawal?.by.map(JSON.string) ?? .null,
        ])
    }

    /// That the case was taken back, for people.
    package var withdrawalLine: String? {
        withdrawal.map { withdrawal in
            "taken back by \(withdrawal.by ?? "the hub"), after you had answered"
        }
    }
}

extension CaseView.Other {
    package var json: JSON {
        .present([
            "uid": uid.json, "reviewer": .string(verdict.reviewer),
            "label": verdict.label.map(JSON.string),
            "abstain": verdict.abstention.map { .string($0.rawValue) }, "output": verdict.output,
            "reason": verdict.reason.map(JSON.string), "note": verdict.note.map(JSON.string),
        ])
    }
}
