import Review
import TestSupport
import Testing

/// `formats.md`, counting: what a case adds to a recount.
@Suite("What a case contributes")
struct ContributionTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// The class and whether it is blind; nil where the case adds nothing.
        let expected: (kind: VerdictClass, blind: Bool)?
        let story: Story

        init(
            _ description: String,
            _ expected: (kind: VerdictClass, blind: Bool)?,
            opinions: Int = 1,
            blind: Bool = false,
            _ tell: (inout Story) -> Void
        ) {
            testDescription = description
            self.expected = expected
            var story = Story(opinions: opinions, blind: blind)
            tell(&story)
            self.story = story
        }
    }

    @Test(arguments: [
        Row("nothing before the seal", nil) { $0.says("anna", "deny") },
        Row("the AI's label", (.agree, false)) {
            $0.says("anna", "approve")
            $0.seals()
        },
        Row("the AI's label and another output", (.amend, false)) {
            $0.says("anna", "approve", output: ["amount": 2])
            $0.seals()
        },
        Row("another label", (.overturn, false)) {
            $0.says("anna", "deny")
            $0.seals()
        },
        Row("nobody could decide it", (.abstain, false)) {
            $0.abstains("anna", .unreviewable)
            $0.seals()
        },
        Row("a dispute adds nothing, sealed or not", nil) {
            $0.says("anna", "deny")
            $0.says("ben", "approve")
            $0.seals()
        },
        Row("one blind opinion, by its blind label", (.overturn, true), blind: true) {
            $0.says("anna", "approve", blindly: "deny")
            $0.seals()
        },
        Row("two with equal blind labels", (.agree, true), opinions: 2, blind: true) {
            $0.says("anna", "deny", blindly: "approve")
            $0.says("ben", "deny", blindly: "approve")
            $0.seals()
        },
        Row("two with other blind labels", (.overturn, false), opinions: 2, blind: true) {
            $0.says("anna", "deny", blindly: "approve")
            $0.says("ben", "deny", blindly: "deny")
            $0.seals()
        },
        Row("one blind and one not", (.overturn, false), opinions: 2, blind: true) {
            $0.says("anna", "deny", blindly: "deny")
            $0.says("ben", "deny")
            $0.seals()
        },
        Row("a ruling counts alone, and was not blind", (.agree, false), opinions: 2, blind: true) {
            let anna = $0.says("anna", "deny", blindly: "deny")
            let ben = $0.says("ben", "partial", blindly: "deny")
            $0.says("admin", "approve", considering: [anna, ben], viaHub: true)
            $0.seals()
        },
        Row("the highest sealed round", (.overturn, false)) {
            let anna = $0.says("anna", "approve")
            $0.seals()
            $0.reopens()
            $0.says("anna", "deny", replacing: [anna])
            $0.seals()
        },
        Row("while a round is open, that of the one before", (.agree, false)) {
            let anna = $0.says("anna", "approve")
            $0.seals()
            $0.reopens()
            $0.says("anna", "deny", replacing: [anna])
        },
        Row("what comes late changes nothing", (.agree, false)) {
            $0.says("anna", "approve")
            $0.seals()
            $0.says("ben", "deny")
        },
    ])
    func `worked by hand`(_ row: Row) {
        var expected = Tally()
        if let count = row.expected {
            expected.add(
                1,
                to: Tally.Bucket(bin: 85, k: 1, blind: count.blind, kind: count.kind),
                in: row.story.stamps.scope
            )
        }
        #expect(row.story.dossier.contribution == expected)
    }

    /// **DeltasRecount**: Σ tallies + Σ (contribution − share) = a recount from scratch.
    @Test func `tallies and compensations add up to a recount`() {
        for number in 0..<200 {
            let seed = RunSeed.seed(number)
            var random = SplitMix64(seed: seed)
            var stories: [Story] = []
            for id in 0..<4 {
                var story = Story.random(&random, "T-\(id)", length: random.below(12))
                if random.chance(2, in: 3) { story.seals() }
                stories.append(story)
            }
            let people = ["anna", "ben", "cleo", "dora"]
            let tallies = people.map { who in
                Tally(ofLog: stories.flatMap { $0.log(of: who) })
            }
            let compensations = stories.map { story in
                story.dossier.contribution
                    - people.map { Tally(ofLog: story.log(of: $0)) }.reduce(Tally(), +)
            }
            for (who, tally) in zip(people, tallies) {
                let log = LogName(device: who, epoch: "1.0000000000000000")
                let byCase = stories.map { $0.dossier.tally(ofLog: log) }.reduce(Tally(), +)
                #expect(byCase == tally, "\(RunSeed.replay(seed))")
            }
            let recount = stories.map(\.dossier.contribution).reduce(Tally(), +)
            #expect(
                tallies.reduce(Tally(), +) + compensations.reduce(Tally(), +) == recount,
                "\(RunSeed.replay(seed))"
            )
        }
    }
}
