import Node
import Replica
import Review
import Sync
import Testing

@Suite("Deciding from a script")
struct DecideTests {
    private func decide(_ desk: Desk, _ line: String) throws -> JSON {
        try JSON(parsing: desk.decide(Array(line.utf8), number: 7).report.json)
    }

    @Test(arguments: [
        ("{", "badLine", "line 1, column 2: the JSON ends too early"),
        ("[]", "badLine", "it is no JSON object"),
        (#"{"case": "refunds/T-1"}"#, "badLine", "one of `label` and `abstain` must stand"),
        (#"{"case": "refunds/T-1", "label": "deny", "abstain": "pass"}"#, "badLine", "one of"),
        (#"{"case": "T-1", "label": "deny"}"#, "badLine", "`case` must be workflow/id"),
        (#"{"case": "refunds/T-1", "lable": "deny"}"#, "badLine", "unknown member lable"),
        (#"{"case": "refunds/T-1", "label": "deny", "label": "deny"}"#, "badLine", "stands twice"),
        (#"{"case": "refunds/T-1", "abstain": "bored"}"#, "unknownKind", "bored"),
        (#"{"case": "refunds/T-1", "label": "dny"}"#, "unknownLabel", "no label dny"),
        (#"{"case": "refunds/T-8", "label": "deny"}"#, "unknownCase", "no case refunds/T-8"),
        (
            #"{"case": "refunds/T-1", "label": "deny", "revision": "sha256:0"}"#, "badLine",
            "sha256:"
        ),
    ])
    func `refuses a bad line with its number and a code`(
        line: String,
        code: String,
        says: String
    ) throws {
        let laptop = try Laptop()
        try laptop.receives("T-1")
        let result = try decide(laptop.desk, line)
        #expect(result["line"] == 7)
        #expect(result["error"]?["code"]?.string == code)
        #expect(result["error"]?["message"]?.string?.contains(says) == true, "\(result.canonical)")
        #expect(try laptop.desk.historyReports(of: nil).isEmpty)
    }

    @Test func `saves the same key and content once, and refuses other content`() throws {
        let laptop = try Laptop()
        try laptop.receives("T-1")
        let line = #"{"case": "refunds/T-1", "label": "deny", "key": "a"}"#
        let first = try decide(laptop.desk, line)
        let second = try decide(laptop.desk, line)
        let third = try decide(
            laptop.desk,
            #"{"case": "refunds/T-1", "label": "approve", "key": "a"}"#
        )
        #expect(first["duplicate"] == false)
        #expect(second["duplicate"] == true)
        #expect(first["uid"] == second["uid"])
        #expect(third["error"]?["code"] == "keyReused")
        #expect(try laptop.desk.historyReports(of: nil).count == 1)
    }

    @Test func `patches the output of the AI where there is one to see`() throws {
        let laptop = try Laptop()
        try laptop.receives("T-1")
        try laptop.receives("T-2", blind: true)
        func line(_ id: String, _ path: String) -> String {
            #"{"case": "refunds/\#(id)", "label": "approve", "patch": [{"op": "replace", "#
                + #""path": "\#(path)", "value": "partial"}]}"#
        }
        #expect(try decide(laptop.desk, line("T-1", "/decison"))["error"]?["code"] == "badOutput")
        #expect(try decide(laptop.desk, line("T-2", "/decision"))["error"]?["code"] == "badOutput")
        #expect(try decide(laptop.desk, line("T-1", "/decision"))["kind"] == "answer")
        let verdict = try #require(
            try laptop.desk.find("refunds/T-1").dossier.verdicts.last?.value
        )
        #expect(verdict.output == ["decision": "partial", "secret": "SECRET-OUTPUT"])
        #expect(verdict.countedAs == .amend)
    }

    @Test func `refuses an answer to a revision that is no longer the present one`() throws {
        let laptop = try Laptop()
        try laptop.receives("T-1")
        _ = try laptop.desk.show("refunds/T-1", columns: 80, isPlain: false)
        try laptop.receives("T-1", amount: 900)
        let line = #"{"case": "refunds/T-1", "label": "deny"}"#
        #expect(try decide(laptop.desk, line)["error"]?["code"] == "revisionChanged")
        _ = try laptop.desk.show("refunds/T-1", columns: 80, isPlain: false)
        #expect(try decide(laptop.desk, line)["kind"] == "answer")
    }

    @Test func `counts in the delta what the log says`() throws {
        let laptop = try Laptop()
        let names = try ["T-1", "T-2", "T-3"].map { try laptop.receives($0) }
        let desk = laptop.desk
        for (name, label) in zip(names, ["approve", "deny", "deny"]) {
            _ = try desk.act(Act(.label(label), via: .decide), on: name)
        }
        _ = try desk.act(Act(.label("approve"), via: .decide), on: names[1])
        _ = try desk.undo(names[2])
        let scope = Stamps.Scope(
            workflow: "refunds",
            modelVersion: "m@1",
            segment: "",
            policyEpoch: 1
        )
        var expected = Tally()
        expected.add(2, to: Tally.Bucket(bin: 86, k: 1, blind: false, kind: .agree), in: scope)
        #expect(try desk.replica.tally() == expected)
        let deltas = try desk.replica.unsentDeltas { _ in [] }
        #expect(deltas.map(\.counts) == [expected.counts[scope]])
        #expect(deltas.map(\.through) == [6])
    }
}
