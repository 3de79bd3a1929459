import Review
import TestSupport
import Testing

/// **OrderFree** and **SameSetSameState**: an outcome is a function of sets.
@Suite("The order of arrival")
struct OutcomeOrderTests {
    /// Every order of what was said after the case and its terms came.
    private func orders(_ story: Story) -> [[Story.Act]] {
        let start = Array(story.acts.prefix(3))
        return Array(story.acts.dropFirst(3)).permutations.map { start + $0 }
    }

    @Test func `no order of six acts changes a byte`() throws {
        var story = Story(opinions: 2)
        let anna = story.says("anna", "approve")
        let ben = story.says("ben", "deny")
        let first = story.says("sara", "deny")
        let release = story.releases(to: "sara", as: .senior, showing: [anna, ben])
        let second = story.says(
            "sara",
            "approve",
            replacing: [first],
            considering: [anna, ben],
            knowing: [release]
        )
        story.retracts("sara", [second])
        let expected = try #require(story.dossier.outcome?.bytes)
        let orders = orders(story)
        #expect(orders.count == 720)
        #expect(orders.allSatisfy { Story.dossier($0).outcome?.bytes == expected })
    }

    @Test(arguments: 0..<20)
    func `nor does any order of a random handful`(number: Int) throws {
        let seed = RunSeed.seed(number)
        var random = SplitMix64(seed: seed)
        let story = Story.random(&random, length: 4)
        let current = story.dossier.current?.uid
        let expected = try #require(story.dossier.outcome?.bytes)
        for order in orders(story) {
            let dossier = Story.dossier(order)
            // The order of revisions counts.
            guard dossier.current?.uid == current else { continue }
            #expect(dossier.outcome?.bytes == expected, "\(RunSeed.replay(seed)): \(story.acts)")
        }
    }

    @Test(arguments: 0..<50)
    func `nor do duplicates and batches of a long history`(number: Int) throws {
        let seed = RunSeed.seed(number)
        var random = SplitMix64(seed: seed)
        let story = Story.random(&random, length: 60)
        let records = story.acts.filter { if case .record = $0 { true } else { false } }
        let others = story.acts.filter { if case .record = $0 { false } else { true } }
        let expected = try #require(story.dossier.outcome?.bytes)
        for _ in 0..<5 {
            let twice = (others + random.some(of: others, 1, in: 2)).shuffled(using: &random)
            let dossier = Story.dossier(records + twice + records)
            #expect(dossier.outcome?.bytes == expected, "\(RunSeed.replay(seed))")
        }
    }

    @Test(arguments: 0..<10)
    func `the rules written a second time give the same outcomes`(batch: Int) throws {
        for number in 0..<600 {
            let seed = RunSeed.seed(batch * 600 + number)
            var random = SplitMix64(seed: seed)
            let story = Story.random(&random, length: 1 + random.below(12))
            let slow = try #require(SlowResolve(story.dossier)).json
            var fast = try #require(resolve(story.dossier)).json.object ?? [:]
            fast["why"] = nil
            try #require(
                JSON.object(fast).canonical == slow.canonical,
                "\(RunSeed.replay(seed)): \(story.amounts)"
            )
        }
    }
}
