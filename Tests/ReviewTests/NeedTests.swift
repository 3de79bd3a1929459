import Review
import TestSupport
import Testing

@Suite("Whom a case still has to ask")
struct NeedTests {
    private func need(_ story: Story) -> String {
        guard let need = story.dossier.need else { return "nobody" }
        return "\(need.count) \(need.authority.rawValue), not \(need.excluded.sorted())"
    }

    @Test func `as many as the terms ask for, without those who answered`() {
        var story = Story(opinions: 2)
        #expect(need(story) == "2 reviewer, not []")
        story.says("anna", "deny")
        #expect(need(story) == #"1 reviewer, not ["anna"]"#)
        story.abstains("ben", .pass)
        #expect(need(story) == #"1 reviewer, not ["anna", "ben"]"#)
    }

    @Test func `nobody while it waits for context or for one's own word`() {
        var story = Story()
        story.abstains("anna", .needsContext)
        #expect(need(story) == "nobody")
        story = Story()
        story.says("anna", "deny")
        story.says("anna", "approve")
        #expect(need(story) == "nobody")
    }

    @Test func `a senior where the sides differ, or where someone may not decide`() {
        var story = Story(opinions: 2)
        story.says("anna", "deny")
        story.says("ben", "approve")
        #expect(need(story) == #"1 senior, not ["anna", "ben"]"#)
        story = Story()
        story.abstains("anna", .outOfAuthority)
        #expect(need(story) == #"1 senior, not ["anna"]"#)
    }

    @Test func `a third with the authority that the terms ask for`() {
        for authority in Authority.allCases {
            var story = Story(opinions: 2, adjudicate: .third, authority: authority)
            story.says("anna", "deny")
            story.says("ben", "approve")
            #expect(need(story) == #"1 \#(authority.rawValue), not ["anna", "ben"]"#)
        }
    }

    @Test func `nobody after the seal`() {
        var story = Story()
        story.says("anna", "deny")
        story.seals()
        story.says("ben", "approve")
        #expect(need(story) == "nobody")
    }
}
