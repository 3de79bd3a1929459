import Review
import Sync
import TestSupport

/// A mistake that a hub or a node of the simulator can be made to make, to see that it is found.
///
/// Each stands at an edge of the shipped code: in what the store, the replica or the line does.
package enum SeededBug: String, CaseIterable, Sendable {
    // At the hub.
    /// A page says that it goes further than its rows do.
    case skipLastRow
    /// A receipt goes out before the disk has what it is for.
    case acknowledgeBeforeSync
    /// Feed numbers come from a sequence, whose order is not that of the commits.
    case feedNumbersFromSequence
    /// A transaction decides on what it read before another one wrote.
    case writeWithoutLock
    /// A restored hub goes on in its old epoch.
    case reuseEpochAfterRestore
    case addDeltas
    case countDevicesAsPeople
    /// What one reviewer said is in the others' feeds before they have answered.
    case releaseEarly
    /// What cannot be read is receipted and not kept.
    case dropPoison
    /// Of two answers of one reviewer the one that came first counts.
    case tiesByArrival
    /// One place in a log holds one entry: the second branch of a fork is not kept.
    case keepOneBranch
    /// What waited for its case has no effect when that comes.
    case forgetDeferred
    /// A restored hub waits for nobody.
    case awaitNobody
    /// A page that is not the last says that it is.
    case noMore
    /// What a revoked device hands in counts.
    case countRevoked

    // On a node.
    /// The cursor moves in a transaction of its own, before the rows.
    case cursorBeforeRows
    /// The last row of each page is passed over.
    case passOverLastRow
    /// A decision is confirmed before the disk has it.
    case confirmBeforeSync
    /// A receipt holds for ever, whatever became of the hub.
    case receiptsForEver
    /// What came from a hub that went back is not handed in again.
    case keepForOneself
    /// A copy goes on in the epoch that it was copied in.
    case sameEpochAfterCopy
    /// What is erased on request stays in its author's own log.
    case keepErased
    /// What the hub says of acts that wait has no effect.
    case ignoreRulings

    /// Whether it takes some hundred seeds to find: it shows only where several things go wrong.
    package var isFoundLate: Bool {
        switch self {
        case .dropPoison, .forgetDeferred, .reuseEpochAfterRestore, .awaitNobody, .receiptsForEver,
            .keepForOneself, .acknowledgeBeforeSync, .keepOneBranch, .countRevoked,
            .keepErased, .ignoreRulings:
            true
        default: false
        }
    }
}

// MARK: - What a hub does wrong

extension SeededBug {
    /// What an entry is taken to say, nil inside for nothing; nil where this mistake is another.
    func misread(_ accepted: Writes.Accepted, _ hub: MemoryHub) -> Statement?? {
        let statement = hub.statement(of: accepted)
        if self == .countRevoked, case .ruling(let ruling)? = statement, ruling.word == .revoked {
            return .some(nil)
        }
        guard case .verdict(let verdict)? = statement else { return nil }
        switch self {
        case .countDevicesAsPeople:
            guard case .object(var members) = verdict.json else { return nil }
            let name = "\(verdict.reviewer)-\(accepted.document.entry.log.device)"
            members["reviewer"] = .string(name)
            return .some((try? Verdict(json: .object(members))).map(Statement.verdict))
        case .tiesByArrival:
            let heads = hub.dossier(accepted.document.entry.caseKey)
                .heads(of: verdict.reviewer, on: verdict.revision)
            let isTie = heads.contains { !verdict.supersedes.contains($0.uid) }
            return isTie ? .some(nil) : nil
        default: return nil
        }
    }

    func loses(_ accepted: Writes.Accepted) -> Bool {
        switch self {
        case .dropPoison: accepted.code == "badPayload"
        case .keepOneBranch: accepted.result == .forked
        default: false
        }
    }

    func add(_ delta: Delta, to before: Delta?, sign: Signing) -> Delta? {
        guard self == .addDeltas, let before else { return nil }
        return Delta(
            log: delta.log,
            scope: delta.scope,
            through: delta.through,
            head: delta.head,
            counts: delta.counts.merging(before.counts, uniquingKeysWith: +),
            sign: sign
        )
    }
}
