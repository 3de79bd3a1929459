import Escalation
import Replica
package import Review
import Sync

extension Desk {
    /// Saves an answer or abstention about the present revision of a case.
    package func act(_ act: Act, on name: CaseName) throws -> Saved {
        if !hasReadPolicies { try readPolicies() }
        let content = act.content(on: name)
        return try replica.commit(on: name, key: act.key, at: now()) { view in
            if let earlier = view.earlier {
                guard earlier.content == content else { throw NodeError.keyReused(act.key ?? "") }
                guard let statement = try earlier.document.statement() else {
                    throw EntryError.payloadMissing
                }
                let saved = self.saved(
                    statement,
                    earlier.document.entry,
                    view.subject?.dossier ?? Dossier(),
                    outbox: view.outbox,
                    isDuplicate: true
                )
                return (Commitment(), saved)
            }
            if let subject = view.subject, subject.state == .hidden {
                try self.checkIsOurs(subject)
            }
            guard let subject = view.subject, subject.state != .hidden else {
                throw NodeError.unknownCase(name.description, nearest: [])
            }
            guard subject.dossier.current != nil else { throw NodeError.purged(name) }
            let act = try self.patched(act, subject)
            try self.check(act, on: subject, self.policy(of: subject))
            let verdict = try self.verdict(act, on: subject)
            var (commitment, saved) = self.state(.verdict(verdict), about: subject, view)
            commitment.decideKey = act.key.map { ($0, content) }
            return (commitment, saved)
        }
    }

    /// Withdraws what stands of this reviewer's on a case, or their latest act on any.
    package func undo(_ name: CaseName?) throws -> Saved {
        let target = try name ?? lastStanding()
        return try replica.commit(on: target, at: now()) { view in
            guard let subject = view.subject else {
                throw NodeError.unknownCase(target.description, nearest: [])
            }
            guard let revision = subject.dossier.current?.value.revision else {
                throw NodeError.purged(target)
            }
            let heads = subject.dossier.heads(of: self.reviewer, on: revision)
            guard !heads.isEmpty else { throw NodeError.nothingToUndo }
            let retraction = Retraction(
                reviewer: self.reviewer,
                name: target,
                revision: revision,
                supersedes: heads.map(\.uid),
                knew: self.known(subject.dossier)
            )
            return self.state(.retraction(retraction), about: subject, view)
        }
    }

    /// One entry about a case: what to write, and what to tell of it.
    private func state(
        _ statement: Statement,
        about subject: ReplicaCase,
        _ view: CommitView
    ) -> (Commitment, Saved) {
        var pen = pen(view.log, view.head)
        let document = pen.write(statement, caseKey: subject.key)
        var dossier = subject.dossier
        dossier.add(statement, of: document.entry, hub: replica.identity.hub)
        var commitment = Commitment()
        commitment.documents = [document]
        commitment.dossier = dossier
        return (
            commitment,
            saved(statement, document.entry, dossier, outbox: view.outbox + 1, isDuplicate: false)
        )
    }

    /// The case of the newest own verdict that no later act has named.
    private func lastStanding() throws -> CaseName {
        for own in try replica.own([.verdict], limit: 1000) {
            guard let verdict = try? Verdict(json: own.document.content()),
                let subject = try replica.find(verdict.name)
            else { continue }
            guard subject.dossier.current?.value.revision == verdict.revision else { continue }
            let heads = subject.dossier.heads(of: reviewer, on: verdict.revision)
            if heads.contains(where: { $0.uid == own.document.entry.uid }) { return verdict.name }
        }
        throw NodeError.nothingToUndo
    }

    /// The act with its patch made to the AI's output.
    private func patched(_ act: Act, _ subject: ReplicaCase) throws -> Act {
        guard let patch = act.patch else { return act }
        guard !subject.dossier.withholds(from: reviewer), let output = subject.dossier.ai?.output
        else {
            throw NodeError.badOutput(
                "there is no AI output to patch here; send the whole `output`"
            )
        }
        var patched = act
        do throws(JSONPatchError) { patched.output = try patch.applied(to: output) } catch {
            throw NodeError.badOutput("\(error)")
        }
        return patched
    }

    // MARK: - Checking

    /// So that no entry can exist that a hub would refuse for its size.
    private static let textLimit = 1 << 20

    private func check(_ act: Act, on subject: ReplicaCase, _ policy: Policy?) throws {
        guard let record = subject.dossier.current?.value else { return }
        let seen = act.revision ?? subject.shown?.revision ?? record.revision
        guard seen == record.revision else { throw NodeError.revisionChanged(record.name) }
        if case .label(let label) = act.answer {
            guard record.labels.contains(label) else {
                throw NodeError.unknownLabel(
                    label,
                    nearest: nearest(to: label, among: record.labels),
                    all: record.labels
                )
            }
        }
        if let reason = act.reason, let known = policy?.reasons, !known.contains(reason) {
            throw NodeError.unknownReason(reason, all: known)
        }
        if act.reason == nil, policy?.review.reason == .required, case .label = act.answer {
            throw NodeError.reasonRequired(policy?.reasons ?? [])
        }
        if record.accepts, act.answer == .label("amend"), act.output == nil {
            throw NodeError.badOutput("to amend, edit it: `e` in a session, --edit for `answer`")
        }
        let size = (act.output?.canonicalBytes.count ?? 0) + (act.note?.utf8.count ?? 0)
        guard size <= Self.textLimit else {
            throw NodeError.badOutput("output and note together have more than 1 MiB")
        }
        if let output = act.output, let mismatch = policy?.output?.mismatch(in: output) {
            let place = mismatch.pointer.isEmpty ? "the whole" : "at \(mismatch.pointer)"
            throw NodeError.badOutput("\(place): \(mismatch.reason)")
        }
    }

    private func known(_ dossier: Dossier) -> [Digest] {
        dossier.releases.filter { $0.value.reviewer == reviewer }.map(\.uid)
    }

    // MARK: - Writing

    private func verdict(_ act: Act, on subject: ReplicaCase) throws -> Verdict {
        let dossier = subject.dossier
        guard let record = dossier.current?.value else { throw EntryError.payloadMissing }
        let own = dossier.verdicts.filter {
            $0.value.reviewer == reviewer && $0.value.revision == record.revision
        }
        let first = own.first { $0.value.label != nil }?.value
        let label: String? = if case .label(let label) = act.answer { label } else { nil }
        let blindLabel = record.blind ? first.map(\.blindLabel) ?? label : nil
        let isRevealed = !dossier.withholds(from: reviewer)
        let ai = dossier.ai
        let counted = record.blind && blindLabel != nil && label != nil
        return Verdict(
            reviewer: reviewer,
            name: record.name,
            revision: record.revision,
            policy: record.policy,
            round: dossier.round,
            assignment: dossier.assignments.last {
                $0.value.reviewer == reviewer && $0.value.revision == record.revision
            }?.uid,
            answer: act.answer,
            output: act.output,
            reason: act.reason,
            note: act.note,
            blindLabel: blindLabel,
            revealedAt: record.blind && isRevealed ? first?.times.committed : nil,
            supersedes: dossier.heads(of: reviewer, on: record.revision).map(\.uid),
            considered: considered(dossier, record.revision),
            knew: known(dossier),
            via: act.via,
            times: Verdict.Times(
                assigned: dossier.assignments.last { $0.value.reviewer == reviewer }?.value.at,
                arrived: subject.arrivedAt,
                opened: act.reading.openedAt ?? subject.shown?.at,
                firstKey: act.reading.firstKeyAt,
                committed: now()
            ),
            activeMilliseconds: act.reading.activeMilliseconds,
            words: act.reading.words,
            stamps: record.stamps(dossier.proposal?.value),
            countedAs: ai.map { ai in
                counted
                    ? VerdictClass(answer: .label(blindLabel ?? ""), output: nil, ai: ai)
                    : VerdictClass(answer: act.answer, output: act.output, ai: ai)
            }
        )
    }

    /// The verdicts of others that this reviewer may see.
    private func considered(_ dossier: Dossier, _ revision: Digest) -> [Digest] {
        let others = dossier.verdicts.filter {
            $0.value.reviewer != reviewer && $0.value.revision == revision
        }
        return others.map(\.uid)
    }

    func saved(
        _ statement: Statement,
        _ entry: Entry,
        _ dossier: Dossier,
        outbox: Int,
        isDuplicate: Bool
    ) -> Saved {
        let verdict: Verdict? = if case .verdict(let verdict) = statement { verdict } else { nil }
        let isRevealed = !dossier.withholds(from: reviewer)
        let aiLabel = isRevealed ? dossier.ai?.label : nil
        return Saved(
            name: statement.name,
            entry: entry,
            kind: verdict.map { $0.label == nil ? "abstain" : "answer" } ?? "retract",
            because: verdict?.abstention?.rawValue,
            label: verdict?.label,
            agrees: isRevealed ? verdict?.label.map { $0 == aiLabel } : nil,
            aiLabel: aiLabel,
            outbox: outbox,
            duplicate: isDuplicate
        )
    }
}
