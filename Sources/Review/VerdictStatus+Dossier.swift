extension Dossier {
    /// What became of each verdict and retraction on this case.
    ///
    /// After the seal of the round, what the seal did not consider is late, whatever else it is.
    package func statuses() -> [Digest: VerdictStatus] {
        var statuses: [Digest: VerdictStatus] = [:]
        if let outcome {
            for uid in outcome.counted { statuses[uid] = .counted }
            for row in outcome.uncounted { statuses[row.uid] = row.reason }
        } else if current == nil, revision != nil {  // Its content was purged here.
            for opinion in weighing.opinions { statuses[opinion.uid] = .counted }
            statuses.merge(weighing.uncounted) { $1 }
        } else {  // Nobody has to see the present revision.
            for verdict in verdicts { statuses[verdict.uid] = .stale }
            return statuses
        }
        for ruling in weighing.adjudications where statuses[ruling.uid] == .counted {
            statuses[ruling.uid] = .adjudication
        }
        for retraction in retractions { statuses[retraction.uid] = .counted }
        let inert = inert
        for uid in considerable where inert.contains(uid) { statuses[uid] = .quarantined }
        guard let seal = seal?.value, let outcome else { return statuses }

        let considered = Set(seal.considered)
        let sealed = Weighing.Side(label: outcome.label, output: outcome.output)
        for verdict in verdicts
        where !considered.contains(verdict.uid) && !inert.contains(verdict.uid) {
            statuses[verdict.uid] =
                verdict.value.revision != seal.revision
                ? .stale
                : !verdict.value.isOpinion
                    ? .abstained
                    : weighing.side(of: verdict.value) == sealed ? .lateConcurring : .lateDissent
        }
        for retraction in retractions
        where !considered.contains(retraction.uid) && !inert.contains(retraction.uid) {
            statuses[retraction.uid] = .lateRetract
        }
        return statuses
    }

    /// The uids of every verdict and retraction held: what a seal considers.
    package var considerable: [Digest] {
        (verdicts.map(\.uid) + retractions.map(\.uid)).sorted()
    }

    /// Reviewers whose acts on the present revision stand: an opinion, an abstention, a conflict.
    package var answered: Set<String> {
        let standing = weighing.opinions + weighing.adjudications + weighing.abstentions
        return weighing.selfConflicts.union(standing.map(\.value.reviewer))
    }
}
