import Review
import Simulator
import Sync
import TestSupport
import Testing

/// **BlindHolds**: what stands in a feed, and when.
@Suite("What a blind reviewer is sent")
struct BlindTests {
    /// The kinds of entries in a reviewer's feed about the case, in order.
    private func feed(_ fixture: HubFixture, _ reviewer: String) -> [String] {
        (fixture.hub.feeds["reviewer/\(reviewer)"] ?? []).compactMap {
            fixture.hub.entry($0.uid)?.document.entry.kindName
        }
    }

    /// Every byte that a reviewer's feed offers.
    private func text(_ fixture: HubFixture, _ reviewer: String) -> String {
        (fixture.hub.feeds["reviewer/\(reviewer)"] ?? []).compactMap { place in
            fixture.hub.entry(place.uid)?.document
        }.map { document in
            String(decoding: document.entry.line + (document.payload ?? []), as: UTF8.self)
        }.joined()
    }

    @Test func `case, proposal, terms and request, and nothing of the other until both answered`()
        throws
    {
        var fixture = try HubFixture(reviewers: ["anna", "ben"], opinions: 2, blind: true)
        let first = try fixture.decide("anna", .label("deny"), output: ["secret": "of Anna"])
        fixture.sync("anna")
        let blind = ["case", "proposal", "terms", "assignment"]
        #expect(feed(fixture, "anna") == blind)
        #expect(feed(fixture, "ben") == blind)
        for hidden in [first.entry.uid.description, "anna", "of Anna", "deny\",\"output"] {
            #expect(!text(fixture, "ben").contains(hidden))
        }

        _ = try fixture.decide("ben", .label("deny"))
        fixture.sync("ben")
        for reviewer in ["anna", "ben"] {
            let after = Set(feed(fixture, reviewer).dropFirst(4))
            #expect(after == ["verdict", "release", "outcome"])
        }
        #expect(text(fixture, "ben").contains("of Anna"))
    }

    @Test func `an adjudicator looks as blind as everyone, and the parties wait`() throws {
        var fixture = try HubFixture(
            reviewers: ["anna", "ben", "sara"],
            seniors: ["sara"],
            opinions: 2,
            blind: true
        )
        for (reviewer, label) in [("anna", "deny"), ("ben", "approve")] {
            _ = try fixture.decide(reviewer, .label(label))
            fixture.sync(reviewer)
        }
        let blind = ["case", "proposal", "terms", "assignment"]
        for reviewer in ["anna", "ben", "sara"] { #expect(feed(fixture, reviewer) == blind) }
        fixture.sync("sara")
        #expect(!text(fixture, "sara").contains("senior\",\"round"))

        _ = try fixture.decide("sara", .label("deny"))
        fixture.sync("sara")
        #expect(try fixture.dossier().outcome?.state == .disputed)
        #expect(feed(fixture, "sara").contains("release"))
        fixture.sync("sara")
        _ = try fixture.decide("sara", .label("deny"))
        fixture.sync("sara")
        let outcome = try fixture.dossier().outcome
        #expect(outcome?.by == .senior)
        #expect(outcome?.label == "deny")
    }

    @Test func `with reveal by the hub, the AI's answer follows one's own`() throws {
        var fixture = try HubFixture(blind: true, reveal: .hub)
        #expect(feed(fixture, "anna") == ["case", "terms", "assignment"])
        #expect(!text(fixture, "anna").contains("0.93"))
        _ = try fixture.decide("anna", .label("deny"))
        fixture.sync("anna")
        #expect(feed(fixture, "anna").contains("proposal"))
    }

    @Test func `who never answered gets a withdrawal and no outcome`() throws {
        var fixture = try HubFixture(reviewers: ["anna", "ben"], opinions: 2)
        _ = try fixture.decide("anna", .label("deny"))
        fixture.sync("anna")
        fixture.change(Wanted(names: [Sample.refund("T-1").name])) { draft in
            _ = try? draft.adjudicate(
                Sample.refund("T-1").name,
                answer: .label("approve"),
                output: nil,
                by: "admin",
                because: "urgent"
            )
            _ = try? draft.claim(Sample.refund("T-1").name, outcome: nil)
        }
        #expect(feed(fixture, "ben") == ["case", "proposal", "terms", "assignment", "withdrawal"])
        #expect(feed(fixture, "anna").contains("seal"))
    }

    @Test func `in a dispute with oneself nothing is shown`() throws {
        var fixture = try HubFixture(reviewers: ["anna", "ben"], opinions: 2)
        let clone = fixture.nodes["anna"]
        _ = try fixture.decide("anna", .label("deny"))
        fixture.sync("anna")
        fixture.nodes["anna"] = clone
        let other = try fixture.decide("anna", .label("approve"))
        _ = try fixture.push([other], from: "anna")
        _ = try fixture.decide("ben", .label("deny"))
        fixture.sync("ben")
        #expect(try fixture.dossier().outcome?.waitingFor == .`self`)
        #expect(feed(fixture, "anna") == ["case", "proposal", "terms", "assignment"])
    }
}
