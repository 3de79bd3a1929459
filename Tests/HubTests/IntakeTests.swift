import Hub
import HubStore
import Review
import Sync
import Testing

@Suite("Cases that come in")
struct IntakeTests {
    @Test(arguments: [
        ("{", "badJSON"),
        (#"{"workflow": "refunds", "workflow": "refunds"}"#, "badJSON"),
        (refund("T-1", #", "attributes": {"n": 9007199254740993}"#), "badJSON"),
        (refund("T-1", #", "attributes": {"n": NaN}"#), "badJSON"),
        (#"{"workflow": "refunds", "id": "T-1", "model": {"id": "m"}}"#, "badCase"),
        (#"{"workflow": "refunds", "id": "a/b", "output": 1, "model": {"id": "m"}}"#, "badCase"),
        (
            #"{"workflow": "refunds", "id": "T", "output": 1, "confidence": 1.5, "model": {"id": "m"}}"#,
            "badCase"
        ),
        (
            #"{"workflow": "refund", "id": "T", "output": 1, "model": {"id": "m"}}"#,
            "unknownWorkflow"
        ),
        (refund("T-1", #", "title": "\#(String(repeating: "x", count: 1 << 20))""#), "tooLarge"),
    ])
    func `a bad line says why`(line: String, code: String) throws {
        let answer = try TemporaryHub().intake(line)
        #expect(answer["line"] == 1)
        #expect(answer["error"]?["code"] == .string(code))
        #expect(answer["error"]?["message"]?.string?.isEmpty == false)
        #expect(answer["error"]?["hint"]?.string?.isEmpty == false)
    }

    @Test func `bytes that are not UTF-8 are refused`() throws {
        let hub = try TemporaryHub()
        var bytes = Array(refund("T-1").utf8)
        bytes[bytes.count / 2] = 0xFF
        let (answers, refused) = try hub.office.intake(lines: [CaseLine(number: 7, bytes: bytes)])
        #expect(refused == 1)
        #expect(try JSON(parsing: answers[0].json)["line"] == 7)
        #expect(try JSON(parsing: answers[0].json)["error"]?["code"] == "badJSON")
    }

    @Test func `a case within the limit is taken whole`() throws {
        let hub = try TemporaryHub()
        let room = HubOffice.caseLimit - refund("T-1", #", "title": """#).utf8.count
        let title = String(repeating: "x", count: room)
        let line = refund("T-1", #", "title": "\#(title)""#)
        #expect(line.utf8.count == HubOffice.caseLimit)
        #expect(try hub.intake(line)["disposition"] == "hold")
        #expect(try hub.show("refunds/T-1")["title"] == .string(title))
    }

    @Test func `a case that its policy quotes beyond what a node takes is refused`() throws {
        let label = String(repeating: "x", count: 600_000)
        let hub = try TemporaryHub()
        let line = """
            {"workflow": "refunds", "id": "T-1", "output": 1, "label": "\(label)", \
            "model": {"id": "m"}}
            """
        #expect(try hub.intake(line)["error"]?["code"] == "tooLarge")
        #expect(try hub.rows { try hub.office.listCases(of: nil, $0) }.isEmpty)
        #expect(try hub.intake(refund("T-1"))["disposition"] == "hold")
        #expect(try hub.verification()["failures"] == [])
    }

    @Test func `a refused line stops no other, across batches`() throws {
        let hub = try TemporaryHub()
        let lines = (1...700).map { number in
            CaseLine(
                number: number,
                bytes: Array((number.isMultiple(of: 100) ? "{" : refund("T-\(number)")).utf8)
            )
        }
        let (answers, refused) = try hub.office.intake(lines: lines)
        #expect(answers.count == 700 && refused == 7)
        let rows = try hub.rows { try hub.office.listCases(of: "refunds", $0) }
        #expect(rows.count == 693)
        #expect(try JSON(parsing: answers[99].json)["line"] == 100)
        #expect(try JSON(parsing: answers[100].json)["case"] == "refunds/T-101")
    }

    @Test func `the same case again gets the same answer and changes nothing`() throws {
        let hub = try TemporaryHub()
        let first = try hub.intake(refund("T-1"))
        let before = try hub.office.store.read(Wanted()).hubSeq
        hub.wait(minutes: 60)
        #expect(try hub.intake(refund("T-1", #", "action": {"state": "proposed"}"#)) == first)
        #expect(try hub.office.store.read(Wanted()).hubSeq == before)
        #expect(first["revision"]?.string?.hasPrefix("sha256:") == true)
    }

    @Test func `other content is a new revision, until the outcome is sealed`() throws {
        let hub = try TemporaryHub()
        let first = try hub.intake(refund("T-1"))
        let second = try hub.intake(refund("T-1", #", "subject": "customer:1""#))
        #expect(first["revision"] != second["revision"])
        #expect(try hub.show("refunds/T-1")["revision"] == second["revision"])

        _ = try hub.office.adjudicate("refunds/T-1", label: "deny", by: "cleo", because: "x")
        _ = try hub.office.claim("refunds/T-1", outcome: nil, because: "paid out")
        let seals = try hub.office.store.entries(
            after: 0,
            kinds: [.seal],
            caseKey: nil,
            limit: 2
        )
        #expect(try seals.map { try $0.document.content()["because"] } == ["paid out"])
        let third = try hub.intake(refund("T-1", #", "subject": "customer:2""#))
        #expect(third["error"]?["code"] == "sealed")
    }

    @Test func `people are asked, also those who come later`() throws {
        let hub = try TemporaryHub(reviewers: [])
        _ = try hub.intake(refund("T-1"))
        #expect(try hub.rows { try hub.office.listCases(of: nil, $0) }[0]["open"] == [])
        _ = try hub.office.addReviewer("anna", workflows: ["refunds"], role: "reviewer")
        _ = try hub.office.addReviewer("dora", workflows: ["other"], role: "reviewer")
        _ = try hub.office.addReviewer("ben", workflows: nil, role: "senior")
        #expect(
            try hub.rows { try hub.office.listCases(of: nil, $0) }[0]["open"] == ["anna", "ben"]
        )
    }
}
