package import Review

// Cases that are taken back from people, and given to others, by somebody's act.
//
//     withdraw ─▶ note, withdrawal ─▶ the feeds of all who had the case; nobody is asked any more
//     reassign ─▶ note, withdrawals ─▶ requests to others, one of them named
//
// A verdict that was given meanwhile is taken as ever: one opinion more.
// - **BlindHolds**: why it was done stays in the note, which enters no feed.

extension HubDraft {
    /// Takes a case back from everybody; whether it was not before.
    package mutating func withdraw(
        _ name: CaseName,
        by: String,
        because: String?
    ) throws(HubRefusal) -> Bool {
        let (key, dossier) = try findOpen(name)
        if dossier.withdrawn != nil { return false }
        guard let terms = dossier.currentTerms?.value else { throw .notReviewed(name) }
        note("withdrawing", key, by: by, because: because)
        let withdrawal = Withdrawal(
            name: name,
            revision: terms.revision,
            round: terms.round,
            reviewer: nil,
            by: by
        )
        let document = state(.withdrawal(withdrawal), about: key)
        for feed in (held.cases[key]?.sent ?? [:]).keys.sorted() {
            offer(document.entry.uid, caseKey: key, to: feed)
        }
        announce(
            .caseWithdrawn,
            name,
            .present(["by": .string(by), "because": because.map(JSON.string)])
        )
        settle()
        return true
    }

    /// Takes a case back from who was asked and has not answered, or from one of them, and asks
    /// another: whom is named, or whoever has the least to do.
    ///
    /// One who is asked already stays so.
    package mutating func reassign(
        _ name: CaseName,
        from: String? = nil,
        to: String? = nil,
        by: String,
        because: String?
    ) throws(HubRefusal) -> Reassigned {
        let (key, dossier) = try findOpen(name)
        guard let current = dossier.current?.value, dossier.currentTerms != nil else {
            throw .notReviewed(name)
        }
        let standing = dossier.standingAssignments.map(\.value.reviewer)
        if let to { try check(to, mayReview: name, dossier) }
        let leaving = Set(standing).filter { $0 != to && (from == nil || $0 == from) }.sorted()
        let isNew = to.map { !standing.contains($0) } ?? false
        if !leaving.isEmpty || isNew {
            note("reassigning", key, by: by, because: because)
            for reviewer in leaving { withdraw(key, from: reviewer, by: by) }
            if let to, isNew { request(key, of: to, current, round: dossier.round) }
            touch(key)
            settle()
        }
        let now = (held.cases[key]?.dossier.openAssignments ?? []).map(\.value.reviewer)
        return Reassigned(name: name, from: leaving, to: Set(now).subtracting(standing).sorted())
    }

    /// A case that nobody has sealed yet.
    private func findOpen(_ name: CaseName) throws(HubRefusal) -> (String, Dossier) {
        let found = try find(name)
        guard found.1.seal == nil else { throw .sealedAlready(name) }
        return found
    }

    private func check(
        _ reviewer: String,
        mayReview name: CaseName,
        _ dossier: Dossier
    ) throws(HubRefusal) {
        guard let person = held.roster.reviewers.first(where: { $0.name == reviewer }) else {
            let names = held.roster.reviewers.map(\.name)
            throw .unknownReviewer(reviewer, nearest: nearest(to: reviewer, among: names))
        }
        guard person.reviews(name.workflow) else {
            throw .cannotReview(reviewer, name, "does not review \(name.workflow)")
        }
        guard dossier.neededAuthority == .reviewer || person.role == .senior else {
            throw .cannotReview(reviewer, name, "is no senior, and a senior is needed")
        }
        guard !dossier.answered.contains(reviewer) else {
            throw .cannotReview(reviewer, name, "has answered it already")
        }
    }

    private mutating func note(_ act: String, _ key: String, by: String, because: String?) {
        state(
            .note,
            caseKey: key,
            .present([
                act: .string(key), "by": .string(by), "because": because.map(JSON.string),
            ])
        )
    }
}

/// Who had a case, and who has it now.
package struct Reassigned: Sendable, Equatable {
    package let name: CaseName
    package let from: [String]
    package let to: [String]

    package init(name: CaseName, from: [String], to: [String]) {
        self.name = name
        self.from = from
        self.to = to
    }
}
