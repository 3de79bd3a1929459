import Review
import Simulator
import Sync
import TestSupport
import Testing

@Suite("A device that is trusted no longer")
struct RevocationTests {
    private func words(_ results: [PushResult]) -> [String] {
        results.map { $0.code.isEmpty ? $0.result.rawValue : "\($0.result.rawValue) \($0.code)" }
    }

    /// Revokes the device of `name`; with `good`, only that and what is before it holds.
    @discardableResult
    private func revoke(
        _ name: String,
        good: [Document]? = nil,
        in fixture: inout HubFixture
    ) throws -> [CaseName] {
        let device = try #require(fixture.nodes[name]?.device.id)
        var wanted = Wanted()
        wanted.writers = [device]
        var reopened: [CaseName] = []
        fixture.change(wanted) { draft in
            reopened = draft.revoke(device, because: .lost, good: good?.map(\.entry.uid))
        }
        return reopened
    }

    private func rule(
        _ word: Ruling.Word,
        on verdict: Document,
        in fixture: inout HubFixture
    ) -> Int {
        var count = 0
        var wanted = Wanted(keys: [verdict.entry.caseKey])
        wanted.uids = [verdict.entry.uid]
        fixture.change(wanted) { draft in
            count = draft.rule(word, on: [verdict.entry.uid], by: "ada", because: "asked anna")
        }
        return count
    }

    private func status(_ document: Document, in fixture: HubFixture) -> VerdictStatus? {
        fixture.hub.dossier(document.entry.caseKey).statuses()[document.entry.uid]
    }

    @Test func `what the hub holds of it keeps its effect, and what comes later waits`() throws {
        var fixture = try HubFixture(cases: ["T-1", "T-2"])
        let before = try fixture.decide("anna", .label("deny"))
        #expect(words(try fixture.push([before], from: "anna")) == ["accepted"])
        #expect(try revoke("anna", in: &fixture).isEmpty)
        let after = try fixture.decide("anna", .label("deny"), on: "T-2")
        #expect(words(try fixture.push([after], from: "anna")) == ["deferred revoked"])
        #expect(words(try fixture.push([after], from: "anna")) == ["duplicate revoked"])

        #expect(try fixture.dossier("T-1").outcome?.state == .decided)
        #expect(try fixture.dossier("T-2").outcome?.state == .waiting)
        #expect(status(before, in: fixture) == .counted)
        #expect(status(after, in: fixture) == .quarantined)
        #expect(fixture.hub.entry(after.entry.uid) != nil, "it is stored all the same")
    }

    @Test func `a hub that went back does not wait for it`() throws {
        var fixture = try HubFixture(reviewers: ["anna", "ben"])
        try revoke("anna", in: &fixture)
        fixture.change(.everyFeed) { $0.openEpoch(because: "restored") }
        #expect(fixture.hub.state.awaited == [try #require(fixture.nodes["ben"]?.device.id)])
    }

    @Test func `beyond the last good entry nothing counts, and what rests on it is reopened`()
        throws
    {
        var fixture = try HubFixture(reviewers: ["anna", "ben"], cases: ["T-1", "T-2"])
        // Whoever was asked: each case went to one of the two.
        let asked = try ["T-1", "T-2"].map { id in
            try #require(fixture.dossier(id).assignments.first?.value.reviewer)
        }
        let good = try fixture.decide(asked[0], .label("approve"), on: "T-1")
        #expect(words(try fixture.push([good], from: asked[0])) == ["accepted"])
        fixture.change(Wanted(names: [Sample.refund("T-1").name])) { draft in
            _ = try? draft.claim(Sample.refund("T-1").name, outcome: nil)
        }
        let sealed = try #require(try fixture.dossier("T-1").seal)
        #expect(try revoke(asked[0], good: [], in: &fixture) == [Sample.refund("T-1").name])

        let dossier = try fixture.dossier("T-1")
        #expect(dossier.round == 2)
        #expect(dossier.outcome?.state == .waiting)
        #expect(dossier.seals == [sealed], "the sealed round stays as it was")
        #expect(status(good, in: fixture) == .quarantined)
        #expect(dossier.openAssignments.map(\.value.round) == [2], "somebody is asked again")
        #expect(dossier.outcome?.facts.contains(try #require(dossier.rulings.first).uid) == true)
    }

    @Test(arguments: [Ruling.Word.accepted, .rejected])
    func `an administrator's word on what waits holds, and is given once`(word: Ruling.Word) throws
    {
        var fixture = try HubFixture()
        try revoke("anna", in: &fixture)
        let verdict = try fixture.decide("anna", .label("deny"))
        #expect(words(try fixture.push([verdict], from: "anna")) == ["deferred revoked"])
        #expect(rule(word, on: verdict, in: &fixture) == 1)
        #expect(rule(.accepted, on: verdict, in: &fixture) == 0)
        let told = word == .accepted ? "duplicate" : "duplicate notApproved"
        #expect(words(try fixture.push([verdict], from: "anna")) == [told])
        #expect(status(verdict, in: fixture) == (word == .accepted ? .counted : .quarantined))
        #expect(try fixture.dossier().outcome?.label == (word == .accepted ? "deny" : nil))
    }

    @Test func `a retraction that waits takes nothing back`() throws {
        var fixture = try HubFixture()
        let verdict = try fixture.decide("anna", .label("deny"))
        #expect(words(try fixture.push([verdict], from: "anna")) == ["accepted"])
        try revoke("anna", in: &fixture)
        let key = try fixture.key(of: "T-1")
        let random = fixture.random()
        let taken = fixture.nodes["anna"]?.retract(key, random: random)
        let back = try #require(taken)
        #expect(words(try fixture.push([back], from: "anna")) == ["deferred revoked"])
        #expect(try fixture.dossier().outcome?.label == "deny")
        #expect(rule(.accepted, on: back, in: &fixture) == 1)
        #expect(try fixture.dossier().outcome?.state == .waiting)
    }

    @Test func `one that waits for its case stays without effect when the case comes`() throws {
        var fixture = try HubFixture()
        try revoke("anna", in: &fixture)
        let other = Sample.refund("T-1", version: 2)
        let decided = try fixture.decide("anna", .label("deny"))
        var content = try #require(decided.content().object)
        content["revision"] = other.revision(cheapHash).json
        let early = try fixture.commit("anna", .verdict, decided.entry.caseKey, .object(content))
        #expect(
            words(try fixture.push([decided, early], from: "anna"))
                == ["deferred revoked", "deferred revoked"]
        )
        fixture.change(Wanted(names: [other.name])) { draft in
            _ = try? draft.intake(other) { _, _, _ in Sample.routed() }
        }
        #expect(status(early, in: fixture) == .quarantined)
        #expect(try fixture.dossier().outcome?.state == .waiting)
    }

    @Test func `it gets its receipts, the hub's word, and no page`() throws {
        var fixture = try HubFixture()
        _ = try fixture.decide("anna", .label("deny"))
        try revoke("anna", in: &fixture)
        fixture.change { draft in
            _ = try? draft.enlist(Reviewer(name: "zoe", workflows: nil, role: .reviewer))
        }
        let effects = fixture.sync("anna")
        let kinds = effects.map { effect in
            switch effect {
            case .greeted: "greeted"
            case .through: "through"
            case .received: "received"
            case .revoked(let document): "revoked \(document.entry.kindName)"
            case .finished(let more): "finished \(more)"
            default: "\(effect)"
            }
        }
        #expect(
            kinds == ["greeted", "through", "received", "revoked revocation", "finished false"]
        )
        #expect(fixture.nodes["anna"]?.outbox.isEmpty == true)
    }

    @Test func `the ends of a log with a branch are both good, and a good end keeps its ancestors`()
    {
        let device = Device(id: "d1", reviewer: "anna", name: "laptop", key: [1])
        func link(_ number: Int, _ seq: Int64, after prev: Int?) -> Link {
            Link(
                Entry(
                    log: LogName(device: device.id, epoch: "1.0"),
                    seq: seq,
                    kindName: "verdict",
                    caseKey: "k",
                    payload: Sample.digest(0),
                    prev: prev.map(Sample.digest),
                    must: false,
                    line: [],
                    signature: [],
                    uid: Sample.digest(number)
                )
            )
        }
        // 1 ─ 2 ─ 3
        //      └─ 4 ─ 5
        let links = [
            link(1, 1, after: nil), link(2, 2, after: 1), link(3, 3, after: 2),
            link(4, 3, after: 2), link(5, 4, after: 4),
        ]
        let table: [(good: [Int], beyond: [Int])] = [
            ([], [1, 2, 3, 4, 5]), ([1], [2, 3, 4, 5]), ([3], [4, 5]), ([5], [3]), ([3, 4], [5]),
            ([3, 5], []), ([9], [1, 2, 3, 4, 5]),
        ]
        #expect(Set(links.ends) == Set([3, 5].map(Sample.digest)))
        for (good, beyond) in table {
            #expect(
                links.beyond(good.map(Sample.digest)).map(\.uid) == beyond.map(Sample.digest),
                "\(good)"
            )
        }
    }
}
