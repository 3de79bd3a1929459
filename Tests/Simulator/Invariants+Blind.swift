import Review
import Sync

extension Simulation {
    /// Nothing that comes from another's verdict stands in a feed before its reader has committed.
    mutating func checkBlindHolds() throws(Broken) {
        for (feed, places) in hub.feeds {
            guard feed.hasPrefix("reviewer/") else {
                if let place = places.first(where: { !$0.caseKey.isEmpty }) {
                    throw Broken("BlindHolds", "\(place.uid.short) of a case is in \(feed)")
                }
                continue
            }
            let reader = String(feed.dropFirst("reviewer/".count))
            for place in places where checked.rows.insert(place.head.prefix).inserted {
                guard let document = hub.entry(place.uid)?.document else {
                    throw Broken("NoGaps", "\(feed) names what the hub does not hold")
                }
                if document.entry.kind == .erased || hub.isErased(document) { continue }
                if let statement = hub.saying(place.uid),
                    mayBeSeenBlind(statement, place.caseKey, by: reader)
                {
                    continue
                }
                // What comes back was seen before: by then its reader had answered.
                let dossier =
                    hub.name.log.generation > 1 || unknownPast == hub.name
                    ? everything(place.caseKey) : hub.dossier(place.caseKey, at: place.writtenAt)
                let hasAnswered =
                    dossier.verdicts.contains {
                        $0.value.reviewer == reader && $0.value.isOpinion
                    }
                    || dossier.releases.contains {
                        // It was made when the hub held their answer, which may be lost since.
                        $0.value.reviewer == reader
                            && hub.entry($0.uid)?.code == HubDraft.recoveredCode
                    }
                guard hasAnswered else {
                    throw Broken("BlindHolds", "\(document.entry.kindName) in \(feed) too early")
                }
            }
        }
        try checkReleases()
    }

    /// What anybody holds about a case.
    private func everything(_ key: String) -> Dossier {
        var dossier = hub.dossier(key)
        for node in nodes {
            for document in node.own where document.entry.caseKey == key {
                guard let statement = node.said[document.entry.uid] else { continue }
                dossier.add(statement, of: document.entry, hub: hub.name.id)
            }
        }
        return dossier
    }

    /// What one may see of a case before one's own answer.
    private func mayBeSeenBlind(
        _ statement: Statement,
        _ key: String,
        by reader: String
    ) -> Bool {
        switch statement {
        case .record, .terms: return true
        case .proposal(let proposal):
            let record = hub.dossier(key).cases
                .first { $0.value.revision == proposal.revision }?.value
            return record?.blind == false || record?.reveal == .local
        case .assignment(let assignment): return assignment.reviewer == reader
        case .withdrawal(let withdrawal): return withdrawal.reviewer.map { $0 == reader } ?? true
        case .ruling(let ruling):
            // What waits of their own.
            return ruling.verdicts.allSatisfy { hub.saying($0)?.author == reader }
        // What was answered on another machine, by the same hand.
        case .verdict(let verdict): return verdict.reviewer == reader
        case .retraction(let retraction): return retraction.reviewer == reader
        default: return false
        }
    }

    /// Nobody is shown the others' answers while someone else still answers blind.
    private mutating func checkReleases() throws(Broken) {
        for accepted in hub.entries
        where accepted.document.entry.kind == .release && accepted.code.isEmpty
            && checked.releases.insert(accepted.document.entry.uid).inserted
        {
            let dossier = hub.dossier(accepted.document.entry.caseKey, at: accepted.hubSeq - 1)
            guard dossier.openAssignments.isEmpty else {
                throw Broken("BlindHolds", "a release while someone answers blind")
            }
        }
    }
}

extension Statement {
    /// Whose act it is, nil for what only a hub says.
    fileprivate var author: String? {
        switch self {
        case .verdict(let verdict): verdict.reviewer
        case .retraction(let retraction): retraction.reviewer
        default: nil
        }
    }
}
