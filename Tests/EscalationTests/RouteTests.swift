import Escalation
import Review
import Testing

/// `review.md`, "How placements, phases and sampling combine".
@Suite("Routing a case")
struct RouteTests {
    /// What applies, by the row of the table, and what each phase makes of it.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let sections: JSON
        var changes: JSON = [:]
        var draw = UInt32.max
        var threshold: Standing.Threshold? = Standing.Threshold(bin: 82, ppm: 893_309)
        let reviews: [Routing.Review]
        let placements: [[Routing.Placement]]

        var testDescription: String { name }
    }

    static let table = [
        Row(
            name: "rule before",
            sections: ["rules": [rule("attributes.amount > 500", "before")]],
            reviews: [.before, .before, .before, .before],
            placements: [[.exception], [.exception], [.exception], [.exception]]
        ),
        Row(
            name: "output not valid",
            sections: ["output": ["required": ["currency"]]],
            reviews: [.before, .before, .before, .before],
            placements: [[.exception], [.exception], [.exception], [.exception]]
        ),
        Row(
            name: "label not valid",
            sections: [:],
            changes: ["label": "perhaps"],
            reviews: [.before, .before, .before, .before],
            placements: [[.exception], [.exception], [.exception], [.exception]]
        ),
        Row(
            name: "no label",
            sections: [:],
            changes: ["label": .null],
            reviews: [.before, .before, .before, .before],
            placements: [[.exception], [.exception], [.exception], [.exception]]
        ),
        Row(
            name: "rule after",
            sections: ["rules": [rule("attributes.amount > 500", "after")]],
            reviews: [.before, .after, .after, .after],
            placements: [[.after], [.after], [.after], [.after]]
        ),
        Row(
            name: "below the threshold, before",
            sections: ["confidence": ["review": "before"]],
            changes: ["confidence": 0.89],
            reviews: [.before, .before, .after, .none],
            placements: [[.confidence], [.confidence], [.confidence], []]
        ),
        Row(
            name: "below the threshold, after",
            sections: ["confidence": ["review": "after"]],
            changes: ["confidence": 0.89],
            reviews: [.before, .after, .after, .none],
            placements: [[.confidence], [.confidence], [.confidence], []]
        ),
        Row(
            name: "confidence unknown",
            sections: ["confidence": ["review": "before"]],
            changes: ["confidence": .null],
            reviews: [.before, .before, .after, .none],
            placements: [[.confidence], [.confidence], [.confidence], []]
        ),
        Row(
            name: "no certified threshold",
            sections: ["confidence": ["below": "threshold"]],
            threshold: nil,
            reviews: [.before, .before, .after, .none],
            placements: [[.confidence], [.confidence], [.confidence], []]
        ),
        Row(
            name: "below a literal",
            sections: ["confidence": ["below": 0.95]],
            threshold: nil,
            reviews: [.before, .before, .after, .none],
            placements: [[.confidence], [.confidence], [.confidence], []]
        ),
        Row(
            name: "at the threshold's bin",
            sections: ["confidence": ["review": "before"]],
            threshold: Standing.Threshold(bin: 85, ppm: 924_142),
            reviews: [.before, .none, .after, .none],
            placements: [[.before], [], [.after], []]
        ),
        Row(
            name: "at a literal",
            sections: ["confidence": ["below": 0.93]],
            reviews: [.before, .none, .after, .none],
            placements: [[.before], [], [.after], []]
        ),
        Row(
            name: "the rest",
            sections: ["confidence": ["review": "before"]],
            reviews: [.before, .none, .after, .none],
            placements: [[.before], [], [.after], []]
        ),
        Row(
            name: "the rest, 1 in 4 and not drawn",
            sections: ["after": ["rate": "1/4"]],
            draw: 1 << 30,
            reviews: [.before, .none, .none, .none],
            placements: [[.before], [], [], []]
        ),
        Row(
            name: "the rest, 1 in 4 and drawn",
            sections: ["after": ["rate": "1/4"]],
            draw: 1 << 30 - 1,
            reviews: [.before, .none, .after, .none],
            placements: [[.before], [], [.after], []]
        ),
        Row(
            name: "drawn for the core",
            sections: ["sample": ["core": "1/20", "confident": "1/10"]],
            draw: 214_748_363,
            reviews: [.before, .after, .after, .after],
            placements: [[.before, .sample], [.sample], [.after, .sample], [.sample]]
        ),
        Row(
            name: "drawn as confident",
            sections: ["sample": ["core": "1/20", "confident": "1/10"]],
            draw: 214_748_364,
            reviews: [.before, .after, .after, .none],
            placements: [[.before], [.sample], [.after, .sample], []]
        ),
    ]

    static func rule(_ condition: String, _ review: String) -> JSON {
        ["name": "large", "when": .string(condition), "review": .string(review)]
    }

    @Test(arguments: table) func `follows the table in every phase`(row: Row) throws {
        let policy = try policy(row.sections)
        let item = try refund(row.changes)
        for phase in 1...4 {
            let routing = policy.route(
                item,
                standing(phase, threshold: row.threshold, draw: row.draw)
            )
            #expect(routing.review == row.reviews[phase - 1], "phase \(phase)")
            #expect(routing.placements == row.placements[phase - 1], "phase \(phase)")
            #expect(routing.disposition == (routing.review == .before ? .hold : .proceed))
            #expect(routing.phase == phase)
        }
    }

    @Test func `answers as the example of the design`() throws {
        let policy = try policy([
            "rules": [
                [
                    "name": "over-limit", "when": "attributes.amount > 500", "review": "before",
                    "authority": "senior", "why": "amount {attributes.amount} is over 500",
                ],
                [
                    "name": "complaint", "review": "before",
                    "when": "input.text.matches(\"(?i)complain|lawyer|regulator\")",
                ],
                ["name": "long-letter", "when": "words(input.text) > 800", "review": "before"],
                [
                    "name": "internal", "when": "attributes.channel == \"internal\"",
                    "review": "after",
                ],
            ],
            "confidence": ["review": "before", "below": "threshold"], "sample": ["core": "1/20"],
            "segment": "attributes.channel",
        ])
        var table = [Int](repeating: 0, count: 130)
        table[85] = 780_000
        let text = Array(repeating: "late", count: 212).joined(separator: " ")
        let routing = policy.route(
            try refund(["input": ["text": .string(text)]]),
            standing(2, threshold: Standing.Threshold(bin: 82, ppm: 893_309), table: table)
        )

        #expect(
            routing
                == Routing(
                    review: .before,
                    disposition: .hold,
                    reasons: [
                        Routing.Reason(
                            placement: .exception,
                            sentence: "amount 840 is over 500",
                            readsProposal: false
                        )
                    ],
                    why: [
                        Routing.Why(
                            rule: "over-limit",
                            result: .yes,
                            values: ["attributes.amount": 840]
                        ),
                        Routing.Why(rule: "complaint", result: .no),
                        Routing.Why(rule: "long-letter", result: .no, values: ["words": 212]),
                        Routing.Why(
                            rule: "internal",
                            result: .no,
                            values: ["attributes.channel": "email"]
                        ),
                        Routing.Why(
                            rule: "confidence",
                            result: .no,
                            values: [
                                "ppm": 930_000, "bin": 85, "thresholdBin": 82,
                                "thresholdPPM": 893_309, "calibratedPPM": 780_000,
                            ],
                            readsProposal: true
                        ),
                        Routing.Why(rule: "sample.core", result: .no, values: ["k": 20]),
                    ],
                    k: 1,
                    core: false,
                    ppm: 930_000,
                    bin: 85,
                    blind: false,
                    opinions: 1,
                    authority: .senior,
                    segment: "email",
                    due: noon.advanced(byMilliseconds: 48 * 3_600_000),
                    phase: 2
                )
        )
        #expect(routing.summary == "amount 840 is over 500")
    }

    @Test func `a missing field makes a rule unknown, and it applies`() throws {
        let policy = try policy(["rules": [Self.rule("attributes.amount > 500", "before")]])
        let routing = policy.route(try refund(["attributes": ["vip": true]]), standing(4))

        #expect(routing.review == .before)
        #expect(
            routing.why == [
                Routing.Why(rule: "large", result: .unknown, missing: ["attributes.amount"])
            ]
        )
        #expect(routing.summary == "rule large could not be told: attributes.amount is missing")
    }

    @Test func `an action taken proceeds, and what it went past is said`() throws {
        let policy = try policy(["rules": [Self.rule("attributes.amount > 500", "before")]])
        let taken: JSON = ["action": ["state": "taken", "takenAt": "2026-11-25T10:00:00Z"]]
        let routing = policy.route(try refund(taken), standing(2))

        #expect(routing.review == .after)
        #expect(routing.disposition == .proceed)
        #expect(routing.summary == "rule large applies (and the action was already taken)")
    }

    @Test(arguments: [
        (2, "rule", Routing.Review.before), (3, "rest", .before), (3, "confidence", .before),
        (2, "confidence", .after), (3, "sample", .after),
    ])
    func `what cannot be undone is reviewed before`(
        phase: Int,
        row: String,
        review: Routing.Review
    ) throws {
        let sections: JSON =
            switch row {
            case "rule": ["rules": [Self.rule("attributes.amount > 500", "after")]]
            case "confidence": ["confidence": ["review": "after", "below": 0.95]]
            case "sample": ["sample": ["core": "1/2"], "after": ["rate": "1/1000000"]]
            default: [:]
            }
        let routing = try policy(sections).route(
            try refund(["action": ["reversal": "none"]]),
            standing(phase, draw: 1 << 20)
        )
        #expect(routing.review == review)
    }

    @Test func `of several rules the strictest of everything holds`() throws {
        let policy = try policy([
            "rules": [
                ["name": "a", "when": "true", "review": "after", "opinions": 3, "due": "2 hours"],
                ["name": "b", "when": "true", "review": "before", "authority": "senior"],
                ["name": "c", "when": "false", "opinions": 9, "due": "1 minute"],
            ],
            "review": ["opinions": 2, "blind": "1/5"],
        ])
        let routing = policy.route(try refund(), standing(2, draw: 0))
        #expect(routing.reasons.map(\.sentence) == ["rule b applies", "rule a applies"])
        #expect(routing.opinions == 3)
        #expect(routing.authority == .senior)
        #expect(routing.due == noon.advanced(byMilliseconds: 2 * 3_600_000))
        #expect(routing.blind)
    }

    @Test(arguments: [
        (1, 20, 10, 4, 1), (2, 20, 10, 4, 10), (2, 20, 20, 4, 20), (3, 20, 10, 4, 4),
        (3, 20, 10, 1, 1), (4, 20, 10, 4, 20),
    ])
    func `records the largest probability that applies`(
        phase: Int,
        core: Int,
        confident: Int,
        rate: Int,
        k: Int
    ) throws {
        let policy = try policy([
            "sample": ["core": .string("1/\(core)"), "confident": .string("1/\(confident)")],
            "after": ["rate": .string("1/\(rate)")],
        ])
        #expect(policy.route(try refund(), standing(phase)).k == k)
    }

    /// `statistics.md`, section 14: the permanent random numbers of two cases.
    @Test func `draws by the permanent random number`() throws {
        let policy = try policy(["sample": ["core": "1/20"]])
        let numbers: [String: UInt32] = ["T-1029": 1_826_721_814, "T-1031": 53_219_169]
        for (id, isDrawn) in [("T-1029", false), ("T-1031", true)] {
            let standing = Standing(phase: 4, now: noon) { name, purpose in
                purpose == "sample" ? numbers[name.id] ?? .max : .max
            }
            let routing = policy.route(try refund(["id": .string(id)]), standing)
            #expect(routing.core == isDrawn)
            #expect(routing.review == (isDrawn ? .after : .none))
        }
    }

    @Test func `hides in blind reviews whatever the answer went into`() throws {
        let policy = try policy([
            "rules": [
                ["name": "a", "when": "attributes.amount > 500"],
                ["name": "b", "when": "attributes.amount > 500", "why": "for {output.decision}"],
                ["name": "c", "when": "label == \"approve\""],
                ["name": "d", "when": "has(context.reasoning)"],
                ["name": "e", "when": "has(context.retrieval)"],
            ],
            "confidence": ["below": 0.95],
        ])
        let routing = policy.route(try refund(), standing(1))
        #expect(routing.why.map(\.readsProposal) == [false, true, true, true, false, true])
        #expect(routing.reasons.map(\.readsProposal) == [false, true, true, true, false, true])
    }

    static let records: [(String, Routing.Result, [String: JSON], [String])] = [
        ("calibrated(confidence) < 0.8", Routing.Result.yes, ["calibrated": 0.78], []),
        ("calibrated(confidence) < 0.7", .no, ["calibrated": 0.78], []),
        ("calibrated(attributes.score) < 0.7", .unknown, [:], ["attributes.score"]),
        ("conforms(output)", .no, ["conforms": false], []),
        (
            "action.reversal == 'silent' && action.state == 'proposed'", .yes,
            ["action.reversal": "silent", "action.state": "proposed"], []
        ),
        ("has(action.takenAt)", .no, [:], []), ("phase >= 2", .yes, ["phase": 2], []),
        ("model.version == '2026-10-01'", .yes, ["model.version": "2026-10-01"], []),
        ("subject.startsWith('customer:')", .yes, [:], []),
        ("attributes.vip", .no, ["attributes.vip": false], []),
        ("attributes.currency", .unknown, ["attributes.currency": "EUR"], []),
        (
            "size(input.text) > 5 && words(input.text) == words(context.retrieval[0].text)", .no,
            ["size": 57, "words(input.text)": 11, "words(context.retrieval[0].text)": 1], []
        ),
    ]

    @Test(arguments: records)
    func `writes down what each rule compared`(
        condition: String,
        result: Routing.Result,
        values: [String: JSON],
        missing: [String]
    ) throws {
        let policy = try policy([
            "rules": [["name": "a", "when": .string(condition)]],
            "output": ["required": ["currency"]],
        ])
        var table = [Int](repeating: 0, count: 130)
        table[85] = 780_000
        let routing = policy.route(
            try refund(["action": ["reversal": "silent"]]),
            standing(2, table: table)
        )
        #expect(
            routing.why.first
                == Routing.Why(
                    rule: "a",
                    result: result,
                    values: values,
                    missing: missing,
                    readsProposal: routing.why.first?.readsProposal ?? false
                )
        )
    }

    @Test func `a case without attributes has no fields rather than no answer`() throws {
        let policy = try policy(["rules": [["name": "a", "when": "has(attributes.amount)"]]])
        let routing = policy.route(try refund(["attributes": .null]), standing(4))
        #expect(routing.why == [Routing.Why(rule: "a", result: .no)])
    }

    @Test(
        arguments: [
            (1, [:], 48), (3, [:], 72), (3, ["after": ["window": "5 hours"]], 5),
            (1, ["budget": ["unanswered": ["after": "1 day"]]], 24),
            (2, ["rules": [["name": "a", "when": "true", "due": "2 hours"]]], 2),
        ] as [(Int, JSON, Int64)]
    )
    func `is due as the policy says`(phase: Int, sections: JSON, hours: Int64) throws {
        let routing = try policy(sections).route(try refund(), standing(phase))
        #expect(routing.due == noon.advanced(byMilliseconds: hours * 3_600_000))
    }

    @Test func `never goes past its ceiling`() throws {
        let routing = try policy(["ceiling": 1]).route(try refund(), standing(3))
        #expect(routing.phase == 1)
        #expect(routing.review == .before)
    }
}
