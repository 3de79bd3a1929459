import Review
import Simulator
import Sync
import TestSupport
import Testing

@Suite("Cases that are taken back, and given to others")
struct WithdrawalTests {
    private let name = Sample.refund("T-1").name

    /// Lets an administrator act; what the hub refused.
    @discardableResult
    private func act(
        in fixture: inout HubFixture,
        _ act: (inout HubDraft) throws(HubRefusal) -> Void
    ) -> HubRefusal? {
        var refusal: HubRefusal?
        fixture.change(Wanted(names: [name])) { draft in
            do throws(HubRefusal) { try act(&draft) } catch { refusal = error }
        }
        return refusal
    }

    /// The kinds of entries in a reviewer's feed, in order.
    private func feed(_ fixture: HubFixture, _ reviewer: String) -> [String] {
        (fixture.hub.feeds["reviewer/\(reviewer)"] ?? []).compactMap {
            fixture.hub.entry($0.uid)?.document.entry.kindName
        }
    }

    private static let asked = ["case", "proposal", "terms", "assignment"]

    @Test func `everybody who had it hears of it, by whom and not why, and nobody is asked again`()
        throws
    {
        var fixture = try HubFixture(reviewers: ["anna", "ben", "cleo"], opinions: 2)
        var isNew: [Bool] = []
        var events: [HubEvent.Kind] = []
        for _ in 0..<2 {
            act(in: &fixture) { draft throws(HubRefusal) in
                isNew.append(try draft.withdraw(name, by: "olga", because: "ben says deny"))
                events += draft.writes.events.map(\.kind)
            }
        }
        #expect(isNew == [true, false])
        #expect(events == [.caseWithdrawn])
        #expect(feed(fixture, "anna") == Self.asked + ["withdrawal"])
        #expect(feed(fixture, "ben") == Self.asked + ["withdrawal"])
        #expect(feed(fixture, "cleo").isEmpty)
        let told = (fixture.hub.feeds["reviewer/anna"] ?? []).compactMap {
            fixture.hub.entry($0.uid)?.document.payload
        }.map { String(decoding: $0, as: UTF8.self) }.joined()
        #expect(told.contains("olga") && !told.contains("ben says"))

        let dossier = try fixture.dossier()
        #expect(dossier.withdrawn?.value.by == "olga")
        #expect(dossier.need == nil && dossier.openAssignments.isEmpty)
        #expect(dossier.withdrawal(from: "anna") != nil)
    }

    @Test func `what was decided meanwhile is taken, as an opinion`() throws {
        var fixture = try HubFixture()
        let verdict = try fixture.decide("anna", .label("deny"))
        act(in: &fixture) { draft throws(HubRefusal) in
            _ = try draft.withdraw(name, by: "olga", because: "moot")
        }
        fixture.sync("anna")
        let dossier = try fixture.dossier()
        #expect(dossier.outcome?.counted == [verdict.entry.uid])
        #expect(dossier.outcome?.state == .decided)
        #expect(fixture.nodes["anna"]?.outbox.isEmpty == true)
    }

    @Test func `another is asked, and both answers count`() throws {
        var fixture = try HubFixture(reviewers: ["anna", "ben"])
        let first = try fixture.decide("anna", .label("deny"))
        var reassigned: Reassigned?
        act(in: &fixture) { draft throws(HubRefusal) in
            reassigned = try draft.reassign(name, to: "ben", by: "olga", because: "anna is ill")
        }
        #expect(reassigned == Reassigned(name: name, from: ["anna"], to: ["ben"]))
        fixture.sync("ben")
        let second = try fixture.decide("ben", .label("deny"))
        fixture.sync("ben")
        fixture.sync("anna")
        let outcome = try fixture.dossier().outcome
        #expect(outcome?.counted == [first.entry.uid, second.entry.uid].sorted())
        #expect(outcome?.by == .agreement)
    }

    @Test
    func `whom the hub finds is asked where nobody is named, and who was asked is passed over`()
        throws
    {
        var fixture = try HubFixture(reviewers: ["anna", "ben", "cleo"], opinions: 2)
        var reassigned: Reassigned?
        act(in: &fixture) { draft throws(HubRefusal) in
            reassigned = try draft.reassign(name, from: "anna", by: "olga", because: nil)
        }
        #expect(reassigned == Reassigned(name: name, from: ["anna"], to: ["cleo"]))
        #expect(try fixture.dossier().openAssignments.map(\.value.reviewer) == ["ben", "cleo"])
    }

    @Test func `to whom it comes back it comes whole`() throws {
        var fixture = try HubFixture(reviewers: ["anna", "ben"])
        for reviewer in ["ben", "anna"] {
            act(in: &fixture) { draft throws(HubRefusal) in
                _ = try draft.reassign(name, to: reviewer, by: "olga", because: "turns")
            }
        }
        let again = Self.asked.filter { $0 != "terms" }
        #expect(feed(fixture, "anna") == Self.asked + ["withdrawal"] + again)
        #expect(feed(fixture, "ben") == Self.asked + ["withdrawal"])
        let dossier = try fixture.dossier()
        #expect(dossier.withdrawal(from: "anna") == nil)
        #expect(dossier.withdrawal(from: "ben") != nil)
        fixture.sync("anna")
        _ = try fixture.decide("anna", .label("deny"))
        fixture.sync("anna")
        #expect(try fixture.dossier().outcome?.state == .decided)
    }

    @Test func `a withdrawn case that somebody is asked about again is under review again`() throws
    {
        var fixture = try HubFixture(reviewers: ["anna", "ben"], opinions: 2)
        act(in: &fixture) { draft throws(HubRefusal) in
            _ = try draft.withdraw(name, by: "olga", because: "moot")
        }
        act(in: &fixture) { draft throws(HubRefusal) in
            _ = try draft.reassign(name, to: "anna", by: "olga", because: "not moot")
        }
        let dossier = try fixture.dossier()
        #expect(dossier.withdrawn == nil)
        #expect(dossier.withdrawal(from: "anna") == nil)
        #expect(dossier.withdrawal(from: "ben") != nil)
    }

    @Test func `an adjudicator who has answered once may be relieved`() throws {
        var fixture = try HubFixture(
            reviewers: ["anna", "ben", "sam", "sara"],
            seniors: ["sam", "sara"],
            opinions: 2
        )
        for (reviewer, label) in [("anna", "deny"), ("ben", "approve")] {
            _ = try fixture.decide(reviewer, .label(label))
            fixture.sync(reviewer)
        }
        fixture.sync("sam")
        _ = try fixture.decide("sam", .label("deny"))
        fixture.sync("sam")
        #expect(try fixture.dossier().standingAssignments.map(\.value.reviewer) == ["sam"])
        var reassigned: Reassigned?
        act(in: &fixture) { draft throws(HubRefusal) in
            reassigned = try draft.reassign(name, from: "sam", by: "olga", because: "away")
        }
        #expect(reassigned == Reassigned(name: name, from: ["sam"], to: ["sara"]))
        #expect(try fixture.dossier().withdrawal(from: "sam") != nil)
    }

    @Test func `what cannot be is refused, and changes nothing`() throws {
        var fixture = try HubFixture(reviewers: ["anna", "ben", "sam"], seniors: ["sam"])
        let before = fixture.hub.entries.count
        #expect(
            act(in: &fixture) { draft throws(HubRefusal) in
                _ = try draft.reassign(name, to: "annna", by: "olga", because: nil)
            } == .unknownReviewer("annna", nearest: ["anna"])
        )
        #expect(fixture.hub.entries.count == before)
        _ = try fixture.decide("anna", .label("deny"))
        fixture.sync("anna")
        #expect(
            act(in: &fixture) { draft throws(HubRefusal) in
                _ = try draft.reassign(name, to: "anna", by: "olga", because: nil)
            } == .cannotReview("anna", name, "has answered it already")
        )
        fixture.change(Wanted(names: [name])) { _ = try? $0.claim(name, outcome: nil) }
        #expect(
            act(in: &fixture) { draft throws(HubRefusal) in
                _ = try draft.withdraw(name, by: "olga", because: nil)
            } == .sealedAlready(name)
        )
    }
}
