import Review
import TestSupport
import Testing

/// Rule 8 of `review.md`: what comes after the seal, and what another round makes of it.
@Suite("After the seal")
struct OutcomeSealTests {
    @Test func `nothing changes the outcome, and everything late is listed as what it is`() {
        var story = Story()
        let anna = story.says("anna", "approve")
        let old = story.revision
        story.seals()
        let sealed = story.dossier.outcome?.bytes
        story.says("ben", "approve", output: Sample.output)
        story.says("cleo", "deny")
        story.abstains("dora", .pass)
        story.abstains("emil", .unreviewable)
        story.retracts("anna", [anna])
        story.says("finn", "deny", on: Sample.digest(1))

        #expect(story.revision == old)
        #expect(story.dossier.outcome?.bytes == sealed)
        #expect(
            story.statuses == "anna1 counted, anna2 lateRetract, ben1 lateConcurring, "
                + "cleo1 lateDissent, dora1 abstained, emil1 lateDissent, finn1 stale"
        )
    }

    @Test func `what the seal considered keeps its status`() {
        var story = Story()
        let anna = story.says("anna", "approve")
        story.says("anna", "deny", replacing: [anna])
        story.abstains("ben", .pass)
        let cleo = story.says("cleo", "deny")
        story.retracts("cleo", [cleo])
        story.seals()
        #expect(
            story.statuses == "anna1 superseded, anna2 counted, ben1 abstained, "
                + "cleo1 retracted, cleo2 counted"
        )
    }

    @Test
    func `in another round all heads count, early and late, and the releases of the first do not`()
    {
        var story = Story(adjudicate: .third)
        let anna = story.says("anna", "approve")
        story.seals()
        let release = story.releases(to: "anna")
        story.says("anna", "deny", replacing: [anna], knowing: [release])
        story.says("ben", "deny")
        #expect(story.amounts == "decided approve by single: anna1")

        story.reopens()
        #expect(story.amounts == "decided deny by agreement: anna2 ben1; superseded: anna1")
        #expect(story.dossier.outcome?.round == 2)

        let second = story.releases(to: "ben")
        story.says("ben", "approve", knowing: [second])
        #expect(
            story.amounts
                == "decided deny by agreement: anna2 ben1; afterRelease: ben2; superseded: anna1"
        )
    }
}
