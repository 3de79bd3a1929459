import Oversight
import Replica
import Review

/// What a command has to say: one line of JSON for scripts, or lines for people.
package struct Report: Sendable, Equatable {
    package let json: String
    /// Not yet escaped: cases are untrusted.
    package let lines: [String]

    init(_ json: JSON, _ lines: [String]) {
        self.json = json.canonical
        self.lines = lines
    }
}

/// Which cases `list` is about.
package enum ListFilter: Sendable { case open, due, all }

extension Desk {
    package func statusReport() throws -> Report {
        let status = try status()
        return Report(status.json, status.lines)
    }

    /// Cases in the order they want to be reviewed.
    package func list(_ filter: ListFilter, workflow: String?) throws -> [Report] {
        let states: [CaseState] =
            filter == .all ? [.confirm, .open, .answered] : [.confirm, .open]
        let soon = now().advanced(byMilliseconds: 86_400_000)
        return try replica.cases(states, workflow: workflow)
            .compactMap { CaseView($0, for: reviewer) }
            .filter { view in filter != .due || view.record.due.map { $0 <= soon } ?? false }
            .map(row)
    }

    package func next(workflow: String?) throws -> Report? {
        try replica.cases([.confirm, .open], workflow: workflow, limit: 1).first
            .flatMap { CaseView($0, for: reviewer) }.map(row)
    }

    private func row(_ view: CaseView) -> Report {
        let due = view.due.map { " · due \($0)" } ?? ""
        let state = view.state == .open ? "" : " · \(view.state.rawValue)"
        return Report(view.row, ["\(view.name)  \(view.title)  (\(view.summary)\(due)\(state))"])
    }

    package func show(_ text: String, columns: Int, isPlain: Bool) throws -> Report {
        let subject: ReplicaCase
        do {
            subject = try find(text)
        } catch NodeError.takenBack(let name, let by) {
            return Self.takenBack(name, by)
        }
        guard let view = CaseView(subject, for: reviewer) else { return Self.purged(subject) }
        try markShown(subject)
        let page = CasePage(
            view,
            CasePage.Style(columns: min(columns, 100), isPlain: isPlain),
            files: try heldFiles(of: subject, view)
        )
        let state = view.state == .open ? "" : view.state.rawValue
        let taken = view.withdrawalLine.map { [$0] } ?? []
        return Report(view.json, taken + page.lines(place: state, now: now()) + page.full(nil))
    }

    package func why(_ text: String) throws -> Report {
        let subject: ReplicaCase
        do {
            subject = try find(text)
        } catch NodeError.takenBack(let name, let by) {
            return Self.takenBack(name, by)
        }
        guard let view = CaseView(subject, for: reviewer) else { return Self.purged(subject) }
        let taken = view.withdrawalLine.map { [$0] } ?? []
        return Report(view.whyJSON, taken + CasePage.why(view))
    }

    /// All that is said of a case that is not this reviewer's any more.
    private static func takenBack(_ name: CaseName, _ by: String?) -> Report {
        Report(
            [
                "case": name.json, "state": "hidden", "withdrawn": true,
                "withdrawnBy": by.map(JSON.string) ?? .null,
            ],
            ["\(name) was taken back by \(by ?? "the hub, which needs no answer any more")"]
        )
    }

    /// All that is left to say of a case whose content was purged.
    private static func purged(_ subject: ReplicaCase) -> Report {
        Report(
            [
                "case": subject.name.json, "state": .string(subject.state.rawValue),
                "purged": true,
            ],
            [
                "what \(subject.name) is about is on this machine no longer: it is settled",
                "what you said of it: `countersign history \(subject.name)`",
            ]
        )
    }

    package func historyReports(of text: String?) throws -> [Report] {
        try history(of: text.map { try find($0).name })
            .map { Report($0.json, [$0.sentence]) }
    }

    package func conflictReports() throws -> [Report] {
        try conflicts().map { view in
            let sides = view.others.map { other in
                "  \(other.verdict.reviewer) says \(other.verdict.label ?? other.verdict.abstention?.rawValue ?? "")"
            }
            var row = view.row.object ?? [:]
            row["others"] = .array(view.others.map(\.json))
            row["waitingFor"] = view.outcome?.waitingFor.map { .string($0.rawValue) } ?? .null
            return Report(.object(row), ["\(view.name)  \(view.title)"] + sides)
        }
    }

    package func calibrationReports() throws -> [Report] {
        let rows = try provisionalAccuracy()
        return rows.map { row in
            let share = Double(row.agree) / Double(row.cases)
            return Report(
                [
                    "bin": row.bin.map { .integer($0) } ?? .null, "cases": .integer(row.cases),
                    "agree": .integer(row.agree), "low": .number(row.low),
                    "high": .number(row.high), "provisional": true,
                ],
                [
                    "\(Self.range(row.bin))  \(row.cases) \(row.cases == 1 ? "case" : "cases"), right in \(Self.percent(share))"
                        + " (95 %: \(Self.percent(row.low)) to \(Self.percent(row.high)))"
                ]
            )
        }
    }

    /// The confidences of a bin, in percent.
    private static func range(_ bin: Int?) -> String {
        guard let bin else { return "no confidence   " }
        let edges = [0] + ConfidenceBin.edges + [1_000_000]
        return
            "\(percent(Double(edges[bin]) / 1e6)) to \(percent(Double(edges[bin + 1]) / 1e6)) sure"
    }

    private static func percent(_ share: Double) -> String {
        JSON.number((share * 1000).rounded() / 10).canonical + " %"
    }

    package func verifyReport() throws -> (report: Report, holds: Bool) {
        let found = try verify()
        let lines =
            [
                "\(found.entries) entries, \(found.signatures) signatures, \(found.receipts) receipts, "
                    + "\(found.rows) feed rows, \(found.attachments) attachments checked"
            ]
            + (found.failures.isEmpty
                ? ["everything holds"]
                : found.failures.map { "\($0.what) \($0.place): \($0.reason)" })
        return (Report(found.json, lines), found.failures.isEmpty)
    }
}
