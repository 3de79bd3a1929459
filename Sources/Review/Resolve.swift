/// What the verdicts on a case amount to: rules 4 to 7 and 9 of `review.md`, outcomes.
///
/// A pure function of the set of verdicts and facts in the dossier. Ignores seals: `Dossier.outcome`
/// tells what holds. Nil while the case or its terms are missing.
package func resolve(_ dossier: Dossier) -> Outcome? {
    dossier.known.outcome { outcome(of: dossier) }
}

private func outcome(of dossier: Dossier) -> Outcome? {
    guard let current = dossier.current, let terms = dossier.currentTerms else { return nil }
    let weighing = dossier.weighing
    let decision = Decision(weighing, terms: terms.value)
    let counted = weighing.opinions + weighing.adjudications
    let uncounted = weighing.uncounted.sorted { $0.key < $1.key }
        .map { Outcome.Uncounted(uid: $0.key, reason: $0.value) }
    let known = Set(dossier.verdicts.flatMap(\.value.knew))
    let releases = dossier.releases.map(\.uid).filter(known.contains)
    return Outcome(
        name: current.value.name,
        revision: current.value.revision,
        round: dossier.round,
        state: decision.state,
        waitingFor: decision.waitingFor(weighing, terms: terms.value),
        label: decision.side?.label,
        // One spelling: a supplied null is null, as none is.
        output: decision.side?.output.flatMap { $0 == .null ? nil : $0 },
        by: decision.by,
        counted: counted.map(\.uid).sorted(),
        uncounted: uncounted,
        // The proposal is listed too: the AI's output is what an absent one stands for.
        facts: Set(
            [current.uid, terms.uid] + [dossier.proposal?.uid].compactMap { $0 } + releases
                + dossier.rulings.map(\.uid)
        ).sorted(),
        why: decision.why(weighing, terms: terms.value)
    )
}

/// Which rule decides, and for which side.
private struct Decision {
    let state: Outcome.State
    let by: Outcome.By?
    let side: Weighing.Side?

    init(_ weighing: Weighing, terms: Terms) {
        let opinions = weighing.opinions
        let sides = Dictionary(grouping: opinions) { weighing.side(of: $0.value) }
        let rulings = Set(weighing.adjudications.map { weighing.side(of: $0.value) })

        if rulings.count == 1, let side = rulings.first {
            self.init(side, by: .senior)
        } else if rulings.count > 1 {
            self.init(.disputed)
        } else if opinions.count < terms.opinions {
            self.init(.waiting)
        } else if sides.count == 1, let side = sides.keys.first {
            self.init(side, by: opinions.count == 1 ? .single : .agreement)
        } else if terms.adjudicate == .third, opinions.count > terms.opinions,
            let majority = sides.first(where: { $0.value.count * 2 > opinions.count })
        {
            self.init(majority.key, by: .majority)
        } else {
            self.init(.disputed)
        }
    }

    private init(_ side: Weighing.Side, by: Outcome.By) {
        state = side.label == nil ? .unreviewable : .decided
        self.by = by
        self.side = side
    }

    private init(_ state: Outcome.State) {
        self.state = state
        by = nil
        side = nil
    }

    /// The first that holds, in the order of `Outcome.WaitingFor`.
    func waitingFor(_ weighing: Weighing, terms: Terms) -> Outcome.WaitingFor? {
        guard state == .waiting || state == .disputed else { return nil }
        let kinds = Set(weighing.abstentions.compactMap(\.value.abstention))
        let senior =
            state == .disputed
            ? terms.adjudicate == .senior || !weighing.adjudications.isEmpty
            : terms.authority == .senior
        if !weighing.selfConflicts.isEmpty { return .`self` }
        if kinds.contains(.needsContext) { return .context }
        if senior || kinds.contains(.outOfAuthority) { return .senior }
        if state == .disputed { return .third }
        return kinds.isEmpty ? .opinions : .reviewer
    }

    func why(_ weighing: Weighing, terms: Terms) -> JSON {
        let sides = Dictionary(grouping: weighing.opinions + weighing.adjudications) {
            weighing.side(of: $0.value)
        }
        let rows = sides.map { side, verdicts in (side, verdicts.map(\.uid).sorted()) }
            .sorted { $0.1[0] < $1.1[0] }
        return [
            "needed": .integer(terms.opinions), "opinions": .integer(weighing.opinions.count),
            "sides": .array(
                rows.map { side, uids in
                    ["label": side.label.map(JSON.string) ?? .null, "verdicts": uids.sortedJSON]
                }
            ),
        ]
    }
}
