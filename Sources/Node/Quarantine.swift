import Replica
import Review
import Sync

// What was set aside on this machine, and why.

extension Desk {
    package func quarantineReports() throws -> [Report] {
        try replica.quarantined().map { Self.report($0) }
    }

    /// One that was set aside, with what it says as far as that can be read.
    package func quarantineReport(of uid: String) throws -> Report {
        guard let found = try replica.quarantined().first(where: { Self.uid($0) == uid }) else {
            throw NodeError.notSetAside(uid)
        }
        let content = try? found.document.content()
        return Self.report(
            found,
            more: [
                "line": .string(String(decoding: found.document.entry.line, as: UTF8.self)),
                "content": content ?? .null,
            ],
            lines: [content?.canonical ?? "its content cannot be read as JSON"]
        )
    }

    /// Reads all of it again, as after an upgrade; what became of each, and whether nothing is left.
    ///
    /// What the hub gave no effect is the hub's to say: it stays.
    package func retryQuarantine() throws -> (reports: [Report], isEmpty: Bool) {
        let before = try replica.quarantined()
        try replica.apply(.readAgain, at: now())
        let left = Set(try replica.quarantined().map(Self.uid))
        let reports = before.map { entry in
            let isRead = !left.contains(Self.uid(entry))
            return Self.report(
                entry,
                more: ["result": isRead ? "read" : "setAside"],
                lines: [isRead ? "  read now: it has its effect" : "  still set aside"]
            )
        }
        return (reports, left.isEmpty)
    }

    private static func uid(_ entry: QuarantinedEntry) -> String {
        entry.document.entry.uid.description
    }

    private static func report(
        _ found: QuarantinedEntry,
        more: [String: JSON] = [:],
        lines: [String] = []
    ) -> Report {
        let entry = found.document.entry
        let bytes = entry.line.count + (found.document.payload?.count ?? 0)
        let row: [String: JSON] = [
            "uid": entry.uid.json, "kind": .string(entry.kindName),
            "case": found.name.map(\.json) ?? .null, "device": .string(entry.log.device),
            "epoch": .string(entry.log.epoch), "seq": .integer(entry.seq),
            "own": .bool(found.isOwn), "reason": .string(found.reason), "bytes": .integer(bytes),
            "setAsideAt": .string(found.at.description),
        ]
        let about = found.name.map { "\($0)  " } ?? ""
        let why = found.isOwn ? "the hub gave it no effect: \(found.reason)" : found.reason
        return Report(
            .object(row.merging(more) { $1 }),
            ["\(entry.uid)  \(about)\(entry.kindName)  \(SyncSummary.size(bytes))  \(why)"] + lines
        )
    }
}
