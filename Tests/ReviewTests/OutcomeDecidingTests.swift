import Review
import TestSupport
import Testing

/// Rules 4 and 5 of `review.md`, and what is waited for.
@Suite("What opinions amount to")
struct OutcomeDecidingTests {
    struct Table: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let expected: String
        let story: Story

        init(
            _ description: String,
            _ expected: String,
            opinions: Int = 1,
            adjudicate: Terms.Adjudication = .third,
            authority: Authority = .reviewer,
            _ tell: (inout Story) -> Void
        ) {
            testDescription = description
            self.expected = expected
            var story = Story(opinions: opinions, adjudicate: adjudicate, authority: authority)
            tell(&story)
            self.story = story
        }
    }

    @Test(arguments: [
        Table("nobody has answered", "waiting for opinions") { _ in },
        Table("only seniors may answer", "waiting for senior", authority: .senior) { _ in },
        Table("one of two", "waiting for opinions: anna1", opinions: 2) {
            $0.says("anna", "deny")
        },
        Table("someone passed", "waiting for reviewer; abstained: anna1") {
            $0.abstains("anna", .pass)
        },
        Table("someone is a party", "waiting for reviewer; abstained: anna1") {
            $0.abstains("anna", .conflictOfInterest)
        },
        Table("someone may not", "waiting for senior; abstained: anna1") {
            $0.abstains("anna", .outOfAuthority)
        },
        Table("something is missing", "waiting for context; abstained: anna1") {
            $0.abstains("anna", .needsContext)
        },
        Table("context comes before a senior", "waiting for context; abstained: anna1 ben1") {
            $0.abstains("anna", .outOfAuthority)
            $0.abstains("ben", .needsContext)
        },
        Table(
            "oneself comes before context",
            "waiting for self; abstained: ben1; selfConflict: anna1 anna2",
            opinions: 2
        ) {
            $0.says("anna", "deny")
            $0.says("anna", "approve")
            $0.abstains("ben", .needsContext)
        },
        Table(
            "a dispute waits for context too",
            "disputed for context: anna1 ben1; abstained: cleo1"
        ) {
            $0.says("anna", "deny")
            $0.says("ben", "approve")
            $0.abstains("cleo", .needsContext)
        },
        Table(
            "and for a senior, where the third may not decide",
            "disputed for senior: anna1 ben1; abstained: cleo1"
        ) {
            $0.says("anna", "deny")
            $0.says("ben", "approve")
            $0.abstains("cleo", .outOfAuthority)
        },
    ])
    func `too few, and what is waited for`(_ table: Table) {
        #expect(table.story.amounts == table.expected)
    }

    @Test(arguments: [
        Table("one", "decided deny by single: anna1") { $0.says("anna", "deny") },
        Table("two equal", "decided deny by agreement: anna1 ben1", opinions: 2) {
            $0.says("anna", "deny")
            $0.says("ben", "deny")
        },
        Table("one more than asked for", "decided deny by agreement: anna1 ben1") {
            $0.says("anna", "deny")
            $0.says("ben", "deny")
        },
        Table("an answer and a pass", "decided deny by single: ben1; abstained: anna1") {
            $0.abstains("anna", .pass)
            $0.says("ben", "deny")
        },
        Table("nobody could, says one", "unreviewable by single: anna1") {
            $0.abstains("anna", .unreviewable)
        },
        Table("nobody could, say both", "unreviewable by agreement: anna1 ben1", opinions: 2) {
            $0.abstains("anna", .unreviewable)
            $0.abstains("ben", .unreviewable)
        },
        Table("an answer and nobody could", "disputed for third: anna1 ben1", opinions: 2) {
            $0.abstains("anna", .unreviewable)
            $0.says("ben", "deny")
        },
        Table(
            "two that differ",
            "disputed for senior: anna1 ben1",
            opinions: 2,
            adjudicate: .senior
        ) {
            $0.says("anna", "approve")
            $0.says("ben", "deny")
        },
        Table("a third makes a majority", "decided deny by majority: anna1 ben1 cleo1", opinions: 2)
        {
            $0.says("anna", "approve")
            $0.says("ben", "deny")
            $0.says("cleo", "deny")
        },
        Table("three sides are no majority", "disputed for third: anna1 ben1 cleo1", opinions: 2) {
            $0.says("anna", "approve")
            $0.says("ben", "deny")
            $0.says("cleo", "partial")
        },
        Table("two against two is a tie", "disputed for third: anna1 ben1 cleo1 dora1", opinions: 2)
        {
            $0.says("anna", "approve")
            $0.says("ben", "deny")
            $0.says("cleo", "deny")
            $0.says("dora", "approve")
        },
        Table(
            "two of five are no majority",
            "disputed for third: anna1 ben1 cleo1 dora1 emil1",
            opinions: 2
        ) {
            $0.says("anna", "deny")
            $0.says("ben", "deny")
            $0.says("cleo", "partial")
            $0.says("dora", "approve")
            $0.abstains("emil", .unreviewable)
        },
        Table(
            "where three were asked, somebody else is asked before two of them decide",
            "disputed for third: anna1 ben1 cleo1",
            opinions: 3
        ) {
            $0.says("anna", "deny")
            $0.says("ben", "deny")
            $0.says("cleo", "approve")
        },
        Table(
            "a majority may find that nobody could",
            "unreviewable by majority: anna1 ben1 cleo1",
            opinions: 2
        ) {
            $0.abstains("anna", .unreviewable)
            $0.abstains("ben", .unreviewable)
            $0.says("cleo", "approve")
        },
    ])
    func `enough, and what they say`(_ table: Table) {
        #expect(table.story.amounts == table.expected)
    }

    // MARK: Outputs

    @Test(arguments: [
        Table("absent is absent", "decided deny by agreement: anna1 ben1", opinions: 2) {
            $0.says("anna", "deny")
            $0.says("ben", "deny")
        },
        Table(
            "absent is the AI's, under its label",
            "decided approve by agreement: anna1 ben1",
            opinions: 2
        ) {
            $0.says("anna", "approve")
            $0.says("ben", "approve", output: ["amount": 1.0, "decision": "approve"])
        },
        Table("but not under another", "disputed for third: anna1 ben1", opinions: 2) {
            $0.says("anna", "deny")
            $0.says("ben", "deny", output: Sample.output)
        },
        Table("an edited output is another side", "disputed for third: anna1 ben1", opinions: 2) {
            $0.says("anna", "approve")
            $0.says("ben", "approve", output: ["amount": 2, "decision": "approve"])
        },
        Table(
            "equal as canonical JSON, whatever the order",
            #"decided deny {"a":1,"b":[2]} by agreement: anna1 ben1"#,
            opinions: 2
        ) {
            $0.says("anna", "deny", output: ["a": 1, "b": [2.0]])
            $0.says("ben", "deny", output: ["b": [2], "a": 1.0])
        },
        Table("null is an output", "disputed for third: anna1 ben1", opinions: 2) {
            $0.says("anna", "deny")
            $0.says("ben", "deny", output: .null)
        },
    ])
    func `sides are label and output`(_ table: Table) {
        #expect(table.story.amounts == table.expected)
    }

    @Test func `an output that nobody supplied is null, the AI's stands under its label`() {
        var story = Story()
        let anna = story.says("anna", "deny")
        #expect(story.dossier.outcome?.output == nil)
        story.says("anna", "approve", replacing: [anna])
        #expect(story.dossier.outcome?.output == Sample.output)
    }
}
