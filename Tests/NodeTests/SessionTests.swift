import Node
import Replica
import Review
import Testing

@Suite("A reviewer's session")
struct SessionTests {
    @Test func `shows a case, saves the answer, and shows the next`() throws {
        let laptop = try Laptop()
        try laptop.receives("T-1")
        try laptop.receives("T-2", amount: 900)
        let session = laptop.session()

        #expect(
            try session.start(at: 0).lines == [
                "2 cases, none due within a day. ? for help.",
                "",
                "refunds/T-1                                          before the action · 2 to go",
                "Here because: amount 840 is over 500",
                "  Refund 840.00 EUR: SECRET-TITLE",
                "  input      My parcel came nine days late.",
                "  attributes amount 840",
                "  reasoning  1. SECRET-REASON",
                "  AI says    approve, 94 % sure",
                "  1 approve (AI)   2 deny   3 partial   s skip   x abstain   w why   ? help",
            ]
        )
        let reply = session.handle("refunds/T-1 2 over the limit", at: 5000)
        #expect(
            reply.lines.prefix(3) == [
                "saved: deny (the AI said approve). 2 waiting to sync. u undoes.",
                "",
                "refunds/T-2                                          before the action · 1 to go",
            ]
        )
        #expect(try session.summary() == "1 decided, 0 skipped, 0 abstained; 2 waiting to sync")
    }

    @Test func `shows what was said of cases like it, after the answer`() throws {
        let laptop = try Laptop()
        try laptop.receives("T-1")
        try laptop.receives("T-2")
        let session = laptop.session()
        _ = try session.start(at: 0)
        #expect(session.handle("p", at: 1).lines == ["p comes after an answer"])
        _ = session.handle("refunds/T-1 deny", at: 1)
        #expect(session.handle("p", at: 2).lines == ["no case like refunds/T-1 was answered here"])
        _ = session.handle("refunds/T-2 deny", at: 3)
        #expect(
            session.handle("p", at: 4).lines == [
                "  refunds/T-1  you: deny  100 % alike  Refund 840.00 EUR: SECRET-TITLE"
            ]
        )
    }

    @Test func `stays after the last case, so that a slip can be undone`() throws {
        let laptop = try Laptop()
        try laptop.receives("T-1")
        let session = laptop.session()
        _ = try session.start(at: 0)
        let reply = session.handle("refunds/T-1 approve", at: 1)
        #expect(reply.next == .prompt)
        #expect(reply.lines.last == "nothing more to review; u undoes, q ends")
        let undone = session.handle("u", at: 2)
        #expect(undone.lines.first == "undone: refunds/T-1 is open again. 3 waiting to sync.")
        #expect(undone.lines.contains { $0.hasPrefix("refunds/T-1 ") })
        #expect(session.handle("q", at: 3).next == .end)
    }

    @Test(arguments: [
        ("", [String]()),
        ("approve", ["not saved: in a pipe, name the case: `CASE ANSWER`"]),
        (
            "refunds/T-1 4",
            ["there is no label 4; nothing was saved", "the labels are approve, deny, partial"]
        ),
        ("refunds/T-1 dney", ["there is no label dney; nothing was saved", "did you mean deny?"]),
        (
            "refunds/T-9 deny",
            [
                "there is no case refunds/T-9 on this machine; nothing was saved",
                "did you mean refunds/T-1?",
            ]
        ),
        ("z", ["there is no command z; ? for help"]),
        (
            "x",
            [
                "x KIND, one of: pass, unreviewable, needs-context, out-of-authority, conflict-of-interest"
            ]
        ),
        ("c deny", ["nothing was answered yet"]),
        (
            "e {\"decision\": ",
            [
                "the edited output is not accepted (line 1, column 14: the JSON ends too early); nothing was saved",
                "correct the output and give the answer again",
            ]
        ),
    ])
    func `saves nothing for a line that is no answer`(line: String, lines: [String]) throws {
        let laptop = try Laptop()
        try laptop.receives("T-1")
        let session = laptop.session()
        _ = try session.start(at: 0)
        #expect(session.handle(line, at: 1).lines == lines)
        #expect(try laptop.desk.historyReports(of: nil).isEmpty)
    }

    @Test func `counts reading time only up to two minutes between keys`() throws {
        let laptop = try Laptop()
        let name = try laptop.receives("T-1")
        let session = laptop.session()
        _ = try session.start(at: 0)
        _ = session.handle("w", at: 30_000)
        _ = session.handle("refunds/T-1 deny", at: 30_000 + 3_600_000)
        let verdict = try #require(
            try laptop.desk.find(name.description).dossier.verdicts.first?.value
        )
        #expect(verdict.activeMilliseconds == 150_000)
        #expect(verdict.via == .session)
    }

    @Test func `edits the output of a free-form case before it is amended`() throws {
        let laptop = try Laptop()
        let name = try laptop.receives("T-1", accepts: true)
        let session = laptop.session()
        _ = try session.start(at: 0)
        #expect(
            session.handle("refunds/T-1 2", at: 1).lines == [
                "the edited output is not accepted (to amend, edit it: `e` in a session, --edit for `answer`); nothing was saved",
                "correct the output and give the answer again",
            ]
        )
        #expect(
            session.handle(#"e {"decision": "deny", "secret": "SECRET-OUTPUT"}"#, at: 2).lines == [
                #"  - decision: "approve""#, #"  + decision: "deny""#,
                "kept for your answer; nothing is saved yet",
            ]
        )
        _ = session.handle("refunds/T-1 2", at: 3)
        let verdict = try #require(
            try laptop.desk.find(name.description).dossier.verdicts.first?.value
        )
        #expect(verdict.label == "amend")
        #expect(verdict.output == ["decision": "deny", "secret": "SECRET-OUTPUT"])
        #expect(verdict.countedAs == .amend)
    }
}
