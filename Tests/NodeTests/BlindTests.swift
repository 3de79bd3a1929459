import Node
import Replica
import Review
import Testing

/// **BlindHolds** on the node: whatever a reviewer can type shows nothing of the AI's answer first.
@Suite("A blind case")
struct BlindTests {
    static let secrets = ["SECRET", "approve,", "(AI)", "93", "94 %", "0.9375", "937500"]

    private func everything(_ laptop: Laptop, _ session: Session) throws -> [String] {
        let desk = laptop.desk
        var shown = try desk.list(.all, workflow: nil).flatMap { [$0.json] + $0.lines }
        shown += try [desk.next(workflow: nil)].compactMap { $0 }.flatMap { [$0.json] + $0.lines }
        for report in try [
            desk.show("refunds/T-1", columns: 80, isPlain: false), desk.why("refunds/T-1"),
        ] { shown += [report.json] + report.lines }
        shown += try desk.historyReports(of: nil).flatMap { [$0.json] + $0.lines }
        shown += try desk.conflictReports().flatMap { [$0.json] + $0.lines }
        shown += try session.start(at: 0).lines
        for line in ["w", "v", "v output", "l", "/SECRET", "/approve", "o refunds/T-1", "e", "a 1"]
        {
            let reply = session.handle(line, at: 1)
            shown += reply.lines.filter { !$0.contains("nothing here holds") }
            if case .edit(let text) = reply.next { shown.append(text) }
        }
        return shown
    }

    @Test(arguments: [CaseRecord.Reveal.local, .hub])
    func `shows nothing of the AI before the answer`(reveal: CaseRecord.Reveal) throws {
        let laptop = try Laptop()
        try laptop.receives("T-1", blind: true, reveal: reveal)
        for line in try everything(laptop, laptop.session()) {
            for secret in Self.secrets { #expect(!line.contains(secret), "\(line)") }
        }
    }

    @Test func `shows it after, keeps the first label for ever, and undo changes nothing of that`()
        throws
    {
        let laptop = try Laptop()
        let name = try laptop.receives("T-1", blind: true)
        let desk = laptop.desk
        let first = try desk.act(Act(.label("deny"), via: .session), on: name)
        #expect(first.agrees == false)
        #expect(
            try desk.show("refunds/T-1", columns: 80, isPlain: false).json.contains("SECRET-OUTPUT")
        )
        _ = try desk.undo(name)
        let second = try desk.act(Act(.label("approve"), via: .session), on: name)
        #expect(second.agrees == true)
        let verdicts = try desk.find("refunds/T-1").dossier.verdicts.map(\.value)
        #expect(verdicts.map(\.label) == ["deny", "approve"])
        #expect(verdicts.map(\.blindLabel) == ["deny", "deny"])
        #expect(verdicts.map(\.countedAs) == [.overturn, .overturn])
        #expect(verdicts.map { $0.revealedAt != nil } == [false, true])
    }

    @Test func `counts nowhere while the AI's answer is with the hub`() throws {
        let laptop = try Laptop()
        let name = try laptop.receives("T-1", blind: true, reveal: .hub)
        let saved = try laptop.desk.act(Act(.label("deny"), via: .session), on: name)
        #expect(saved.agrees == nil)
        let verdict = try #require(
            try laptop.desk.find("refunds/T-1").dossier.verdicts.first?.value
        )
        #expect(verdict.countedAs == nil)
        #expect(verdict.stamps.bin == nil)
        #expect(try laptop.desk.replica.tally() == Tally())
    }
}
