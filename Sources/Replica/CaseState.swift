package import Review

/// Where a case stands for the reviewer whose replica this is.
package enum CaseState: String, Sendable {
    /// Waits for an answer.
    case open
    case answered
    /// Both sides are there, and this reviewer is to decide between them.
    case confirm
    /// Taken back, or never asked about.
    case hidden
}

extension Dossier {
    /// Where the case stands for a reviewer, by what their replica holds.
    package func state(for reviewer: String) -> CaseState {
        guard let revision = current?.value.revision else { return .hidden }
        let own = heads(of: reviewer, on: revision)
        let isAsked = assignments.contains {
            $0.value.reviewer == reviewer && $0.value.revision == revision
                && withdrawal(of: $0) == nil
        }
        if seal == nil, isAsked, mayAdjudicate(reviewer) { return .confirm }
        if !own.isEmpty, !isSelfConflict(own) { return .answered }
        let hasActed = verdicts.contains {
            $0.value.reviewer == reviewer && $0.value.revision == revision
        }
        if !isAsked { return hasActed ? .answered : .hidden }
        return seal == nil ? .open : .answered
    }

    /// Whether this reviewer has been shown all sides to decide between them, and has not yet.
    package func mayAdjudicate(_ reviewer: String) -> Bool {
        guard let release = adjudicationRelease(for: reviewer), outcome?.state != .decided else {
            return false
        }
        return !verdicts.contains { verdict in
            verdict.value.reviewer == reviewer && verdict.value.knew.contains(release.uid)
        }
    }

    /// The release that lets a senior decide in the present round.
    package func adjudicationRelease(for reviewer: String) -> Entered<Release>? {
        releases.first { release in
            release.value.reviewer == reviewer && release.value.role == .senior
                && release.value.revision == current?.value.revision && release.value.round == round
        }
    }

    /// Own heads that disagree: given on two devices that did not know of each other.
    private func isSelfConflict(_ own: [Entered<Verdict>]) -> Bool {
        own.contains { uid in
            outcome?.uncounted.contains { $0.uid == uid.uid && $0.reason == .selfConflict } ?? false
        }
    }

    /// Whether the AI's answer must stay hidden from a reviewer: blind, and no own answer yet.
    ///
    /// What was answered once stays answered: undoing does not make a case blind again.
    package func withholds(from reviewer: String) -> Bool {
        guard let current = current?.value, current.blind else { return proposal == nil }
        let answered = verdicts.contains {
            $0.value.reviewer == reviewer && $0.value.revision == current.revision
                && $0.value.label != nil
        }
        return !answered || proposal == nil
    }
}
