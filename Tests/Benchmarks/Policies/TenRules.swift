import Escalation

/// The policy that is measured: ten rules, two of them patterns, and every other placement.
enum TenRules {
    private static let start = Place(line: 1, column: 1)

    private static func text(_ text: String) -> PolicyTree {
        PolicyTree(.scalar(text, .plain), at: start)
    }

    private static func map(_ entries: KeyValuePairs<String, PolicyTree>) -> PolicyTree {
        PolicyTree(
            .mapping(
                entries.map { PolicyTree.Entry(key: $0.key, place: start, value: $0.value) }
            ),
            at: start
        )
    }

    private static func rule(_ name: String, _ condition: String) -> PolicyTree {
        map(["name": text(name), "when": text(condition), "review": text("before")])
    }

    static func tree(labels: [String]) -> PolicyTree {
        map([
            "workflow": text("banking"),
            "labels": PolicyTree(.sequence(labels.map(text)), at: start),
            "phase": text("2"),
            "output": map(["type": text("object")]),
            "rules": PolicyTree(
                .sequence([
                    rule("fraud", #"input.text.matches("(?i)stolen|fraud|hack|lost my")"#),
                    rule("someone", #"input.text.matches("(?i)someone (has|is|else)")"#),
                    rule("leaving", #"label in ["terminate_account", "cancel_transfer"]"#),
                    rule("long", "words(input.text) > 60"),
                    rule("many", "attributes.words > 60 && confidence < 0.99"),
                    rule("branch", #"attributes.channel == "branch" && attributes.words > 50"#),
                    rule("old", #"model.version < "2020""#),
                    rule("vip", "has(attributes.vip) && attributes.vip"),
                    rule("large", "has(attributes.amount) && attributes.amount > 500"),
                    rule("unsure", "confidence < 0.05 && phase > 1"),
                ]),
                at: start
            ),
            "confidence": map(["review": text("before"), "below": text("0.40")]),
            "sample": map(["core": text("1/10"), "confident": text("1/5")]),
        ])
    }
}
