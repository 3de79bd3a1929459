import Review

/// What a case does next, whatever changed: idempotent, so it may be asked at any time.
///
///     outcome changed ─▶ outcome entry, event
///     people missing  ─▶ assignments ─▶ the case in their feeds
///     all asked have answered ─▶ releases ─▶ verdicts and outcome in their feeds
///     decided, and settled or claimed ─▶ seal
///
/// - **BlindHolds**: nothing that comes from others' verdicts enters a reviewer's feed before that
///   reviewer has a receipted opinion and nobody else is still answering blind.
extension HubDraft {
    mutating func advance(_ key: String) {
        // One that came back after it was sent again under another key: kept, and of no effect.
        guard held.cases[key]?.row != nil else { return }
        retry(key)
        guard held.cases[key]?.dossier.currentTerms != nil else {
            withdrawStale(key)  // A new revision that nobody has to see.
            return noteLoad(key)
        }
        recordOutcome(key)
        ask(key)
        revealProposals(key)
        returnOwn(key)
        release(key)
        publish(key)
        contribute(key)
        noteLoad(key)
    }

    // MARK: Outcome

    private mutating func recordOutcome(_ key: String) {
        guard let dossier = held.cases[key]?.dossier, let outcome = dossier.outcome else { return }
        if dossier.seal == nil {
            let latest = dossier.outcomes.last?.value
            if outcome != latest {
                state(.outcome(outcome), about: key)
                announceChange(outcome, from: latest)
            }
        }
        let settled = outcome.state == .decided || outcome.state == .unreviewable
        let changed = dossier.outcomes.last?.value != outcome
        let moment = now
        update(key) { row in
            row.state = dossier.listedState
            row.sealed = dossier.seal != nil
            if row.sealed || !settled {
                row.settlesAt = nil
            } else if changed || row.settlesAt == nil {
                row.settlesAt = moment.advanced(byMilliseconds: row.settleMilliseconds)
            }
        }
    }

    private mutating func announceChange(_ outcome: Outcome, from before: Outcome?) {
        guard outcome.state != before?.state || outcome.waitingFor != before?.waitingFor else {
            return
        }
        let detail: JSON = ["label": outcome.label.map(JSON.string) ?? .null]
        switch (outcome.state, outcome.waitingFor) {
        case (.decided, _): announce(.caseDecided, outcome.name, detail)
        case (.unreviewable, _): announce(.caseUnreviewable, outcome.name, [:])
        case (.disputed, _): announce(.caseDisputed, outcome.name, [:])
        case (.waiting, .context): announce(.caseNeedsContext, outcome.name, [:])
        default: break
        }
    }

    // MARK: People

    private mutating func ask(_ key: String) {
        guard let file = held.cases[key], let current = file.dossier.current?.value else { return }
        let need = file.dossier.need
        var chosen: [String] = []
        if let need {
            chosen = assign(need, for: current.name.workflow, from: preferring(file.dossier, need))
        }
        for reviewer in chosen {
            request(key, of: reviewer, current, round: file.dossier.round)
        }
        update(key) { $0.understaffed = chosen.count < need?.count ?? 0 }
        withdrawStale(key)
    }

    /// Asks somebody to look at the present revision.
    mutating func request(
        _ key: String,
        of reviewer: String,
        _ current: CaseRecord,
        round: Int
    ) {
        let assignment = Assignment(
            name: current.name,
            revision: current.revision,
            round: round,
            reviewer: reviewer,
            due: current.due,
            at: now
        )
        deliver(state(.assignment(assignment), about: key), key, to: reviewer)
    }

    /// Whoever was asked about an earlier revision is asked first about this one.
    private func preferring(_ dossier: Dossier, _ need: Need) -> Roster {
        var roster = held.roster
        for earlier in dossier.assignments
        where earlier.value.revision != dossier.current?.value.revision {
            roster.load[earlier.value.reviewer] = -1
        }
        return roster
    }

    /// A request about an older revision is taken back from who is not asked about this one.
    private mutating func withdrawStale(_ key: String) {
        guard let dossier = held.cases[key]?.dossier, let current = dossier.current?.value else {
            return
        }
        let asked = Set(
            dossier.assignments.filter { $0.value.revision == current.revision }
                .map(\.value.reviewer)
        )
        for reviewer in Set(dossier.assignments.map(\.value.reviewer)).sorted()
        where !asked.contains(reviewer) {
            withdraw(key, from: reviewer)
        }
    }

    /// Takes the latest request back from a reviewer, once.
    mutating func withdraw(_ key: String, from reviewer: String, by: String? = nil) {
        guard let dossier = held.cases[key]?.dossier,
            let last = dossier.assignments.last(where: { $0.value.reviewer == reviewer }),
            dossier.withdrawal(of: last) == nil
        else { return }
        let withdrawal = Withdrawal(
            name: last.value.name,
            revision: last.value.revision,
            round: last.value.round,
            reviewer: reviewer,
            by: by
        )
        let document = state(.withdrawal(withdrawal), about: key)
        offer(document.entry.uid, caseKey: key, to: FeedName.reviewer(reviewer))
    }

    /// The case, and the AI's answer unless that waits for the reviewer's own, then the request.
    ///
    /// To whom the case was taken back from, all of it again: their replica may have purged it.
    private mutating func deliver(_ assignment: Document, _ key: String, to reviewer: String) {
        guard let dossier = held.cases[key]?.dossier, let current = dossier.current else { return }
        let feed = FeedName.reviewer(reviewer)
        if dossier.assignments.contains(where: {
            $0.value.reviewer == reviewer && dossier.withdrawal(of: $0) != nil
        }) {
            for uid in dossier.content(exceptOf: reviewer)
            where held.cases[key]?.sent[feed]?.contains(uid) == true {
                append(uid, caseKey: key, to: feed)
            }
        }
        offer(current.uid, caseKey: key, to: feed)
        if let proposal = dossier.proposal, !(current.value.blind && current.value.reveal == .hub) {
            offer(proposal.uid, caseKey: key, to: feed)
        }
        if let terms = dossier.currentTerms { offer(terms.uid, caseKey: key, to: feed) }
        offer(assignment.entry.uid, caseKey: key, to: feed)
    }

    /// With `reveal: hub`, the AI's answer follows the reviewer's own.
    private mutating func revealProposals(_ key: String) {
        guard let dossier = held.cases[key]?.dossier, let proposal = dossier.proposal else {
            return
        }
        for reviewer in opinionated(dossier) {
            offer(proposal.uid, caseKey: key, to: FeedName.reviewer(reviewer))
        }
    }

    /// What a reviewer said on one device, on their others; and which of it waits for a ruling.
    private mutating func returnOwn(_ key: String) {
        guard let dossier = held.cases[key]?.dossier else { return }
        let authors = Dictionary(
            dossier.verdicts.map { ($0.uid, $0.value.reviewer) }
                + dossier.retractions.map { ($0.uid, $0.value.reviewer) }
        ) { first, _ in first }
        for reviewer in Set(authors.values).sorted() where hasSeveralDevices(reviewer) {
            let own = dossier.considerable.filter { authors[$0] == reviewer }
            let rulings = dossier.rulings.filter { $0.value.verdicts.contains(where: own.contains) }
            for uid in own + rulings.map(\.uid) {
                offer(uid, caseKey: key, to: FeedName.reviewer(reviewer))
            }
        }
    }

    private func hasSeveralDevices(_ reviewer: String) -> Bool {
        held.devices.values.lazy.filter { $0.reviewer == reviewer }.prefix(2).count > 1
    }

    // MARK: Release

    private mutating func release(_ key: String) {
        guard let dossier = held.cases[key]?.dossier, let outcome = dossier.outcome,
            outcome.state != .waiting, dossier.openAssignments.isEmpty
        else { return }
        let revision = outcome.revision
        let present = dossier.verdicts.filter { $0.value.revision == revision }
        for reviewer in opinionated(dossier) {
            let known = dossier.releases.contains { release in
                release.value.reviewer == reviewer && release.value.revision == revision
                    && release.value.round == dossier.round
            }
            if known { continue }
            let adjudicates = dossier.assignments.contains { assignment in
                assignment.value.reviewer == reviewer
                    && dossier.adjudicators.contains(assignment.uid)
                    && assignment.value.revision == revision
                    && assignment.value.round == dossier.round
            }
            let release = Release(
                name: outcome.name,
                revision: revision,
                round: dossier.round,
                reviewer: reviewer,
                role: adjudicates && outcome.waitingFor == .senior ? .senior : .reviewer,
                verdicts: present.filter { $0.value.reviewer != reviewer }.map(\.uid).sorted()
            )
            state(.release(release), about: key)
        }
    }

    /// Everything that may now be seen, in the feeds of those to whom the case was released.
    private mutating func publish(_ key: String) {
        guard let dossier = held.cases[key]?.dossier,
            let revision = dossier.current?.value.revision
        else { return }
        let released = dossier.releases.filter { $0.value.revision == revision }
        let known = Set(dossier.verdicts.flatMap(\.value.knew))
        for release in released {
            let feed = FeedName.reviewer(release.value.reviewer)
            var uids = dossier.verdicts.map(\.uid) + dossier.retractions.map(\.uid)
            uids += dossier.releases.map(\.uid).filter { known.contains($0) || $0 == release.uid }
            uids += [dossier.current?.uid, dossier.proposal?.uid, dossier.currentTerms?.uid]
                .compactMap { $0 }
            uids += dossier.outcomes.suffix(1).map(\.uid) + dossier.seals.map(\.uid)
            uids += dossier.reopenings.map(\.uid) + dossier.rulings.map(\.uid)
            for uid in uids { offer(uid, caseKey: key, to: feed) }
        }
    }

    /// Reviewers whose own opinion on the present revision the hub has signed for, sorted.
    private func opinionated(_ dossier: Dossier) -> [String] {
        guard let outcome = resolve(dossier) else { return [] }
        let authors = Dictionary(dossier.verdicts.map { ($0.uid, $0.value) }) { first, _ in first }
        return Set(outcome.counted.compactMap { authors[$0] }.map(\.reviewer)).sorted()
    }

    // MARK: Load

    /// Counts for each reviewer the cases that wait for them, by who waits now and who did.
    private mutating func noteLoad(_ key: String) {
        guard let file = held.cases[key], let row = file.row else { return }
        let open = Set(file.dossier.openAssignments.map(\.value.reviewer))
        for reviewer in open.symmetricDifference(row.open).sorted() {
            let load = held.roster.load[reviewer] ?? 0
            setLoad(load + (open.contains(reviewer) ? 1 : -1), of: reviewer)
        }
        update(key) { $0.open = open.sorted() }
    }
}
