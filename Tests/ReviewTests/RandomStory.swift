import Review
import TestSupport

extension Story {
    /// Up to `length` things said by a few people and the hub, most of them sensible, some absurd.
    static func random(
        _ random: inout SplitMix64,
        _ id: String = "T-1029",
        length: Int
    ) -> Story {
        var story = Story(
            id,
            opinions: random.pick([1, 1, 2, 2, 3]),
            adjudicate: random.pick([.senior, .third]),
            authority: random.pick([.reviewer, .reviewer, .senior]),
            scramble: random.next() | 1
        )
        var said: [(who: String, uid: Digest)] = []
        var releases: [(who: String, uid: Digest)] = []
        let people = Array(["anna", "ben", "cleo", "dora"].prefix(1 + random.below(4)))
        for _ in 0..<length {
            let who = random.pick(people)
            let own = said.filter { $0.who == who }.map(\.uid)
            let named =
                random.some(of: own, 1, in: 2) + random.some(of: said.map(\.uid), 1, in: 10)
            let knowing =
                random.some(of: releases.filter { $0.who == who }.map(\.uid), 3, in: 4)
                + random.some(of: releases.map(\.uid), 1, in: 12)
            switch random.below(20) {
            case 0..<11:
                let uid = story.says(
                    who,
                    random.pick(["approve", "approve", "deny", "partial"]),
                    output: random.pick([nil, nil, nil, Sample.output, ["a": 1]]),
                    replacing: named,
                    considering: random.some(of: said.map(\.uid), 4, in: 5),
                    knowing: knowing,
                    viaHub: random.chance(1, in: 15)
                )
                said.append((who, uid))
            case 11..<14:
                let uid = story.abstains(
                    who,
                    random.pick(Abstention.allCases + [.unreviewable, .unreviewable]),
                    replacing: named,
                    considering: random.some(of: said.map(\.uid), 4, in: 5),
                    knowing: knowing,
                    viaHub: random.chance(1, in: 15)
                )
                said.append((who, uid))
            case 14..<16: story.retracts(who, named, knowing: knowing)
            case 16..<19:
                let uid = story.releases(
                    to: who,
                    as: random.pick([.senior, .reviewer]),
                    showing: random.some(of: said.filter { $0.who != who }.map(\.uid), 2, in: 3)
                )
                releases.append((who, uid))
            case 19:
                story.rules(
                    random.pick([.revoked, .revoked, .accepted, .rejected]),
                    on: random.some(of: said.map(\.uid), 1, in: 3)
                )
            default: if random.chance(1, in: 2) { story.revises() } else { story.reopens() }
            }
        }
        return story
    }
}
