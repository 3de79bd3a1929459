// Requests that were taken back: by the hub, by an administrator, by the caller.
//
// By the hub's own order, so that one who is asked again is asked again.

extension Withdrawal {
    /// Whether it is about a request, whenever that was made.
    func concerns(_ assignment: Assignment) -> Bool {
        revision == assignment.revision && round == assignment.round
            && (reviewer == nil || reviewer == assignment.reviewer)
    }
}

extension Dossier {
    /// What took a request back after it was made, nil while it stands.
    package func withdrawal(of assignment: Entered<Assignment>) -> Entered<Withdrawal>? {
        withdrawals.first { $0.value.concerns(assignment.value) && assignment.isEarlier(than: $0) }
    }

    /// What took the case back from everybody in the present round, nil where somebody was asked
    /// since.
    package var withdrawn: Entered<Withdrawal>? {
        guard let revision = current?.value.revision else { return nil }
        let last = withdrawals.filter {
            $0.value.reviewer == nil && $0.value.revision == revision && $0.value.round == round
        }.max { $0.isEarlier(than: $1) }
        guard let last else { return nil }
        let isAskedSince = assignments.contains {
            last.value.concerns($0.value) && !$0.isEarlier(than: last)
        }
        return isAskedSince ? nil : last
    }

    /// How far the case is, for lists; nil where nobody has to see it, or not any more.
    package var listedState: Outcome.State? {
        guard let state = outcome?.state else { return nil }
        return withdrawn != nil && (state == .waiting || state == .disputed) ? nil : state
    }

    /// What took the latest request back from a reviewer, where none of theirs stands.
    package func withdrawal(from reviewer: String) -> Entered<Withdrawal>? {
        let asked = assignments.filter { $0.value.reviewer == reviewer }
        let withdrawn = asked.compactMap(withdrawal)
        guard withdrawn.count == asked.count else { return nil }
        return withdrawn.max { $0.isEarlier(than: $1) }
    }
}

extension Dossier {
    /// The entries that hold what the case is about, and what others said of it: all that is purged.
    ///
    /// Own verdicts stay, which the counts of a log rest on, and what the hub signed about them.
    package func content(exceptOf reviewer: String? = nil) -> [Digest] {
        cases.map(\.uid) + proposals.map(\.uid)
            + verdicts.filter { $0.value.reviewer != reviewer }.map(\.uid) + outcomes.map(\.uid)
            + acts.map(\.uid)
    }
}
