import Review
import Sync

/// What a sync moved.
package struct SyncSummary: Sendable, Equatable {
    /// How far it came.
    package enum End: Sendable {
        /// Until nothing was left to move.
        case whole
        /// As far as its budget reached.
        case budget
        /// Only counts were to be handed in.
        case deltas
        /// Until the attachments were here that alone were asked for.
        case attachments
    }

    package var end = End.whole
    /// How many entries waited when it began.
    package var waiting = 0
    package var deltas = 0
    package var upEntries = 0
    package var upBytes = 0
    package var downRows = 0
    package var downBytes = 0
    package var verdicts = 0
    package var cases = 0
    package var outcomes = 0
    package var attachments = AttachmentTally()
    package var roundTrips = 0
    /// This replica was copied or went back in time, and goes on in an epoch of its own.
    package var newEpoch = false
    package var outbox = 0
    package var pending = 0
    package var quarantined = 0
    var refused: [PushResult] = []
    package var durationMilliseconds: Int64 = 0

    mutating func received(_ results: [PushResult]) {
        // What waits at the hub is asked about again, and was counted when it went up.
        let count = results.count { $0.result != .duplicate || !$0.isPending }
        upEntries += count
        verdicts += count
        refused += results.filter { $0.result == .rejected }
    }

    mutating func applied(_ page: Page) {
        downRows += page.rows.count
        for row in page.rows {
            if row.document.entry.kind == .case { cases += 1 }
            if row.document.entry.kind == .outcome { outcomes += 1 }
        }
    }

    /// Whether anything moved that a person would want to hear of.
    package var isQuiet: Bool { !hasMoved && deltas == 0 && warnings.isEmpty }

    /// Whether something is durable on the other side, or here, that was not before.
    package var hasMoved: Bool {
        upEntries > 0 || downRows > 0 || attachments.hasMoved
    }

    package var isCaughtUp: Bool {
        end == .whole && outbox == 0 && pending == 0 && quarantined == 0 && refused.isEmpty
    }

    package var sentence: String {
        if end == .deltas {
            return "up \(Self.count(deltas, "count", "counts")); "
                + "\(Self.count(outbox, "entry", "entries")) still to send, nothing fetched"
        }
        if end == .attachments {
            return (attachments.sentence ?? "0 attachments") + "; "
                + (attachments.missingSentence ?? "all are here")
        }
        let parts: [String?] = [
            "up \(Self.count(upEntries, "entry", "entries"))",
            "down \(Self.count(cases, "case", "cases"))",
            Self.count(outcomes, "outcome", "outcomes"), attachments.sentence,
        ]
        let end =
            end == .budget
            ? "stopped by its budget, \(outbox) still to send; run it again to go on"
            : quarantined > 0
                ? "\(quarantined) set aside" : outbox > 0 ? "\(outbox) still to send" : "caught up"
        let ends = [end, attachments.missingSentence].compactMap { $0 }
        return parts.compactMap { $0 }.joined(separator: ", ") + "; " + ends.joined(separator: ", ")
    }

    private static func count(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }

    /// What there is to say of a sync that came to its end.
    package var report: Report {
        report(of: word)
    }

    private var word: String {
        switch end {
        case .budget: "budget"
        case .attachments: attachments.missing == 0 ? "fetched" : "partial"
        case .whole, .deltas: isCaughtUp ? "caughtUp" : "partial"
        }
    }

    /// The same of one that ended in a `result` of another kind, such as `offline`.
    package func report(of result: String) -> Report {
        Report(json(result), warnings.map { "warning: \($0)" } + [sentence])
    }

    /// What there is to say of a file that was applied; `more` of the feeds did not fit in it.
    func report(carriedWith more: Bool) -> Report {
        let rest = more ? ["there is more: send a bundle up, and ask for the next"] : []
        return Report(
            json(isCaughtUp && !more ? "caughtUp" : "partial"),
            warnings.map { "warning: \($0)" } + [sentence] + rest
        )
    }

    /// Whether the hub gave something no effect.
    var hasRefusals: Bool { !refused.isEmpty }

    private var warnings: [String] {
        let copied =
            "this replica was copied or restored from a backup; all that it held is kept, and it "
            + "goes on in a new epoch"
        return (newEpoch ? [copied] : [])
            + refused.map { "entry \($0.seq) was not accepted: \($0.code)" }
    }

    private func json(_ result: String) -> JSON {
        [
            "result": .string(result),
            "up": ["entries": .integer(upEntries), "bytes": .integer(upBytes)],
            "down": ["rows": .integer(downRows), "bytes": .integer(downBytes)],
            "roundTrips": .integer(roundTrips), "outbox": .integer(outbox),
            "pending": .integer(pending), "deltas": .integer(deltas),
            "attachments": attachments.json,
            "quarantined": .integer(quarantined), "newEpoch": .bool(newEpoch),
            "warnings": .strings(warnings),
            "durationMs": .integer(durationMilliseconds),
        ]
    }
}

extension SyncSummary {
    /// What a person who waits is told: what, how much of how much, how fast, how long still.
    ///
    /// How much will come is known to nobody; how much is to go up is.
    package var progress: String {
        let seconds = max(1, durationMilliseconds) / 1000
        let bytes = upBytes + downBytes + attachments.bytes
        let rate = seconds > 0 ? bytes / Int(seconds) : 0
        let up = "up \(upEntries) of \(max(waiting, upEntries)) entries"
        return
            "\(up), down \(downRows) rows, \(attachments.fetched) attachments, \(Self.size(bytes)), \(Self.size(rate))/s"
    }

    static func size(_ bytes: Int) -> String {
        bytes < 10_000
            ? "\(bytes) B" : bytes < 10_000_000 ? "\(bytes / 1000) kB" : "\(bytes / 1_000_000) MB"
    }
}
