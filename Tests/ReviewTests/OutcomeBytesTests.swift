import Review
import TestSupport
import Testing

/// Rule 9 of `review.md`, and the bytes of `formats.md`, payloads.
@Suite("What an outcome says")
struct OutcomeBytesTests {
    @Test func `the facts it rests on: case, proposal, terms, and the releases that were known`() {
        var story = Story(opinions: 2)
        let anna = story.says("anna", "approve")
        story.says("ben", "deny")
        let known = story.releases(to: "anna")
        story.releases(to: "ben")
        story.says("anna", "deny", replacing: [anna], knowing: [known])
        #expect(story.tell(story.dossier.outcome?.facts ?? []) == "case1 proposal1 terms1 release1")
    }

    @Test func `reads back as it was written`() throws {
        var story = Story(opinions: 2)
        story.says("anna", "approve", output: ["amount": 2])
        story.says("ben", "deny")
        let outcome = try #require(story.dossier.outcome)
        let read = try Outcome(json: JSON(parsing: outcome.bytes))
        #expect(read.bytes == outcome.bytes)
        #expect(read == outcome)
    }

    @Test func `there is none without terms`() {
        var dossier = Dossier()
        for case .record(let entered) in Story().acts { dossier.add(entered) }
        #expect(dossier.outcome == nil)
    }

    @Test func `who stands where is data`() throws {
        var story = Story(opinions: 2)
        let anna = story.says("anna", "approve")
        let ben = story.abstains("ben", .unreviewable)
        let why = try #require(story.dossier.outcome?.why)
        #expect(
            why == [
                "needed": 2, "opinions": 2,
                "sides": [
                    ["label": "approve", "verdicts": [anna.json]],
                    ["label": .null, "verdicts": [ben.json]],
                ],
            ]
        )
    }
}
