package import Replica
package import Review
import Sync

/// What `status` tells, computed from one read of the replica (**StatusIsTrue**).
package struct StatusReport: Sendable {
    package let identity: Identity
    package let epoch: String
    package let status: ReplicaStatus
    package let now: Timestamp

    /// How far a clock may be off before it is worth a word.
    private static let clockTolerance: Int64 = 300_000
}

extension Desk {
    /// Due means due within a day.
    package func status() throws -> StatusReport {
        let now = now()
        return StatusReport(
            identity: replica.identity,
            epoch: try replica.log().epoch,
            status: try replica.status(dueBy: now.advanced(byMilliseconds: 86_400_000)),
            now: now
        )
    }
}

extension StatusReport {
    package var isCaughtUp: Bool {
        status.notes.caughtUp && status.outbox.entries == 0 && status.quarantined == 0
    }

    /// Until when the hub asked to be left alone, nil where it did not or that is over.
    package var hubAsksUntil: Timestamp? {
        guard case .hubAsks(let until)? = status.backOff.wait(at: now, isUnattended: false) else {
            return nil
        }
        return until
    }

    package var warnings: [String] {
        var warnings: [String] = []
        if let offset = status.notes.clockOffsetMilliseconds, abs(offset) > Self.clockTolerance {
            let word = offset > 0 ? "ahead of" : "behind"
            warnings.append(
                "this machine's clock is \(Self.span(abs(offset))) \(word) the hub's; nothing depends on it"
            )
        }
        if let reason = status.notes.revoked {
            warnings.append(
                "the hub no longer trusts this device (\(reason)): what you decide can be "
                    + "handed in and waits there for an administrator; nothing new comes"
            )
        }
        if status.quarantined > 0 {
            warnings.append(
                "\(status.quarantined) records could not be read and were set aside: "
                    + "`countersign quarantine list`"
            )
        }
        return warnings
    }

    package var json: JSON {
        let notes = status.notes
        func time(_ time: Timestamp?) -> JSON { time.map { .string($0.description) } ?? .null }
        return [
            "reviewer": .string(identity.reviewer), "device": .string(identity.device),
            "epoch": .string(epoch), "hub": .string(identity.hub),
            "hubUrl": .string(identity.url), "hubEpoch": .string(notes.hubEpoch),
            "assigned": .integer(status.open), "due": .integer(status.due),
            "decided": .integer(status.decided),
            "outbox": [
                "entries": .integer(status.outbox.entries), "bytes": .integer(status.outbox.bytes),
                "oldestAt": time(status.outbox.oldest),
            ],
            "pending": .integer(status.pending), "quarantined": .integer(status.quarantined),
            "purged": [
                "cases": .integer(notes.freedCases), "bytes": .integer(notes.freedBytes),
            ],
            "lastSyncAt": time(notes.lastSyncAt), "caughtUp": .bool(isCaughtUp),
            "caughtUpAsOf": time(notes.caughtUpAsOf),
            "clockOffsetMs": notes.clockOffsetMilliseconds.map { .integer($0) } ?? .null,
            "hubAsksUntil": time(hubAsksUntil), "warnings": .strings(warnings),
        ]
    }

    package var lines: [String] {
        let outbox = status.outbox
        let waiting =
            outbox.entries == 0
            ? "nothing waits to sync"
            : "\(outbox.entries) \(outbox.entries == 1 ? "entry exists" : "entries exist") only on this machine"
                + (outbox.oldest.map { ", oldest \(Self.span(now.milliseconds - $0.milliseconds))" }
                    ?? "")
        let synced =
            status.notes.lastSyncAt.map {
                "last sync \(Self.span(now.milliseconds - $0.milliseconds)) ago"
                    + (isCaughtUp ? ", caught up" : ", not caught up")
            } ?? "never synced"
        return [
            "\(identity.reviewer) on \(identity.deviceName), hub \(identity.url)",
            "\(status.open) to review, \(status.due) due within a day, \(status.decided) decided",
            waiting, synced,
        ] + (hubAsksUntil.map { ["the hub asks not to sync until \($0)"] } ?? [])
            + (status.notes.freedCases > 0 ? [purgedLine] : [])
            + warnings.map { "warning: \($0)" }
    }

    private var purgedLine: String {
        let notes = status.notes
        let cases = notes.freedCases == 1 ? "1 case" : "\(notes.freedCases) cases"
        return "\(SyncSummary.size(notes.freedBytes)) freed: the content of \(cases) that nobody "
            + "needs here any more"
    }

    /// A length of time in its largest unit, as people say it.
    static func span(_ milliseconds: Int64) -> String {
        let minutes = max(0, milliseconds) / 60_000
        if minutes < 1 { return "less than a minute" }
        if minutes < 120 { return "\(minutes) min" }
        if minutes < 48 * 60 { return "\(minutes / 60) h" }
        return "\(minutes / 1440) days"
    }
}
