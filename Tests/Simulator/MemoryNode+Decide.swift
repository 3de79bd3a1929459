package import Review
package import Sync
import TestSupport

extension MemoryNode {
    /// The cases that this reviewer was asked about, by key.
    package var asked: [String] {
        dossiers.filter { _, dossier in
            dossier.current != nil
                && dossier.assignments.contains { $0.value.reviewer == device.reviewer }
        }.map(\.key).sorted()
    }

    /// Whether a case waits for this reviewer: not answered, or released to decide between sides.
    package func isOpen(_ key: String) -> Bool {
        guard let dossier = dossiers[key], let revision = dossier.current?.value.revision else {
            return false
        }
        let heads = dossier.heads(of: device.reviewer, on: revision)
        let rules = dossier.releases.contains {
            $0.value.reviewer == device.reviewer && $0.value.role == .senior
                && !heads.contains { !$0.value.considered.isEmpty }
        }
        return dossier.seal == nil && (heads.isEmpty || rules)
    }

    /// Answers a case as a session would: all own heads replaced, what is on the screen named.
    package mutating func decide(
        _ key: String,
        _ answer: Verdict.Answer,
        output: JSON?,
        now: Timestamp,
        random: @escaping Randomness
    ) -> Document? {
        guard let dossier = dossiers[key], let record = dossier.current?.value,
            let terms = dossier.currentTerms?.value
        else { return nil }
        let heads = dossier.heads(of: device.reviewer, on: record.revision)
        let present = dossier.verdicts.filter { $0.value.revision == record.revision }
        let blindLabel =
            record.blind
            ? heads.compactMap(\.value.blindLabel).first ?? label(of: answer) : nil
        let verdict = Verdict(
            reviewer: device.reviewer,
            name: record.name,
            revision: record.revision,
            policy: terms.policy,
            round: dossier.round,
            assignment: dossier.assignments.last?.uid,
            answer: answer,
            output: output,
            blindLabel: blindLabel,
            supersedes: heads.map(\.uid),
            considered: present.filter { $0.value.reviewer != device.reviewer }.map(\.uid),
            knew: dossier.releases.map(\.uid),
            via: .session,
            times: Verdict.Times(committed: now),
            stamps: record.stamps(dossier.proposal?.value),
            countedAs: dossier.ai.map { ai in
                VerdictClass(
                    answer: blindLabel.map { .label($0) } ?? answer,
                    output: blindLabel == nil ? output : nil,
                    ai: ai
                )
            }
        )
        return commit(.verdict, caseKey: key, verdict.json, random: random)
    }

    private func label(of answer: Verdict.Answer) -> String? {
        guard case .label(let label) = answer else { return nil }
        return label
    }

    /// Takes back what stands of one's own on the present revision.
    package mutating func retract(_ key: String, random: @escaping Randomness) -> Document? {
        guard let dossier = dossiers[key], let record = dossier.current?.value else { return nil }
        let heads = dossier.heads(of: device.reviewer, on: record.revision)
        guard !heads.isEmpty else { return nil }
        let retraction = Retraction(
            reviewer: device.reviewer,
            name: record.name,
            revision: record.revision,
            supersedes: heads.map(\.uid),
            knew: dossier.releases.map(\.uid)
        )
        return commit(.retract, caseKey: key, retraction.json, random: random)
    }
}
