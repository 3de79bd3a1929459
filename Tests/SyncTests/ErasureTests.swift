import Review
import Simulator
import Sync
import TestSupport
import Testing

@Suite("A case that is erased on request")
struct ErasureTests {
    private func erase(_ id: String = "T-1", in fixture: inout HubFixture) throws {
        let name = Sample.refund(id).name
        var wanted = Wanted(names: [name])
        wanted.casePayloads = true
        var failure: (any Error)?
        fixture.change(wanted) { draft in
            do { try draft.erase(name, by: "ada", because: "asked for") } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// What is held about the case of `key`, as a line each: kind, and whether its bytes are there.
    private func held(_ key: String, in fixture: HubFixture) -> [String] {
        fixture.hub.entries.filter { $0.document.entry.caseKey == key }.map { accepted in
            let document = accepted.document
            return "\(document.entry.kindName)\(document.payload == nil ? " erased" : "")"
        }
    }

    @Test func `its bytes go, its headers stay, and everybody who had it hears of it`() throws {
        var fixture = try HubFixture()
        let key = try fixture.key(of: "T-1")
        let verdict = try fixture.decide("anna", .label("deny"))
        fixture.sync("anna")
        try erase(in: &fixture)

        #expect(
            held(key, in: fixture) == [
                "case erased", "proposal erased", "terms erased", "outcome erased",
                "assignment erased", "verdict erased", "outcome erased", "release erased", "erased",
            ]
        )
        let row = try #require(fixture.hub.rows[key])
        #expect(row.state == .erased)
        #expect(row.name.id == key)
        #expect(row.revision != Sample.refund("T-1").revision(cheapHash))
        #expect(fixture.hub.entry(verdict.entry.uid)?.document.entry == verdict.entry)

        let effects = fixture.sync("anna")
        let kinds = effects.flatMap { effect -> [String] in
            guard case .apply(let page, _) = effect else { return [] }
            return page.rows.map(\.document.entry.kindName)
        }
        #expect(kinds.contains("erased"))
    }

    @Test func `a feed that is read from its beginning has its rows, without their bytes`() throws {
        var fixture = try HubFixture()
        try erase(in: &fixture)
        let log = try #require(fixture.nodes["anna"]?.log)
        let hub = fixture.hub.name
        let feed = FeedName.reviewer("anna")
        var end = NodeEnd(
            hub: NodeEnd.KnownHub(id: hub.id, keys: [fixture.hub.key.bytes]),
            cryptography: .cheap
        )
        let start = Cursor(
            hubEpoch: hub.epoch,
            feed: feed,
            head: FeedHead(hub: hub, feed: feed, hash: cheapHash)
        )
        let sent = end.start(Hello(log: log), outbox: [], deltas: [], cursors: [start])
        guard case .send(let body)? = sent.first else { return }
        let random = fixture.random()
        let answer = try fixture.hub.answer(body, now: Sample.noon, random: random)
        let effects = end.take(answer)
        let rows = effects.flatMap { effect -> [FeedRow] in
            guard case .apply(let page, _) = effect, page.head.feed != FeedName.hub else {
                return []
            }
            return page.rows
        }
        #expect(
            rows.map { "\($0.document.entry.kindName) \($0.document.payload == nil)" } == [
                "case true", "proposal true", "terms true", "assignment true", "erased false",
            ]
        )
        #expect(!effects.contains { if case .failed = $0 { true } else { false } })
    }

    @Test func `a verdict that comes later is stored without its bytes, and erased too`() throws {
        var fixture = try HubFixture()
        let key = try fixture.key(of: "T-1")
        let late = try fixture.decide("anna", .label("deny"))
        try erase(in: &fixture)
        let results = try fixture.push([late], from: "anna")
        #expect(results.map(\.result) == [.accepted])
        #expect(results.map(\.code) == [""])
        #expect(fixture.hub.entry(late.entry.uid)?.document.payload == nil)
        #expect(fixture.hub.erased[late.entry.payload] == [key])
        #expect(held(key, in: fixture).suffix(2) == ["verdict erased", "erased"])
        // Again, also after the row is gone from the request's own reading.
        #expect(try fixture.push([late], from: "anna").map(\.result) == [.duplicate])
        #expect(fixture.hub.entry(late.entry.uid)?.document.payload == nil)
    }

    @Test func `who names another's payload in a late entry does not have it dropped`() throws {
        var fixture = try HubFixture(cases: ["T-1", "T-2"])
        let (one, other) = (try fixture.key(of: "T-1"), try fixture.key(of: "T-2"))
        let home = fixture.nodes["anna"]
        let content = try fixture.decide("anna", .label("deny"), on: "T-2").content()
        try erase(in: &fixture)
        var node = try #require(home)
        // The same salt and content: the same payload, once under the case that was erased.
        let pushed = [one, other].map { key in
            node.commit(.verdict, caseKey: key, content, random: seededRandomness(7))
        }
        #expect(pushed[0].entry.payload == pushed[1].entry.payload)
        #expect(try fixture.push(pushed, from: "anna").map(\.result) == [.accepted, .accepted])
        #expect(fixture.hub.erased[pushed[0].entry.payload] == [one])
        #expect(fixture.hub.entry(pushed[1].entry.uid)?.document == pushed[1])
        #expect(fixture.hub.dossier(other).outcome?.label == "deny")
    }

    @Test func `what it counted is counted without its name`() throws {
        var fixture = try HubFixture()
        let key = try fixture.key(of: "T-1")
        let verdict = try fixture.decide("anna", .label("deny"))
        fixture.sync("anna")
        fixture.change(Wanted(names: [Sample.refund("T-1").name])) { draft in
            _ = try? draft.claim(Sample.refund("T-1").name, outcome: nil)
        }
        let before = fixture.hub.totals
        #expect(before != Tally())
        let tally = Tally(ofLog: [(verdict.entry.uid, try #require(try verdict.statement()))])
        try erase(in: &fixture)

        #expect(fixture.hub.totals == before)
        #expect(fixture.hub.contributions[key] == Tally())
        let notes = try fixture.hub.entries.filter { $0.document.entry.kind == .note }
            .compactMap { try NamelessCounts(json: $0.document.content()) }
        #expect(notes.map(\.key) == [key])
        #expect(notes.map(\.contribution) == [before])
        #expect(Tally(ofLog: notes[0].acts) == tally)
        for note in notes { #expect(!note.json.canonical.contains("T-1")) }
        #expect(try NamelessCounts(json: notes[0].json) == notes[0])
        // It stands in no feed.
        let feeds = fixture.hub.feeds.values.joined().compactMap { fixture.hub.entry($0.uid) }
        #expect(!feeds.contains { $0.document.entry.kind == .note })
    }

    @Test func `nobody has more to do, and the same name can come again as another case`() throws {
        var fixture = try HubFixture()
        let key = try fixture.key(of: "T-1")
        try erase(in: &fixture)
        #expect(throws: HubRefusal.unknownCase(Sample.refund("T-1").name)) {
            try erase(in: &fixture)
        }
        fixture.change(Wanted(names: [Sample.refund("T-1").name])) { draft in
            #expect(draft.held.roster.load["anna"] == 0)
            _ = try? draft.intake(Sample.refund("T-1")) { _, _, _ in Sample.routed() }
        }
        #expect(try fixture.key(of: "T-1") != key)
    }
}
