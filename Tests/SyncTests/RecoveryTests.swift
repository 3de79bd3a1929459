import Review
import Simulator
import Sync
import TestSupport
import Testing

@Suite("What comes back to a hub that lost it")
struct RecoveryTests {
    /// A hub in its second epoch, and three answers of Anna that it lacks.
    private func make() throws -> (HubFixture, [Document]) {
        var fixture = try HubFixture(
            reviewers: ["anna", "ben"],
            opinions: 2,
            cases: ["T-1", "T-2", "T-3"]
        )
        fixture.change(.everyFeed) { $0.openEpoch(because: "restored") }
        let answers = [
            try fixture.decide("anna", .label("deny"), on: "T-1"),
            try fixture.decide("anna", .label("deny"), on: "T-2"),
            try fixture.decide("anna", .label("deny"), on: "T-3"),
        ]
        return (fixture, answers)
    }

    /// Ben's machine hands in what Anna wrote.
    private func recover(_ documents: [Document], in fixture: inout HubFixture) throws {
        let key = try #require(fixture.nodes["anna"]?.device.key)
        let device = try #require(fixture.nodes["ben"]?.device)
        let recovered = documents.map { Recovered($0, keys: [key], .cheap) }
        fixture.change(Wanted(recovering: recovered)) { draft in
            _ = draft.recover(recovered, from: device)
        }
    }

    private func head(_ fixture: HubFixture, _ document: Document) -> Digest? {
        fixture.hub.head(of: document.entry.log).uid
    }

    @Test func `a log goes on over what somebody else handed in before`() throws {
        var (fixture, answers) = try make()
        try recover([answers[1]], in: &fixture)
        let first = try fixture.push([answers[0]], from: "anna")
        #expect(first.map(\.result) == [.accepted])
        #expect(head(fixture, answers[0]) == answers[1].entry.uid)
        let third = try fixture.push([answers[2]], from: "anna")
        #expect(third.map(\.result) == [.accepted])
        #expect(head(fixture, answers[0]) == answers[2].entry.uid)
    }

    @Test func `a log goes on over what came in one request, in any order`() throws {
        var (fixture, answers) = try make()
        try recover([answers[2], answers[1], answers[0]], in: &fixture)
        #expect(head(fixture, answers[0]) == answers[2].entry.uid)
    }

    @Test func `a log does not go on over a gap`() throws {
        var (fixture, answers) = try make()
        try recover([answers[2]], in: &fixture)
        _ = try fixture.push([answers[0]], from: "anna")
        #expect(head(fixture, answers[0]) == answers[0].entry.uid)
    }
}
