package import Review

// What callers and administrators do about cases that are there.

extension HubDraft {
    /// Seals the outcome for a caller who is about to act on it; again is harmless.
    ///
    /// `outcome`, where given, is what the caller saw: another present one is refused.
    package mutating func claim(
        _ name: CaseName,
        outcome wanted: Digest?,
        because: String? = nil
    ) throws(HubRefusal) -> Outcome {
        let (key, dossier) = try find(name)
        if held.state.isRecovering { throw .recovering(held.state.awaited.count) }
        guard let outcome = dossier.outcome,
            outcome.state == .decided || outcome.state == .unreviewable
        else { throw .notDecided(name, dossier.outcome?.state) }
        let digest = cryptography.hash(outcome.bytes)
        if let wanted, wanted != digest { throw .outcomeChanged(name, now: digest) }
        seal(key, because: because)
        return outcome
    }

    /// Seals a decided outcome for good, once, and takes back what was asked and never answered.
    package mutating func seal(_ key: String, because: String? = nil) {
        guard let dossier = held.cases[key]?.dossier, dossier.seal == nil,
            let terms = dossier.currentTerms, let outcome = dossier.outcome,
            outcome.state == .decided || outcome.state == .unreviewable
        else { return }
        for open in dossier.openAssignments { withdraw(key, from: open.value.reviewer) }
        let seal = Seal(
            name: outcome.name,
            revision: outcome.revision,
            round: outcome.round,
            terms: terms.uid,
            considered: dossier.considerable,
            outcome: outcome,
            because: because
        )
        state(.seal(seal), about: key)
        announce(
            .caseSealed,
            outcome.name,
            ["outcome": cryptography.hash(outcome.bytes).json, "round": .integer(outcome.round)]
        )
        settle()
    }

    /// Decides a case here, in one step, for someone who was no party to it.
    package mutating func adjudicate(
        _ name: CaseName,
        answer: Verdict.Answer,
        output: JSON?,
        by reviewer: String,
        because note: String
    ) throws(HubRefusal) -> Outcome {
        let (key, dossier) = try find(name)
        guard dossier.seal == nil else { throw .sealed(name) }
        guard CaseName.isName(reviewer) else { throw .badName(reviewer) }
        guard let record = dossier.current?.value, let ai = dossier.ai,
            let terms = dossier.currentTerms?.value
        else { throw .notDecided(name, nil) }
        if case .label(let label) = answer, !record.labels.contains(label) {
            throw .unknownLabel(label, labels: record.labels)
        }
        let parties = dossier.verdicts.filter { !$0.byHub && $0.value.revision == record.revision }
        guard !parties.contains(where: { $0.value.reviewer == reviewer }) else {
            throw .party(reviewer, name)
        }
        if dossier.outcome?.state == .decided { throw .alreadyDecided(name) }
        let verdict = Verdict(
            reviewer: reviewer,
            name: name,
            revision: record.revision,
            policy: terms.policy,
            round: dossier.round,
            assignment: nil,
            answer: answer,
            output: output,
            note: note,
            supersedes: dossier.heads(of: reviewer, on: record.revision).map(\.uid),
            considered: parties.map(\.uid),
            via: .hub,
            times: Verdict.Times(committed: now),
            stamps: record.stamps(dossier.proposal?.value),
            countedAs: VerdictClass(answer: answer, output: output, ai: ai)
        )
        state(.verdict(verdict), about: key)
        settle()
        guard let outcome = held.cases[key]?.dossier.outcome else { throw .unknownCase(name) }
        return outcome
    }

    /// Records what a caller did.
    ///
    /// If that is not what people decided, it warns.
    package mutating func acted(_ act: (Digest) -> Acted, on name: CaseName) throws(HubRefusal) {
        let (key, dossier) = try find(name)
        guard let revision = dossier.current?.value.revision else { throw .unknownCase(name) }
        let acted = act(revision)
        state(.acted(acted), about: key)
        let outcome = dossier.outcome
        let obeyed =
            outcome?.state == .decided
            ? acted.label == outcome?.label
                && (acted.output == nil || outcome?.output == nil
                    || acted.output == outcome?.output)
            : dossier.proposal?.value.disposition == .proceed
        if !obeyed {
            announce(
                .oversightWarning,
                name,
                [
                    "warning": "overrideIgnored", "acted": .string(acted.label),
                    "decided": outcome?.label.map(JSON.string) ?? .null,
                ]
            )
        }
        settle()
    }

    /// Begins another round of a sealed case for an administrator.
    package mutating func reopen(
        _ name: CaseName,
        because: String
    ) throws(HubRefusal) -> Outcome {
        let (key, _) = try find(name)
        guard reopen(key, because: because) else { throw .notSealed(name) }
        settle()
        guard let outcome = held.cases[key]?.dossier.outcome else { throw .unknownCase(name) }
        return outcome
    }

    /// Begins another round of a sealed case, in which all heads count; whether it did.
    mutating func reopen(_ key: String, because: String) -> Bool {
        guard let dossier = held.cases[key]?.dossier, dossier.seal != nil,
            let terms = dossier.currentTerms?.value
        else { return false }
        let round = dossier.round + 1
        state(
            .reopening(
                Reopening(
                    name: terms.name,
                    revision: terms.revision,
                    round: round,
                    because: because
                )
            ),
            about: key
        )
        state(
            .terms(
                Terms(
                    name: terms.name,
                    revision: terms.revision,
                    round: round,
                    policy: terms.policy,
                    opinions: terms.opinions,
                    authority: terms.authority,
                    adjudicate: terms.adjudicate
                )
            ),
            about: key
        )
        announce(.caseReopened, terms.name, ["round": .integer(round)])
        return true
    }

    func find(_ name: CaseName) throws(HubRefusal) -> (String, Dossier) {
        guard let key = held.keys[name], let file = held.cases[key] else {
            throw .unknownCase(name)
        }
        return (key, file.dossier)
    }
}

extension HubDraft {
    /// Lets cases take their next step, after people or devices came.
    package mutating func look(at keys: [String]) {
        for key in keys { touch(key) }
        settle()
    }

    /// Seals whatever was decided long enough ago.
    package mutating func sweep(_ keys: [String]) {
        if held.state.isRecovering { return }
        for key in keys {
            guard let at = held.cases[key]?.row?.settlesAt, at <= now else { continue }
            seal(key)
        }
    }
}
