import Review
import TestSupport
import Testing

@Suite("What a dossier amounts to")
struct KnownTests {
    @Test func `is computed anew with every word that is added, and not in a copy of before`() {
        var story = Story(opinions: 2)
        var dossier = story.dossier
        #expect(dossier.outcome?.waitingFor == .opinions)
        story.says("anna", "approve")
        dossier.add(story.dossier.verdicts[0])
        let before = dossier
        #expect(dossier.outcome?.counted.count == 1 && dossier.answered == ["anna"])
        story.says("ben", "approve")
        dossier.add(story.dossier.verdicts[1])
        #expect(dossier.outcome?.state == .decided && dossier.answered == ["anna", "ben"])
        #expect(before.outcome?.state == .waiting && before.answered == ["anna"])
        #expect(dossier.outcome == story.dossier.outcome && dossier == story.dossier)
    }
}
