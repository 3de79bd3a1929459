import Review
import TestSupport
import Testing

@Suite("Counting the verdicts of one log")
struct TallyTests {
    private func tally(_ story: Story, of reviewer: String = "anna") -> Tally {
        Tally(ofLog: story.log(of: reviewer))
    }

    private func counts(_ rows: [(bin: Int?, k: Int, blind: Bool, kind: VerdictClass)]) -> Tally {
        rows.reduce(into: Tally()) { tally, row in
            let bucket = Tally.Bucket(bin: row.bin, k: row.k, blind: row.blind, kind: row.kind)
            tally.add(1, to: bucket, in: Story().stamps.scope)
        }
    }

    @Test func `a verdict counts once, under its case's stamps`() {
        var story = Story(bin: 7, k: 20)
        story.says("anna", "deny")
        #expect(tally(story) == counts([(7, 20, false, .overturn)]))
    }

    @Test func `the last one of a case counts`() {
        var story = Story()
        let first = story.says("anna", "deny")
        story.says("anna", "approve", replacing: [first])
        #expect(tally(story) == counts([(85, 1, false, .agree)]))
    }

    @Test func `what a retraction names does not, and what it replaced counts again in its log`() {
        var story = Story()
        let first = story.says("anna", "deny")
        let second = story.says("anna", "approve", replacing: [first])
        story.retracts("anna", [second])
        #expect(tally(story) == counts([(85, 1, false, .overturn)]))
        story.retracts("anna", [first])
        #expect(tally(story) == Tally())
    }

    @Test func `each revision counts, and so does an abstention`() {
        var story = Story()
        story.says("anna", "approve", output: ["amount": 2])
        story.revises()
        story.abstains("anna", .pass)
        #expect(tally(story) == counts([(85, 1, false, .amend), (85, 1, false, .abstain)]))
    }

    @Test func `of a blind review the first label counts, whatever the last`() {
        var story = Story(blind: true, bin: nil)
        story.says("anna", "approve", blindly: "deny")
        #expect(tally(story) == counts([(nil, 1, true, .overturn)]))
    }

    @Test func `after erasure an act stands where what it replaces or takes back did`() {
        var story = Story()
        let first = story.says("anna", "deny")
        let second = story.says("anna", "approve", replacing: [first])
        let third = story.says("anna", "deny", replacing: [second])
        story.retracts("anna", [third])
        story.says("anna", "approve", output: ["amount": 2])
        let log = story.log(of: "anna")
        for count in 2...5 {
            let acts = log.prefix(count).enumerated().compactMap { place, said in
                place < 2
                    ? TallyAct(said.uid, said.statement)?.nameless(key: "k1", revision: 0)
                    : TallyAct(late: said.uid, said.statement, key: "k1")
            }
            #expect(Tally(ofLog: acts) == Tally(ofLog: Array(log.prefix(count))))
        }
    }

    @Test func `a counter that comes back to zero is gone`() {
        let one = counts([(85, 1, false, .agree)])
        #expect(one - one == Tally())
        #expect((one + one - one) == one)
    }

    @Test func `reads back as it was written`() throws {
        let tally = counts([
            (nil, 1, true, .overturn), (85, 20, false, .agree), (0, 1, false, .amend),
        ])
        #expect(try Tally(json: tally.json) == tally)
        #expect(
            tally.json[0]?["counts"] == [[-1, 1, 1, 1, 1], [0, 1, 0, 2, 1], [85, 20, 0, 0, 1]]
        )
    }
}

extension Story {
    /// What a reviewer said, as one log holds it.
    func log(of reviewer: String) -> [(uid: Digest, statement: Statement)] {
        acts.compactMap { act in
            switch act {
            case .verdict(let entered) where entered.value.reviewer == reviewer && !entered.byHub:
                (entered.uid, .verdict(entered.value))
            case .retraction(let entered) where entered.value.reviewer == reviewer:
                (entered.uid, .retraction(entered.value))
            default: nil
            }
        }
    }
}

extension JSON {
    fileprivate subscript(index: Int) -> JSON? { array?[index] }
}
