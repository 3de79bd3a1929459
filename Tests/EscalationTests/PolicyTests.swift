import Escalation
import Review
import Testing

@Suite("Reading a policy")
struct PolicyTests {
    private func problems(_ sections: JSON) -> [String] {
        let base: JSON = ["workflow": "refunds", "labels": ["approve", "deny"]]
        let (policy, problems) = Policy.parse(PolicyTree(plain: merged(base, sections)))
        let hasErrors = problems.contains { $0.severity == .error }
        #expect((policy == nil) == hasErrors)
        return problems.map(\.message)
    }

    @Test func `needs no more than a workflow and labels`() throws {
        let policy = try policy()
        #expect((policy.phase, policy.ceiling) == (1, 4))
        #expect(policy.rules.isEmpty && policy.inactive.isEmpty)
        #expect(policy.confidence == nil && policy.sample == nil && policy.budget == nil)
        #expect(policy.review.opinions == 1 && policy.review.blind == nil)
        #expect(policy.review.settleMilliseconds == 600_000)
        #expect(policy.after.k == 1 && policy.after.windowMilliseconds == nil)
    }

    @Test func `takes the labels of accept from the design`() throws {
        let tree = PolicyTree(plain: ["workflow": "replies", "answer": "accept"])
        let policy = try #require(Policy.parse(tree).policy)
        #expect(policy.labels == ["accept", "amend", "reject"])
        #expect(policy.label(of: nil) == "accept")
        let item = try refund(["workflow": "replies", "label": .null])
        #expect(policy.route(item, standing(2)).review == .none)
    }

    @Test(arguments: [
        ("10 minutes", 600_000), ("1 minute", 60_000), ("48 hours", 172_800_000),
        ("3 days", 259_200_000), ("1 day", 86_400_000),
    ])
    func `reads durations`(text: String, milliseconds: Int64) throws {
        let policy = try policy(["review": ["settle": .string(text)]])
        #expect(policy.review.settleMilliseconds == milliseconds)
    }

    @Test(arguments: [
        "10", "10 weeks", "-1 days", "1.5 hours", "0 days", "99999999999999999999 days",
    ])
    func `refuses other durations`(text: String) {
        #expect(
            problems(["review": ["settle": .string(text)]]) == [
                "`settle` is a duration, as `10 minutes`, `48 hours` or `3 days`"
            ]
        )
    }

    @Test(arguments: ["2/20", "0.05", "5%", "1/0", "1/", "/20", "1/20/3"])
    func `samples by 1 in k only`(rate: String) {
        #expect(
            problems(["sample": ["core": .string(rate)], "confidence": [:]]) == [
                "`core` is a share of the form 1/k, as 1/20"
            ]
        )
    }

    @Test(arguments: [
        ("label > 5", "`>` has no order of string and int"),
        ("label == 5", "string and int are never equal"),
        ("words(input.text)", "a condition is true or false, this is int"),
        ("attributes.vip && 'x'", "a condition is true or false, this is string"),
        ("'a' + 1 == 'b'", "`+` does not take string and int"),
        (
            "attributes.n % 2 == 1",
            "the numbers of a case are doubles, and `%` needs two of one type; write 2.0 for 2, or "
                + "int(…) around the field"
        ),
        (
            "input.text.startWith('a')",
            "there is no function `startWith`; did you mean `startsWith`?"
        ),
        ("size(input.text, 2) > 1", "`size` is called as x.size()"),
        ("contains(input.text, 'a')", "`contains` is called as x.contains(y)"),
        (
            "context.retrieval.exists(r, r.score < 0.5)",
            "`exists` is CEL, but not yet part of this version"
        ),
        ("conforms(output)", "conforms() needs the policy to have an `output` section"),
        ("calibrated(1) < 0.5", "calibrated() takes a confidence, this is int"),
        ("action.kind == 'a'", "`action` has no `kind`"),
        ("label.text == 'a'", "`label` is a single value and has no fields"),
        ("1 / 0 > 1", "`a` has no value in any case: 1 / 0 has no value"),
        ("1 > 2", "`a` can never fire"),
        ("1 < 2", "`a` fires for every case"),
        ("label == 'aprove'", "`aprove` is not one of the labels; did you mean `approve`?"),
    ])
    func `checks conditions before any case`(condition: String, problem: String) {
        let rules: JSON = ["rules": [["name": "a", "when": .string(condition)]]]
        #expect(problems(rules) == [problem])
    }

    @Test func `warns of what a policy cannot do`() {
        #expect(
            problems(["sample": ["core": "1/20"], "ceiling": 2]) == [
                "without `confidence`, everything that no rule catches proceeds unseen from phase 2",
                "sampling protects no single case, and nothing else asks for a review",
            ]
        )
    }

    @Test func `refuses shapes it could not check`() {
        #expect(
            problems(["output": ["properties": ["a": ["maxLength": 3]], "type": "objekt"]]) == [
                "a shape has no `maxLength`",
                "`type` is `null` or `boolean` or `integer` or `number` or `string` or `array` or "
                    + "`object`; did you mean `object`?",
            ]
        )
    }
}
