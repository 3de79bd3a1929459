@testable import Hub
import HubStore
import Review
import Sync
import Testing

@Suite("Syncing with a hub")
struct HubSyncTests {
    @Test func `two opinions that agree decide, and what is decided is sealed after its time`()
        throws
    {
        let hub = try TemporaryHub()
        _ = try hub.intake(refund("T-1"))
        var (anna, ben) = (try hub.node(of: "anna"), try hub.node(of: "ben"))
        try anna.sync(with: hub)
        try anna.answer("refunds/T-1", "deny", by: "anna")
        try anna.sync(with: hub)
        #expect(anna.results.map(\.result) == [.duplicate, .accepted])
        #expect(try hub.show("refunds/T-1")["outcome"]?["state"] == "waiting")

        try ben.sync(with: hub)
        try ben.answer("refunds/T-1", "deny", by: "ben")
        try ben.sync(with: hub)
        let outcome = try hub.show("refunds/T-1")["outcome"]
        #expect(outcome?["state"] == "decided" && outcome?["label"] == "deny")
        #expect(outcome?["by"] == "agreement" && outcome?["sealed"] == false)

        try hub.office.sweep()
        #expect(try hub.show("refunds/T-1")["outcome"]?["sealed"] == false)
        hub.wait(minutes: 10)
        try hub.office.sweep()
        #expect(try hub.show("refunds/T-1")["outcome"]?["sealed"] == true)
        #expect(try hub.show("refunds/T-1")["outcome"]?["hash"] == outcome?["hash"])

        let verdicts = try hub.show("refunds/T-1")["verdicts"]?.array ?? []
        #expect(verdicts.map { $0["status"] } == ["counted", "counted"])
        #expect(verdicts.map { $0["reviewer"] } == ["anna", "ben"])
        #expect(
            try hub.rows { try hub.office.listEvents(after: 0, $0) }.map { $0["kind"] }
                == ["case.held", "case.decided", "case.sealed"]
        )
        #expect(try hub.verification()["failures"] == [])
    }

    @Test func `people who differ are a conflict with two sides`() throws {
        let hub = try TemporaryHub()
        _ = try hub.intake(refund("T-1"))
        for (reviewer, label) in [("anna", "deny"), ("ben", "approve")] {
            var node = try hub.node(of: reviewer)
            try node.sync(with: hub)
            try node.answer("refunds/T-1", label, by: reviewer)
            try node.sync(with: hub)
        }
        let conflicts = try hub.rows { try hub.office.listConflicts($0) }
        #expect(conflicts.count == 1 && conflicts[0]["state"] == "disputed")
        let sides = conflicts[0]["sides"]?.array ?? []
        #expect(Set(sides.compactMap { $0["label"]?.string }) == ["deny", "approve"])
        #expect(Set(sides.compactMap { $0["reviewers"]?.array?.first?.string }) == ["anna", "ben"])

        let party = try #require(throws: HubFailure.self) {
            do {
                _ = try hub.office.adjudicate("refunds/T-1", label: "deny", by: "ben", because: "x")
            } catch { throw HubFailure(error) }
        }
        #expect(party.code == "party" && party.kind == .notAllowed)
        _ = try hub.office.adjudicate("refunds/T-1", label: "deny", by: "cleo", because: "x")
        #expect(try hub.rows { try hub.office.listConflicts($0) }.isEmpty)
        #expect(try hub.show("refunds/T-1")["outcome"]?["by"] == "senior")
    }

    @Test func `a machine that says two things is a conflict of its own`() throws {
        let hub = try TemporaryHub()
        _ = try hub.intake(refund("T-1"))
        for label in ["deny", "approve"] {
            var node = try hub.node(of: "anna")
            try node.sync(with: hub)
            try node.answer("refunds/T-1", label, by: "anna")
            try node.sync(with: hub)
        }
        let conflict = try #require(try hub.rows { try hub.office.listConflicts($0) }.first)
        #expect(conflict["state"] == "waiting" && conflict["waitingFor"] == "self")
        #expect(conflict["sides"]?.array?.map { $0["reviewers"] } == [["anna"], ["anna"]])
    }

    @Test func `nothing that others said reaches a reviewer who has not answered`() throws {
        let hub = try TemporaryHub()
        _ = try hub.intake(refund("T-1"))
        var (anna, ben) = (try hub.node(of: "anna"), try hub.node(of: "ben"))
        try anna.sync(with: hub)
        try anna.answer("refunds/T-1", "deny", by: "anna")
        try anna.sync(with: hub)
        try ben.sync(with: hub)
        let kinds = Set(ben.rows.map(\.entry.kindName))
        #expect(
            kinds == ["hubKey", "policy", "certificate", "case", "proposal", "terms", "assignment"]
        )
    }

    @Test func `a cursor of another hub, or of nowhere, starts its feed anew`() throws {
        let hub = try TemporaryHub()
        var node = try hub.node(of: "anna")
        try node.sync(with: hub)
        let count = node.rows.count
        try node.sync(with: hub)
        #expect(node.rows.count == count && node.resets.isEmpty)

        let nowhere = FeedHead(seq: 2, prefix: sha256([1]))
        for cursor in [
            Cursor(
                hubEpoch: "9.0123456789abcdef",
                feed: "hub",
                head: FeedHead(seq: 0, prefix: sha256([]))
            ),
            Cursor(hubEpoch: try hub.office.store.hub().epoch, feed: "hub", head: nowhere),
            Cursor(
                hubEpoch: try hub.office.store.hub().epoch,
                feed: "hub",
                head: FeedHead(seq: 0, prefix: sha256([1]))
            ),
            Cursor(
                hubEpoch: try hub.office.store.hub().epoch,
                feed: "reviewer/anna",
                head: nowhere
            ),
        ] {
            node.place(cursor)
            try node.sync(with: hub)
            #expect(node.resets == [cursor.feed])
        }
        node.place(
            Cursor(hubEpoch: try hub.office.store.hub().epoch, feed: "reviewer/ben", head: nowhere)
        )
        try node.sync(with: hub)
        #expect(node.resets.isEmpty, "a feed of another is not answered at all")
    }

    @Test func `many pushed entries keep their order over transactions`() throws {
        let hub = try TemporaryHub()
        var node = try hub.node(of: "anna")
        for number in 1...1100 { node.write(.note, ["text": .integer(number)]) }
        try node.sync(with: hub)
        #expect(node.results.count == 1101)
        #expect(node.results.dropFirst().allSatisfy { $0.result == .accepted })
        try node.sync(with: hub)
        #expect(node.results.allSatisfy { $0.result == .duplicate })
        let log = try hub.rows { try hub.office.exportLog($0) }
        #expect(log.count { $0["kind"] == "note" } == 1100)
        #expect(try hub.verification()["failures"] == [])
    }

    @Test func `pages go on over round trips until nothing is left`() throws {
        let hub = try TemporaryHub(reviewers: ["anna"])
        let text = String(repeating: "x", count: 900_000)
        for number in 1...8 {
            _ = try hub.intake(refund("T-\(number)", #", "input": {"text": "\#(text)"}"#))
        }
        var node = try hub.node(of: "anna")
        var trips = 0
        while node.rows.count(where: { $0.entry.kind == .assignment }) < 8, trips < 20 {
            try node.sync(with: hub)
            trips += 1
        }
        #expect((2...4).contains(trips))
        #expect(node.rows.count { $0.entry.kind == .case } == 8)
    }
}

@Suite("Replies within a budget")
struct ReplyBudgetTests {
    private func hub() throws -> TemporaryHub {
        let hub = try TemporaryHub()
        for number in 1...40 {
            let text = systemRandomness(1_500).hexadecimal
            _ = try hub.intake(refund("T-\(number)", #", "input": {"text": "\#(text)"}"#))
        }
        return hub
    }

    @Test(arguments: [8_000, 20_000, 40_000])
    func `are no longer than asked for, and come to the same`(bytes: Int) throws {
        let hub = try hub()
        var (whole, parts) = (try hub.node(of: "anna"), try hub.node(of: "anna"))
        repeat { try whole.sync(with: hub) } while whole.more
        var sizes: [Int] = []
        repeat {
            let before = parts.rows.count
            let budget = ReplyBudget(bytes: bytes, milliseconds: .max)
            sizes.append(try parts.sync(with: hub, asking: budget))
            #expect(parts.rows.count > before, "a page moves each time")
        } while parts.more && sizes.count < 100
        #expect(sizes.allSatisfy { $0 <= bytes } && sizes.count > 1, "\(sizes)")
        #expect(sizes.dropLast().allSatisfy { $0 > bytes / 3 }, "and not much shorter: \(sizes)")
        try whole.sync(with: hub)  // What is new since: the certificate of the other machine.
        #expect(parts.rows.map(\.entry.uid) == whole.rows.map(\.entry.uid))
    }

    @Test func `hold one page when the hub has no time, and none when none is wanted`() throws {
        let hub = try hub()
        var node = try hub.node(of: "anna")
        try node.sync(with: hub, asking: ReplyBudget(bytes: .max, milliseconds: 0))
        #expect(!node.rows.isEmpty && node.more)
        node = try hub.node(of: "ben")
        let size = try node.sync(with: hub, asking: .noPages)
        #expect(node.rows.isEmpty && node.results.count == 1 && size < 2_000)
    }
}

@Suite("Requests that are not as they should be")
struct RefusedRequestTests {
    private func code(_ hub: TemporaryHub, _ call: SyncCall) -> String {
        do {
            _ = try hub.office.sync(call)
            return "accepted"
        } catch {
            return HubFailure(error).code
        }
    }

    @Test func `each has its code`() throws {
        let hub = try TemporaryHub()
        let node = try hub.node(of: "anna")
        let name = try hub.office.store.hub()
        let good = node.request(hub: name, at: hub.now)
        #expect(code(hub, good) == "accepted")

        let stranger = try TestNode(at: hub.now)
        #expect(code(hub, stranger.request(hub: name, at: hub.now)) == "unknownDevice")
        let other = HubName(id: "h0", epoch: name.epoch)
        #expect(code(hub, node.request(hub: other, at: hub.now)) == "otherHub")
        let unsigned = SyncCall(path: "/v1/sync", body: good.body) { _ in nil }
        #expect(code(hub, unsigned) == "badSignature")
        let changed = SyncCall(path: "/v1/sync", body: good.body + [0], header: good.header)
        #expect(code(hub, changed) == "damagedRequest")
        let elsewhere = SyncCall(path: "/v1/other", body: good.body, header: good.header)
        #expect(code(hub, elsewhere) == "badSignature")
    }

    /// Also before 1970, where a clock sixty years behind is.
    @Test(arguments: [
        (-2_000_000_000, "clock"), (-301, "clock"), (-299, "accepted"), (299, "accepted"),
        (301, "clock"), (2_000_000_000, "clock"),
    ])
    func `a wrong clock is told the time`(seconds: Int64, expected: String) throws {
        let hub = try TemporaryHub()
        let node = try hub.node(of: "anna")
        let time = hub.now.advanced(byMilliseconds: seconds * 1000)
        let call = node.request(hub: try hub.office.store.hub(), at: time)
        #expect(code(hub, call) == expected)
        if expected == "clock" {
            let failure = try #require(throws: HubFailure.self) { try hub.office.sync(call) }
            #expect(failure.details["hubTime"] == hub.now.json && failure.isRetryable)
        }
    }
}
