import Review
import Simulator
import Sync
import TestSupport
import Testing

@Suite("What the hub says to each entry")
struct PushTests {
    private func words(_ results: [PushResult]) -> [String] {
        results.map { $0.code.isEmpty ? $0.result.rawValue : "\($0.result.rawValue) \($0.code)" }
    }

    @Test func `accepted, then duplicate, with one effect`() throws {
        var fixture = try HubFixture()
        let verdict = try fixture.decide("anna", .label("deny"))
        #expect(words(try fixture.push([verdict], from: "anna")) == ["accepted"])
        let before = fixture.hub.hubSeq
        #expect(
            words(try fixture.push([verdict, verdict], from: "anna")) == ["duplicate", "duplicate"]
        )
        #expect(fixture.hub.hubSeq == before)
        #expect(try fixture.dossier().outcome?.label == "deny")
    }

    @Test func `twice in one request is once accepted`() throws {
        var fixture = try HubFixture()
        let verdict = try fixture.decide("anna", .label("deny"))
        #expect(
            words(try fixture.push([verdict, verdict], from: "anna")) == ["accepted", "duplicate"]
        )
    }

    @Test func `an entry whose predecessor is missing is a gap, and is not stored`() throws {
        var fixture = try HubFixture(cases: ["T-1", "T-2"])
        let first = try fixture.decide("anna", .label("deny"))
        let second = try fixture.decide("anna", .label("deny"), on: "T-2")
        #expect(words(try fixture.push([second], from: "anna")) == ["gap"])
        #expect(fixture.hub.entry(second.entry.uid) == nil)
        #expect(
            words(try fixture.push([first, second], from: "anna")) == ["accepted", "accepted"]
        )
    }

    @Test func `of a fork both branches are kept, and both count`() throws {
        var fixture = try HubFixture(cases: ["T-1", "T-2"])
        let clone = fixture.nodes["anna"]
        let left = try fixture.decide("anna", .label("deny"))
        fixture.nodes["anna"] = clone
        let right = try fixture.decide("anna", .label("approve"), on: "T-2")
        let after = try fixture.decide("anna", .label("partial"), on: "T-2")

        #expect(left.entry.seq == right.entry.seq)
        #expect(words(try fixture.push([left], from: "anna")) == ["accepted"])
        #expect(words(try fixture.push([right, after], from: "anna")) == ["forked", "forked"])
        #expect(fixture.hub.head(of: left.entry.log).uid == left.entry.uid)
        #expect(try fixture.dossier("T-1").outcome?.label == "deny")
        #expect(try fixture.dossier("T-2").outcome?.label == "partial")
    }

    @Test func `what refers to something missing is deferred, and takes effect when it comes`()
        throws
    {
        var fixture = try HubFixture()
        let other = Sample.refund("T-1", version: 2)
        let early = try altered(in: &fixture) { $0["revision"] = other.revision(cheapHash).json }
        #expect(words(try fixture.push([early], from: "anna")) == ["deferred revisionMissing"])
        #expect(try fixture.dossier().outcome?.state == .waiting)

        fixture.change(Wanted(names: [other.name])) { draft in
            _ = try? draft.intake(other) { _, _, _ in Sample.routed() }
        }
        #expect(try fixture.dossier().outcome?.label == "deny")
    }

    @Test func `on a fork too`() throws {
        var fixture = try HubFixture()
        let clone = fixture.nodes["anna"]
        let left = try fixture.decide("anna", .abstain(.pass))
        fixture.nodes["anna"] = clone
        let other = Sample.refund("T-1", version: 2)
        let early = try altered(in: &fixture) { $0["revision"] = other.revision(cheapHash).json }
        #expect(words(try fixture.push([left], from: "anna")) == ["accepted"])
        #expect(words(try fixture.push([early], from: "anna")) == ["forked revisionMissing"])
        fixture.change(Wanted(names: [other.name])) { draft in
            _ = try? draft.intake(other) { _, _, _ in Sample.routed() }
        }
        #expect(try fixture.dossier().outcome?.label == "deny")
    }

    @Test func `a case that nobody knows is deferred, and so is a payload that has not come`()
        throws
    {
        var fixture = try HubFixture()
        let real = try fixture.decide("anna", .label("deny"))
        let bare = Document(entry: real.entry, payload: nil)
        #expect(words(try fixture.push([bare], from: "anna")) == ["deferred payloadMissing"])
        let lost = try altered(key: "k" + String(repeating: "0", count: 32), in: &fixture) { _ in }
        #expect(words(try fixture.push([lost], from: "anna")) == ["deferred caseMissing"])

        // Asked again, the hub says what is still missing, and takes the payload that came.
        #expect(
            words(try fixture.push([bare, lost], from: "anna"))
                == ["duplicate payloadMissing", "duplicate caseMissing"]
        )
        let forged = Document(entry: real.entry, payload: Array("another".utf8))
        #expect(words(try fixture.push([forged], from: "anna")) == ["duplicate payloadMissing"])
        #expect(words(try fixture.push([real], from: "anna")) == ["duplicate"])
        #expect(fixture.hub.entry(real.entry.uid)?.document == real)
        #expect(fixture.hub.entry(real.entry.uid)?.result == .accepted)
        #expect(try fixture.dossier().outcome?.label == "deny")
    }

    @Test func `what waited is judged when it can be, like everything else`() throws {
        var fixture = try HubFixture()
        let other = Sample.refund("T-1", version: 2)
        let early = try altered(in: &fixture) { content in
            content["revision"] = other.revision(cheapHash).json
            content["label"] = "maybe"
        }
        #expect(words(try fixture.push([early], from: "anna")) == ["deferred revisionMissing"])
        fixture.change(Wanted(names: [other.name])) { draft in
            _ = try? draft.intake(other) { _, _, _ in Sample.routed() }
        }
        #expect(fixture.hub.entry(early.entry.uid)?.result == .rejected)
        #expect(words(try fixture.push([early], from: "anna")) == ["duplicate unknownLabel"])
        #expect(try fixture.dossier().verdicts.isEmpty)
    }

    // MARK: Rejected

    struct Rejection: CustomTestStringConvertible, Sendable {
        let code: String
        var kind = Entry.Kind.verdict
        var label = "deny"
        let change: @Sendable (inout [String: JSON]) -> Void

        var testDescription: String { code }
    }

    @Test(arguments: [
        Rejection(code: "badPayload") { $0["round"] = nil },
        Rejection(code: "badPayload") { $0["abstain"] = "pass" },
        Rejection(code: "badPayload", kind: .retract) { $0["supersedes"] = "all" },
        Rejection(code: "otherReviewer") { $0["reviewer"] = "ben" },
        Rejection(code: "otherReviewer", kind: .retract) { $0["reviewer"] = "ben" },
        Rejection(code: "otherCase") { $0["case"] = "refunds/T-2" },
        Rejection(code: "unknownLabel") { $0["label"] = "maybe" },
        Rejection(code: "notForNodes") { $0["via"] = "hub" },
        Rejection(code: "notForNodes", kind: .terms) { _ in },
        Rejection(code: "notForNodes", kind: .seal) { _ in },
    ])
    func `what can never count is rejected with a code, stored, and of no effect`(
        rejection: Rejection
    ) throws {
        var fixture = try HubFixture()
        let document = try altered(rejection.kind, in: &fixture, rejection.change)
        #expect(words(try fixture.push([document], from: "anna")) == ["rejected \(rejection.code)"])
        #expect(fixture.hub.entry(document.entry.uid)?.document == document)
        #expect(try fixture.dossier().outcome?.state == .waiting)
        // The log goes on after it.
        let next = try fixture.decide("anna", .label("approve"))
        #expect(words(try fixture.push([next], from: "anna")) == ["accepted"])
    }

    @Test func `so is a bad signature, another payload, and a case of somebody else's`() throws {
        var fixture = try HubFixture(reviewers: ["anna", "ben"])
        let verdict = try fixture.decide("anna", .label("deny"))
        let swapped = Document(entry: verdict.entry, payload: [UInt8](repeating: 0, count: 20))
        let key = verdict.entry.caseKey
        let before = fixture
        #expect(
            words(try fixture.push([verdict], from: "anna", signatureHolds: false))
                == ["rejected badSignature"]
        )
        fixture = before
        #expect(words(try fixture.push([swapped], from: "anna")) == ["rejected payloadHash"])
        fixture = before

        var json = try #require(verdict.content().object)
        json["reviewer"] = "ben"
        let stray = try fixture.commit("ben", .verdict, key, .object(json))
        #expect(words(try fixture.push([stray], from: "ben")) == ["rejected notAssigned"])
        #expect(words(try fixture.push([verdict], from: "ben")) == ["unread notYours"])
    }

    /// A verdict or another entry in place of the one that Anna would have made.
    private func altered(
        _ kind: Entry.Kind = .verdict,
        key: String? = nil,
        in fixture: inout HubFixture,
        _ change: (inout [String: JSON]) -> Void
    ) throws -> Document {
        let before = fixture.nodes["anna"]
        let real = try fixture.decide("anna", .label("deny"))
        fixture.nodes["anna"] = before
        var json = try #require(real.content().object)
        change(&json)
        return try fixture.commit("anna", kind, key ?? real.entry.caseKey, .object(json))
    }
}
