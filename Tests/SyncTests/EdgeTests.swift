import Review
import Simulator
import Sync
import TestSupport
import Testing

/// The edges of pages, batches and replies, in both directions: 0, 1, n-1, n, n+1 and 2n.
///
/// **ResumeIsWhole**: however a sync is cut into round trips, it ends as one that is not.
@Suite("A sync cut into round trips")
struct EdgeTests {
    private static let length = 6
    private static let edges = [0, 1, length - 1, length, length + 1, 2 * length]

    /// A hub with so many cases for anna, and anna, who has answered them and has not synced since.
    private func fixture(_ cases: Int, answered: Bool) throws -> HubFixture {
        var fixture = try HubFixture(cases: [])
        for number in 0..<cases {
            let refund = Sample.refund("T-\(number)")
            fixture.change(Wanted(names: [refund.name])) { draft in
                _ = try? draft.intake(refund) { _, _, _ in Sample.routed() }
            }
        }
        guard answered else { return fixture }
        fixture.sync("anna")
        for number in 0..<cases {
            _ = try fixture.decide("anna", .label("approve"), on: "T-\(number)")
        }
        return fixture
    }

    /// Syncs until nothing moves any more; how many round trips that took.
    private func settle(
        _ fixture: inout HubFixture,
        batch: Int = .max,
        asking: ReplyBudget = .whole,
        pace: HubPace = HubPace()
    ) throws -> Int {
        for trip in 1...200 {
            let before = try #require(fixture.nodes["anna"])
            fixture.sync("anna", batch: batch, asking: asking, pace: pace)
            let after = try #require(fixture.nodes["anna"])
            let isLevel = after.cursors.allSatisfy { feed, cursor in
                cursor.head.seq == fixture.hub.feeds[feed]?.last?.head.seq ?? 0
            }
            if isLevel, after.outbox.isEmpty { return trip }
            let hasMoved =
                after.cursors != before.cursors || after.outbox.count < before.outbox.count
            #expect(hasMoved, "round trip \(trip) moved nothing")
        }
        Issue.record("it does not end")
        return 0
    }

    @Test(arguments: edges, edges.filter { $0 > 0 })
    func `up, a batch of entries a request`(entries: Int, batch: Int) throws {
        var fixture = try fixture(entries, answered: true)
        let trips = try settle(&fixture, batch: batch)
        #expect(trips >= max(1, (entries + batch - 1) / batch))
        let anna = try #require(fixture.nodes["anna"])
        #expect(anna.own.allSatisfy { fixture.hub.entry($0.entry.uid)?.document == $0 })
        #expect(fixture.hub.head(of: anna.log) == anna.head)
    }

    @Test(arguments: edges, edges.filter { $0 > 0 })
    func `up, a transaction for each chunk`(entries: Int, chunk: Int) throws {
        var whole = try fixture(entries, answered: true)
        var cut = try fixture(entries, answered: true)
        _ = try settle(&whole)
        var pace = HubPace()
        pace.chunk = chunk
        _ = try settle(&cut, pace: pace)
        for number in 0..<entries {
            #expect(
                try resolve(cut.dossier("T-\(number)"))?.label
                    == resolve(whole.dossier("T-\(number)"))?.label
            )
        }
    }

    /// A page of 1 byte is one row; of the size of n rows, n.
    @Test(arguments: edges, edges)
    func `down, so many rows a page`(cases: Int, rows: Int) throws {
        var whole = try fixture(cases, answered: false)
        var cut = whole
        _ = try settle(&whole)
        let feed = FeedName.reviewer("anna")
        let sizes = (whole.nodes["anna"]?.applied[feed] ?? []).map { row in
            row.document.entry.line.count + (row.document.payload?.count ?? 0)
        }
        var pace = HubPace()
        pace.pageBytes = sizes.prefix(rows).reduce(0, +)
        _ = try settle(&cut, pace: pace)
        #expect(cut.nodes["anna"]?.applied == whole.nodes["anna"]?.applied)
        #expect(cut.nodes["anna"]?.cursors == whole.nodes["anna"]?.cursors)
    }

    /// Each byte less or more than what some whole replies take, and the smallest there are.
    @Test(arguments: [1, 2, 1_023, 1_024, 1_025, 2_047, 2_048, 2_049, 4_096, 8_192])
    func `down, so many bytes a reply`(bytes: Int) throws {
        var whole = try fixture(Self.length, answered: false)
        var cut = whole
        _ = try settle(&whole)
        let budget = ReplyBudget(bytes: bytes, milliseconds: .max)
        _ = try settle(&cut, asking: budget)
        #expect(cut.nodes["anna"]?.applied == whole.nodes["anna"]?.applied)
    }

    /// A hub that may not work any longer ends its reply after the first page.
    @Test(arguments: [0, 1, 9_999, 10_000, 10_001] as [Int64])
    func `down, so long a reply`(milliseconds: Int64) throws {
        var fixture = try fixture(Self.length, answered: false)
        var pace = HubPace()
        pace.pageBytes = 1
        pace.pageMilliseconds = 5_000
        let budget = ReplyBudget(bytes: .max, milliseconds: milliseconds)
        #expect(try settle(&fixture, asking: budget, pace: pace) > 1)
    }
}
