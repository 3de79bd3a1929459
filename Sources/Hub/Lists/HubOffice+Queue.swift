import HubStore
import Review
import Sync

extension HubOffice {
    private static let hour: Int64 = 3_600_000
    private static let window: Int64 = 24 * hour

    /// What waits in each workflow, and how arrivals and reviews of the last 24 hours compare.
    ///
    /// Rates are null while there is nothing to compute them from.
    package func listQueue(_ print: Printing) throws {
        let workflows = try store.read(Wanted()).workflows
        let since = now().advanced(byMilliseconds: -Self.window)
        let reviews = try verdictsByWorkflow(since: since)
        let cases = Dictionary(grouping: try store.cases(.all), by: \.name.workflow)
        for workflow in workflows.keys.sorted() {
            let reviewed = (cases[workflow] ?? []).filter { $0.review != .none }
            let waiting = reviewed.filter { row in
                !row.sealed && (row.state == .waiting || row.state == .disputed)
            }
            let hours = observedHours(reviewed)
            let arrived = reviewed.count { since < $0.arrivedAt }
            let arrivals = hours.map { Double(arrived) / $0 }
            let done = reviews[workflow].flatMap { count in hours.map { Double(count) / $0 } }
            let use = arrivals.flatMap { rate in done.map { rate / $0 } }
            let oldest = waiting.map(\.arrivedAt).min()
            try print(
                Shown(
                    [
                        "workflow": .string(workflow), "waiting": .integer(waiting.count),
                        "oldestAt": Self.json(oldest), "arrivalsPerHour": Self.json(arrivals),
                        "reviewsPerHour": Self.json(done), "utilisation": Self.json(use),
                        "shed": 0, "deferred": 0,
                    ],
                    [
                        "\(workflow)  \(waiting.count) waiting"
                            + (oldest.map { ", the oldest since \($0)" } ?? "")
                            + (arrivals.map { "  \(Self.text($0)) in an hour" } ?? "")
                            + (done.map { ", \(Self.text($0)) reviewed" } ?? "")
                    ]
                )
            )
        }
    }

    /// For how long there were cases to count, between an hour and the window.
    private func observedHours(_ rows: [CaseRow]) -> Double? {
        guard let first = rows.map(\.arrivedAt).min() else { return nil }
        let age = now().milliseconds - first.milliseconds
        return Double(min(max(age, Self.hour), Self.window)) / Double(Self.hour)
    }

    private func verdictsByWorkflow(since: Timestamp) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        try eachEntry(after: try lastPlace(before: since), kinds: [.verdict]) { entry in
            guard since < entry.receivedAt, entry.result == .accepted,
                let name = try? entry.document.content()["case"]?.string.flatMap({ CaseName($0) })
            else { return true }
            counts[name.workflow, default: 0] += 1
            return true
        }
        return counts
    }

    /// A place in the hub's order before which everything came earlier, found by halving.
    private func lastPlace(before time: Timestamp) throws -> Int64 {
        var (low, high) = (Int64(0), try store.read(Wanted()).hubSeq)
        while low < high {
            let middle = (low + high) / 2
            let next = try store.entries(after: middle, kinds: nil, caseKey: nil, limit: 1).first
            if let next, next.receivedAt < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Rates and shares are told to four decimals.
    static func json(_ number: Double?) -> JSON {
        number.map { .number(($0 * 10_000).rounded() / 10_000) } ?? .null
    }

    private static func text(_ number: Double) -> String {
        JSON.number((number * 10).rounded() / 10).canonical
    }
}
