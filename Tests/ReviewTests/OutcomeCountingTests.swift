import Review
import TestSupport
import Testing

/// Rules 1 to 3 of `review.md`: whose words count.
@Suite("Which verdicts count")
struct OutcomeCountingTests {
    // MARK: Own words

    @Test func `a verdict that its author replaced does not count`() {
        var story = Story()
        let first = story.says("anna", "approve")
        story.says("anna", "deny", replacing: [first])
        #expect(story.amounts == "decided deny by single: anna2; superseded: anna1")
    }

    @Test func `nor does it when its successor is retracted`() {
        var story = Story()
        let first = story.says("anna", "approve")
        let second = story.says("anna", "deny", replacing: [first])
        story.retracts("anna", [second])
        #expect(story.amounts == "waiting for opinions; retracted: anna2; superseded: anna1")
    }

    @Test func `a retracted verdict does not count`() {
        var story = Story()
        let first = story.says("anna", "approve")
        story.says("ben", "deny")
        story.retracts("anna", [first])
        #expect(story.amounts == "decided deny by single: ben1; retracted: anna1")
    }

    @Test func `nobody replaces or retracts another's verdict`() {
        var story = Story(opinions: 2)
        let anna = story.says("anna", "approve")
        story.says("ben", "approve", replacing: [anna])
        story.retracts("cleo", [anna])
        #expect(story.amounts == "decided approve by agreement: anna1 ben1")
    }

    // MARK: Two devices

    @Test func `equal answers from two devices of one person count once, as the smaller uid`() {
        var story = Story(opinions: 2)
        story.says("anna", "approve")
        story.says("anna", "approve", output: Sample.output)
        #expect(story.amounts == "waiting for opinions: anna1; superseded: anna2")
    }

    @Test func `different ones are a conflict of the person with themselves, and neither counts`() {
        var story = Story()
        story.says("anna", "approve")
        story.says("anna", "deny")
        #expect(story.amounts == "waiting for self; selfConflict: anna1 anna2")
    }

    @Test func `it takes three to conflict where two of them agree`() {
        var story = Story()
        story.says("anna", "approve")
        story.says("anna", "deny")
        story.says("anna", "approve")
        story.says("ben", "approve")
        #expect(story.amounts == "decided approve by single: ben1; selfConflict: anna1 anna2 anna3")
    }

    @Test func `naming one of the two does not settle the conflict, naming both does`() {
        var story = Story()
        let first = story.says("anna", "approve")
        let second = story.says("anna", "deny")
        let third = story.says("anna", "partial", replacing: [first])
        #expect(
            story.amounts == "waiting for self; selfConflict: anna2 anna3; superseded: anna1"
        )
        story.says("anna", "deny", replacing: [second, third])
        #expect(story.amounts == "decided deny by single: anna4; superseded: anna1 anna2 anna3")
    }

    @Test func `an abstention yields to an answer of the same person`() {
        var story = Story()
        story.abstains("anna", .needsContext)
        story.says("anna", "deny")
        #expect(story.amounts == "decided deny by single: anna2; abstained: anna1")
    }

    @Test func `that nobody could decide it is an opinion, and conflicts with an answer`() {
        var story = Story()
        story.abstains("anna", .unreviewable)
        story.says("anna", "deny")
        #expect(story.amounts == "waiting for self; selfConflict: anna1 anna2")
    }

    // MARK: Other revisions

    @Test func `a verdict on an earlier revision is stale, and what it names stays`() {
        var story = Story()
        let old = story.revision
        let first = story.says("anna", "approve")
        story.revises()
        #expect(story.amounts == "waiting for opinions; stale: anna1")
        let second = story.says("anna", "deny", replacing: [first])
        story.says("anna", "approve", replacing: [second], on: old)
        #expect(story.amounts == "decided deny by single: anna2; stale: anna1 anna3")
    }

    // MARK: After the release

    @Test func `an answer that knew a release does not count, and what it names stays`() {
        var story = Story(opinions: 2, adjudicate: .third)
        let anna = story.says("anna", "approve")
        story.says("ben", "deny")
        let release = story.releases(to: "anna")
        story.says("anna", "deny", replacing: [anna], knowing: [release])
        #expect(story.amounts == "disputed for third: anna1 ben1; afterRelease: anna2")
    }

    @Test func `whoever it was released to`() {
        var story = Story(opinions: 2, adjudicate: .third)
        let anna = story.says("anna", "approve")
        let release = story.releases(to: "anna", showing: [anna])
        story.says("ben", "approve", knowing: [release])
        #expect(story.amounts == "waiting for opinions: anna1; afterRelease: ben1")
    }

    @Test func `nor does an abstention after it take an opinion back`() {
        var story = Story()
        let anna = story.says("anna", "approve")
        let release = story.releases(to: "anna")
        story.abstains("anna", .pass, replacing: [anna], knowing: [release])
        #expect(story.amounts == "decided approve by single: anna1; afterRelease: anna2")
    }

    @Test func `a retraction after the release still removes`() {
        var story = Story()
        let anna = story.says("anna", "approve")
        let release = story.releases(to: "anna")
        story.retracts("anna", [anna], knowing: [release])
        #expect(story.amounts == "waiting for opinions; retracted: anna1")
    }

    @Test func `a release that is not held makes nothing late`() {
        var story = Story()
        story.says("anna", "approve", knowing: [Sample.digest(7)])
        #expect(story.amounts == "decided approve by single: anna1")
    }
}
