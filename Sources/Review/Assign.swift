/// A person who reviews.
package struct Reviewer: Sendable, Equatable {
    package enum Role: String, Sendable, CaseIterable { case reviewer, senior, administrator }

    package let name: String
    /// Nil for every workflow.
    package let workflows: [String]?
    package let role: Role

    package init(name: String, workflows: [String]?, role: Role) {
        self.name = name
        self.workflows = workflows
        self.role = role
    }

    package func reviews(_ workflow: String) -> Bool {
        role != .administrator && workflows?.contains(workflow) ?? true
    }

    /// The payload of a `reviewer` entry, without its salt.
    package var json: JSON {
        [
            "reviewer": .string(name), "workflows": workflows.map { .strings($0) } ?? .null,
            "role": .string(role.rawValue),
        ]
    }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        name = try fields.text("reviewer")
        workflows = try fields.maybe("workflows") { $0.array?.compactMap(\.string) }
        role = try fields.word("role")
    }
}

/// The people there are, and how many cases each was asked to review and has not answered.
package struct Roster: Sendable, Equatable {
    package var reviewers: [Reviewer]
    package var load: [String: Int]

    package init(reviewers: [Reviewer], load: [String: Int] = [:]) {
        self.reviewers = reviewers
        self.load = load
    }
}

/// How many more people a case needs, and who they may be.
package struct Need: Sendable, Equatable {
    package let count: Int
    package let authority: Authority
    /// Parties, and everyone who was asked before.
    package let excluded: Set<String>
}

extension Dossier {
    /// Assignments of this revision and round whose reviewer may still answer and has not.
    package var openAssignments: [Entered<Assignment>] {
        guard let revision = current?.value.revision else { return [] }
        let answered = answered
        let closed = Set(
            releases.filter { $0.value.revision == revision && $0.value.round == round }
                .map(\.value.reviewer)
        )
        return assignments.filter { entry in
            entry.value.revision == revision && entry.value.round == round
                && !answered.contains(entry.value.reviewer)
                && !closed.contains(entry.value.reviewer) && withdrawal(of: entry) == nil
        }
    }

    /// Assignments made while the case stood disputed, by the hub's own log.
    ///
    /// Known to the hub alone: nobody else is sent all outcomes.
    package var adjudicators: Set<Digest> {
        let disputes = outcomes.filter { $0.value.state == .disputed }
        if disputes.isEmpty { return [] }
        let during = assignments.filter { assignment in
            disputes.contains { dispute in
                dispute.value.revision == assignment.value.revision
                    && dispute.value.round == assignment.value.round
                    && dispute.isEarlier(than: assignment)
            }
        }
        return Set(during.map(\.uid))
    }

    /// Those who were asked in an earlier generation of the hub than the case is known to stand
    /// disputed in, and have not answered: whether to decide is not known any more.
    private var askedBeforeLoss: Set<String> {
        let disputes = outcomes.filter { entry in
            entry.value.state == .disputed && entry.value.revision == current?.value.revision
                && entry.value.round == round
        }
        guard let first = disputes.map(\.log.generation).min() else { return [] }
        return Set(openAssignments.filter { $0.log.generation < first }.map(\.value.reviewer))
    }

    /// Requests of this revision and round that wait for their reviewer: for an answer, or for the
    /// word that decides a dispute.
    package var standingAssignments: [Entered<Assignment>] {
        let open = openAssignments
        return open
            + assignments.filter { entry in
                isAdjudicating(entry) && !open.contains { $0.uid == entry.uid }
            }
    }

    /// Whether an adjudicator has answered once, has yet to confirm or change it, and still may.
    private func isAdjudicating(_ assignment: Entered<Assignment>) -> Bool {
        adjudicators.contains(assignment.uid)
            && assignment.value.revision == current?.value.revision
            && assignment.value.round == round && withdrawal(of: assignment) == nil
            && mayStillDecide(assignment.value.reviewer)
    }

    /// Whom the case still has to ask, nil where it has asked enough.
    package var need: Need? {
        guard seal == nil, withdrawn == nil, let terms = currentTerms?.value, let outcome,
            let current, outcome.waitingFor != .`self`, outcome.waitingFor != .context
        else { return nil }
        let asked = assignments.filter { $0.value.revision == current.value.revision }
        let excluded = Set(asked.map(\.value.reviewer))
            .union(
                verdicts.filter { $0.value.revision == current.value.revision }
                    .map(\.value.reviewer)
            )
            .subtracting(disowned(in: current.value.revision))
        let open = openAssignments
        switch outcome.state {
        case .waiting:
            let opinions = weighing.opinions.count
            let missing = terms.opinions - opinions - open.count
            return missing > 0
                ? Need(count: missing, authority: neededAuthority, excluded: excluded) : nil
        case .disputed:
            let busy = standingAssignments.contains { adjudicators.contains($0.uid) }
            return busy
                ? nil
                : Need(
                    count: 1,
                    authority: neededAuthority,
                    excluded: excluded.subtracting(askedBeforeLoss)
                )
        default: return nil
        }
    }

    /// What somebody who is asked now must be.
    package var neededAuthority: Authority {
        outcome?.waitingFor == .senior ? .senior : currentTerms?.value.authority ?? .reviewer
    }

    /// Reviewers who may be asked again in a later round: of what they are said to have answered
    /// nothing has an effect, and nothing of the others' was shown to them.
    private func disowned(in revision: Digest) -> Set<String> {
        let inert = inert
        if inert.isEmpty { return [] }
        let acts = verdicts.filter { $0.value.revision == revision }
        let standing = acts.filter { !inert.contains($0.uid) }.map(\.value.reviewer)
        let informed = releases.filter { $0.value.revision == revision }.map(\.value.reviewer)
        let busy = assignments.filter {
            $0.value.revision == revision && $0.value.round == round
        }.map(\.value.reviewer)
        return Set(acts.map(\.value.reviewer)).subtracting(standing + informed + busy)
    }

    /// Whether this adjudicator has answered once and has yet to confirm or change it.
    private func mayStillDecide(_ reviewer: String) -> Bool {
        guard outcome?.waitingFor == .senior else { return false }
        return weighing.opinions.contains { $0.value.reviewer == reviewer }
            && !weighing.adjudications.contains { $0.value.reviewer == reviewer }
    }
}

/// The people to ask: of those who may, the ones with the least to do, names breaking ties.
///
/// Seniors are kept for what only they may answer while there are others. Fewer than asked for
/// where there are not enough people.
package func assign(_ need: Need, for workflow: String, from roster: Roster) -> [String] {
    let able = roster.reviewers.filter { reviewer in
        reviewer.reviews(workflow) && !need.excluded.contains(reviewer.name)
            && (need.authority == .reviewer || reviewer.role == .senior)
    }
    let order = able.sorted { left, right in
        let seniors = (left.role == .senior ? 1 : 0, right.role == .senior ? 1 : 0)
        let loads = (roster.load[left.name] ?? 0, roster.load[right.name] ?? 0)
        return (seniors.0, loads.0, left.name) < (seniors.1, loads.1, right.name)
    }
    return order.prefix(need.count).map(\.name)
}
