import Review
import Sync

/// What a history can come by: runs tell how often each was, and a test asks for all of it.
///
/// A fault that never strikes proves nothing.
package enum Mark: String, CaseIterable, Sendable {
    case requestLost, requestDelayed, requestRepeated, replyLost, replyCut, replyDamaged
    case strangeAnswer, refused, leftAlone, partitioned, heardNothing
    case nodeKilled, nodeStoreFailed, nodeClockSet, clockRefused, syncLimited, poisonWritten
    case nodeCopied, nodePutBack, nodeInNewEpoch, forked
    case hubKilled, hubStoreFailed, hubClockSet, limitsChanged, policyChanged, joinedLate
    case hubPutBack, hubPutBackUnknown, hubLost, hubShownItsReceipt, entryRecovered, recoveryEnded
    case enrolledAgain
    case bundleMade, bundleTaken, bundleApplied, bundleAhead, bundleOutdated
    case erased, cameErased
    case deviceRevoked, actsAccepted, actsRejected, quarantined, reopened, sealedAgain
    case sealed, sealConflict, late, disputed, adjudicated, majority, selfConflict, deltaKept
    case superseded, retracted, stale, afterRelease, deferred, rejected, understaffed

    /// Whether one of some thousand histories comes by it: too seldom to ask for in a short run.
    package var isSeldom: Bool {
        switch self {
        case .sealConflict, .enrolledAgain, .majority, .hubShownItsReceipt, .recoveryEnded,
            .deferred, .actsAccepted, .actsRejected, .reopened, .sealedAgain, .bundleAhead,
            .bundleOutdated:
            true
        default: false
        }
    }
}

extension Simulation {
    /// What the hub's order tells of this history, once it is over.
    mutating func markOutcome() {
        for accepted in hub.entries {
            let entry = accepted.document.entry
            switch accepted.result {
            case .forked: mark(.forked)
            case .deferred: mark(.deferred)
            case .rejected: mark(.rejected)
            default: break
            }
            if accepted.code == HubDraft.recoveredCode { mark(.entryRecovered) }
            if accepted.code == HubDraft.erasedCode { mark(.cameErased) }
            if entry.kind == .seal { mark(.sealed) }
            if entry.kind == .epoch, let reason = try? accepted.document.content()["reason"] {
                if reason == "copied" { mark(.nodeInNewEpoch) }
                if reason == "lostTail" { mark(.hubShownItsReceipt) }
            }
            if case .outcome(let outcome)? = hub.statement(of: accepted) {
                if outcome.state == .disputed { mark(.disputed) }
                if outcome.by == .senior { mark(.adjudicated) }
                if outcome.by == .majority { mark(.majority) }
            }
        }
        if !hub.deltas.isEmpty { mark(.deltaKept) }
        for (key, row) in hub.rows {
            if row.understaffed { mark(.understaffed) }
            let dossier = hub.dossier(key)
            let rounds = Set(dossier.seals.map { "\($0.value.revision) \($0.value.round)" })
            if dossier.seals.count > rounds.count { mark(.sealConflict) }
            if dossier.seals.contains(where: { $0.value.round > 1 }) { mark(.sealedAgain) }
            for status in dossier.statuses().values { mark(verdictThat: status) }
        }
    }

    private mutating func mark(verdictThat status: VerdictStatus) {
        switch status {
        case .superseded: mark(Mark.superseded)
        case .retracted: mark(Mark.retracted)
        case .stale: mark(Mark.stale)
        case .afterRelease: mark(Mark.afterRelease)
        case .selfConflict: mark(Mark.selfConflict)
        case .quarantined: mark(Mark.quarantined)
        case .lateConcurring, .lateDissent, .lateRetract: mark(Mark.late)
        default: break
        }
    }
}
