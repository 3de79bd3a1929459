/// The verdicts on the current revision, sorted into what counts and what does not.
///
/// Rules 1 to 3 of `review.md`, outcomes. A function of sets: no order, no clock.
struct Weighing {
    /// One for each reviewer who has an opinion, sorted by uid.
    private(set) var opinions: [Entered<Verdict>] = []
    /// Acts of seniors who saw all sides, and of the hub; one for each reviewer, sorted by uid.
    private(set) var adjudications: [Entered<Verdict>] = []
    /// Abstentions that stand, from reviewers without an opinion.
    private(set) var abstentions: [Entered<Verdict>] = []
    private(set) var selfConflicts: Set<String> = []
    private(set) var uncounted: [Digest: VerdictStatus] = [:]
    private let ai: AIAnswer?

    /// What an opinion says, comparable: equal sides agree.
    struct Side: Hashable {
        /// Nil for "nobody could decide this".
        let label: String?
        let output: JSON?
    }

    init(_ dossier: Dossier) {
        ai = dossier.ai
        guard let revision = dossier.revision else { return }
        let releases = dossier.releases.filter {
            $0.value.revision == revision && $0.value.round == dossier.round
        }
        let inert = dossier.inert
        let here = dossier.verdicts.filter {
            $0.value.revision == revision && !inert.contains($0.uid)
        }
        for verdict in dossier.verdicts where verdict.value.revision != revision {
            uncounted[verdict.uid] = .stale
        }
        for verdict in dossier.verdicts where inert.contains(verdict.uid) {
            uncounted[verdict.uid] = .quarantined
        }

        let authors = Dictionary(here.map { ($0.uid, $0.value.reviewer) }) { first, _ in first }
        let adjudicating = here.filter { Self.adjudicates($0, releases, authors) }.map(\.uid)
        let afterRelease = here.filter { verdict in
            !adjudicating.contains(verdict.uid)
                && releases.contains { verdict.value.knew.contains($0.uid) }
        }.map(\.uid)
        for uid in afterRelease { uncounted[uid] = .afterRelease }
        for verdict in here where !afterRelease.contains(verdict.uid) {
            for uid in verdict.value.supersedes where authors[uid] == verdict.value.reviewer {
                uncounted[uid] = .superseded
            }
        }
        for retraction in dossier.retractions
        where retraction.value.revision == revision && !inert.contains(retraction.uid) {
            for uid in retraction.value.supersedes where authors[uid] == retraction.value.reviewer {
                uncounted[uid] = .retracted
            }
        }

        let heads = here.filter { uncounted[$0.uid] == nil }.sorted { $0.uid < $1.uid }
        for reviewer in Set(heads.map(\.value.reviewer)).sorted() {
            weigh(heads.filter { $0.value.reviewer == reviewer }, of: reviewer, adjudicating)
        }
        opinions.sort { $0.uid < $1.uid }
        adjudications.sort { $0.uid < $1.uid }
    }

    /// A second act of a senior that saw all sides and says so, or one made on the hub.
    private static func adjudicates(
        _ verdict: Entered<Verdict>,
        _ releases: [Entered<Release>],
        _ authors: [Digest: String]
    ) -> Bool {
        guard verdict.value.isOpinion else { return false }
        if verdict.byHub { return true }
        let reviewer = verdict.value.reviewer
        return verdict.value.supersedes.contains { authors[$0] == reviewer }
            && releases.contains { release in
                release.value.role == .senior && release.value.reviewer == reviewer
                    && verdict.value.knew.contains(release.uid)
                    && Set(release.value.verdicts).isSubset(of: verdict.value.considered)
            }
    }

    /// Rule 1 for one reviewer, who may have several devices.
    ///
    /// Equal heads count once: as the ruling, where one is among them, else as the smallest uid.
    private mutating func weigh(
        _ heads: [Entered<Verdict>],
        of reviewer: String,
        _ adjudicating: [Digest]
    ) {
        let answers = heads.filter(\.value.isOpinion)
        let others = heads.filter { !$0.value.isOpinion }
        for abstention in others { uncounted[abstention.uid] = .abstained }
        if answers.isEmpty { abstentions += others }
        let ruling = answers.first { adjudicating.contains($0.uid) }
        guard let kept = ruling ?? answers.first else { return }
        guard answers.allSatisfy({ side(of: $0.value) == side(of: kept.value) }) else {
            selfConflicts.insert(reviewer)
            for answer in answers { uncounted[answer.uid] = .selfConflict }
            return
        }
        for answer in answers where answer.uid != kept.uid { uncounted[answer.uid] = .superseded }
        if ruling == nil { opinions.append(kept) } else { adjudications.append(kept) }
    }

    /// Absent equals absent and, under the AI's label, the AI's output.
    func side(of verdict: Verdict) -> Side {
        guard let label = verdict.label else { return Side(label: nil, output: nil) }
        return Side(label: label, output: verdict.output ?? (label == ai?.label ? ai?.output : nil))
    }
}
