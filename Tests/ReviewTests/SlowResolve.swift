import Review

/// The rules of `review.md`, outcomes 1 to 6, a second time: one sentence after the other, without
/// any thought for speed, and written without looking at the first.
///
/// Everything an outcome says but `why`, whose shape the design leaves open.
struct SlowResolve {
    let dossier: Dossier
    let current: Entered<CaseRecord>
    let terms: Entered<Terms>
    /// Those that count for more, and those that count for nothing, found once.
    private var rulings: Set<Digest> = []
    private var late: Set<Digest> = []

    init?(_ dossier: Dossier) {
        guard let current = dossier.current, let terms = dossier.currentTerms else { return nil }
        self.dossier = dossier
        self.current = current
        self.terms = terms
        rulings = Set(dossier.verdicts.filter(isAdjudication).map(\.uid))
        late = Set(dossier.verdicts.filter(isAfterRelease).map(\.uid))
    }

    typealias Act = Entered<Verdict>

    private var revision: Digest { current.value.revision }

    private var releases: [Entered<Release>] {
        dossier.releases.filter {
            $0.value.revision == revision && $0.value.round == dossier.round
        }
    }

    // MARK: - What became of each verdict

    /// The hub's last word on it, by the place of the word in the hub's log, is not that it counts.
    func isQuarantined(_ uid: Digest) -> Bool {
        let words = dossier.rulings.filter { $0.value.verdicts.contains(uid) }
        let last = words.max { ($0.log.generation, $0.seq) < ($1.log.generation, $1.seq) }
        return last.map { $0.value.word != .accepted } ?? false
    }

    func isStale(_ act: Act) -> Bool { act.value.revision != revision }

    private func own(_ act: Act) -> [Act] {
        dossier.verdicts.filter {
            $0.value.reviewer == act.value.reviewer && $0.value.revision == act.value.revision
                && !isQuarantined($0.uid)
        }
    }

    /// The answer knew a release, so its author had seen what others said.
    func knewRelease(_ act: Act) -> Bool {
        releases.contains { act.value.knew.contains($0.uid) }
    }

    /// The second act of a senior who names all sides, or a word of the hub, which decides in one
    /// step (`cli.md`).
    func isAdjudication(_ act: Act) -> Bool {
        guard !isStale(act), !isQuarantined(act.uid), act.value.isOpinion else { return false }
        if act.byHub { return true }
        let mayDecide = releases.contains { release in
            release.value.reviewer == act.value.reviewer && release.value.role == .senior
                && act.value.knew.contains(release.uid)
                && release.value.verdicts.allSatisfy(act.value.considered.contains)
        }
        let first = own(act).contains { act.value.supersedes.contains($0.uid) }
        return mayDecide && first
    }

    /// An abstention is no answer, but who has seen the others' may take one back in no other way
    /// than by a retraction.
    func isAfterRelease(_ act: Act) -> Bool { knewRelease(act) && !isAdjudication(act) }

    func isRetracted(_ act: Act) -> Bool {
        dossier.retractions.contains { retraction in
            retraction.value.reviewer == act.value.reviewer
                && retraction.value.revision == act.value.revision
                && retraction.value.supersedes.contains(act.uid)
                && !isQuarantined(retraction.uid)
        }
    }

    func isSuperseded(_ act: Act) -> Bool {
        own(act).contains { $0.value.supersedes.contains(act.uid) && !late.contains($0.uid) }
    }

    /// What still stands of what a reviewer said about this revision.
    private func standing(_ reviewer: String) -> [Act] {
        dossier.verdicts.filter { act in
            act.value.reviewer == reviewer && !isStale(act) && !isQuarantined(act.uid)
                && !late.contains(act.uid)
                && !isRetracted(act) && !isSuperseded(act)
        }
    }

    /// Label and output; an absent output under the AI's label is the AI's.
    func side(_ act: Act) -> [JSON] {
        guard let label = act.value.label else { return ["unreviewable"] }
        let ai = dossier.ai
        let output = act.value.output ?? (label == ai?.label ? ai?.output : nil)
        return output.map { [.string(label), $0] } ?? [.string(label)]
    }

    private func opinions(_ reviewer: String) -> [Act] {
        standing(reviewer).filter(\.value.isOpinion).sorted { $0.uid < $1.uid }
    }

    func isInConflict(_ reviewer: String) -> Bool {
        let sides = opinions(reviewer).map(side)
        return sides.contains { $0 != sides[0] }
    }

    private var reviewers: Set<String> { Set(dossier.verdicts.map(\.value.reviewer)) }

    /// One for each reviewer who is of one mind: the ruling, where one is among equal heads.
    var weighed: [Act] {
        reviewers.filter { !isInConflict($0) }.compactMap { reviewer in
            opinions(reviewer).first { rulings.contains($0.uid) } ?? opinions(reviewer).first
        }.sorted { $0.uid < $1.uid }
    }

    private func status(_ act: Act, _ weighed: Set<Digest>) -> VerdictStatus {
        if isQuarantined(act.uid) { return .quarantined }
        if isStale(act) { return .stale }
        if isRetracted(act) { return .retracted }
        if isSuperseded(act) { return .superseded }
        if late.contains(act.uid) { return .afterRelease }
        if !act.value.isOpinion { return .abstained }
        if isInConflict(act.value.reviewer) { return .selfConflict }
        return weighed.contains(act.uid) ? .counted : .superseded
    }

    // MARK: - What they amount to

    struct Decision {
        var state: Outcome.State
        var winner: [JSON]?
        var by: Outcome.By?
    }

    var decision: Decision {
        let ruled = weighed.filter { rulings.contains($0.uid) }.map(side)
        if let ruling = ruled.first {
            return ruled.allSatisfy { $0 == ruling }
                ? decided(ruling, by: .senior) : Decision(state: .disputed)
        }
        let sides = weighed.map(side)
        if sides.count < terms.value.opinions { return Decision(state: .waiting) }
        if sides.allSatisfy({ $0 == sides[0] }) {
            return decided(sides[0], by: sides.count == 1 ? .single : .agreement)
        }
        let oneMore = sides.count > terms.value.opinions
        for side in sides
        where terms.value.adjudicate == .third && oneMore
            && 2 * sides.count(where: { $0 == side }) > sides.count
        {
            return decided(side, by: .majority)
        }
        return Decision(state: .disputed)
    }

    private func decided(_ side: [JSON], by: Outcome.By) -> Decision {
        side == ["unreviewable"]
            ? Decision(state: .unreviewable, winner: nil, by: by)
            : Decision(state: .decided, winner: side, by: by)
    }

    /// The abstentions of those who said nothing that weighs.
    private var abstentions: Set<Abstention> {
        Set(
            reviewers.filter { opinions($0).isEmpty }.flatMap(standing)
                .compactMap(\.value.abstention)
        )
    }

    private func waitingFor(_ state: Outcome.State) -> Outcome.WaitingFor? {
        guard state == .waiting || state == .disputed else { return nil }
        let disputed = state == .disputed
        let askSenior =
            disputed
            ? terms.value.adjudicate == .senior || weighed.contains { rulings.contains($0.uid) }
            : terms.value.authority == .senior
        if reviewers.contains(where: isInConflict) { return .`self` }
        if abstentions.contains(.needsContext) { return .context }
        if askSenior || abstentions.contains(.outOfAuthority) { return .senior }
        if disputed { return .third }
        if abstentions.contains(.pass) || abstentions.contains(.conflictOfInterest) {
            return .reviewer
        }
        return .opinions
    }

    /// The proposal is one too: an absent output may stand for the AI's.
    private var facts: [Digest] {
        let used = dossier.releases.filter { release in
            dossier.verdicts.contains { $0.value.knew.contains(release.uid) }
        }
        return [terms.uid, current.uid] + [dossier.proposal?.uid].compactMap { $0 }
            + used.map(\.uid) + dossier.rulings.map(\.uid)
    }

    /// The outcome as `Outcome.json` writes it, without `why`.
    var json: JSON {
        let decision = decision
        let rows = dossier.verdicts.sorted { $0.uid < $1.uid }
        let weighed = Set(weighed.map(\.uid))
        let statuses = rows.map { status($0, weighed) }
        let counted = zip(rows, statuses).filter { $1 == .counted }.map(\.0.uid.json)
        let uncounted = zip(rows, statuses).filter { $1 != .counted }.map { row, status in
            JSON.object(["uid": row.uid.json, "reason": .string(status.rawValue)])
        }
        return [
            "v": 1, "case": current.value.name.json, "revision": revision.json,
            "round": .integer(dossier.round), "state": .string(decision.state.rawValue),
            "waitingFor": waitingFor(decision.state).map { .string($0.rawValue) } ?? .null,
            "label": decision.winner?.first ?? .null,
            "output": decision.winner.flatMap { $0.count > 1 ? $0[1] : nil } ?? .null,
            "by": decision.by.map { .string($0.rawValue) } ?? .null,
            "counted": .array(counted), "uncounted": .array(uncounted),
            "facts": .array(facts.sorted().map(\.json)),
        ]
    }
}
