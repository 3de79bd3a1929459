import Escalation
import Hub
import Review
import Testing

@Suite("Policy files")
struct PolicyYAMLTests {
    /// The example of `review.md`, as it stands there.
    static let example = #"""
        workflow: refunds
        labels: [approve, deny, partial]
        answer: choose           # or `accept` for free-form outputs: labels accept, amend, reject; the AI's is accept
        labelAt: /decision       # where the chosen label belongs in the output
        reasons: [over-limit, wrong-customer, policy-changed]
        tolerance: 2%            # the error rate we accept in what proceeds unseen
        phase: 1                 # at the first activation; afterwards the phase is the hub's state
        ceiling: 3               # this workflow never goes past phase 3
        segment: attributes.channel

        output:                  # the expected shape, as JSON Schema; what does not conform is reviewed before
          type: object
          required: [decision, amount]
          properties:
            decision: {enum: [approve, deny, partial]}
            amount: {type: number, minimum: 0}

        rules:                   # exception-based; all are evaluated
          - name: over-limit
            when: attributes.amount > 500
            review: before
            authority: senior
            why: amount {attributes.amount} is over 500
          - name: complaint
            when: input.text.matches("(?i)complain|lawyer|regulator")
            review: before
            settled: 30 days     # not asked again for the same subject within this time, see below
          - name: long-letter
            when: words(input.text) > 800
            review: before
          - name: internal
            when: attributes.channel == "internal"
            review: after

        confidence:              # confidence-thresholded; `threshold` is the certified one. A number compares the raw confidence, with a warning
          review: before
          below: threshold

        sample:                  # random sampling, 1/k only, so that rates can be estimated without bias
          core: 1/20             # of everything, whatever the score
          confident: 1/10        # of what would have proceeded: how confident errors are found. Never rarer than core

        review:
          opinions: 1
          second: {rate: 1/10, holds: no}   # independent second review, blind to the first
          blind: 1/5             # the AI's answer is withheld until the reviewer has committed to one
          reveal: local          # or `hub`: only after the blind answer has synced
          adjudicate: senior     # or `third`
          lease: 3 days
          settle: 10 minutes     # between decided and sealed, unless claimed; undo works until then
          known: {rate: 1/20, wrong: 3/4}   # known-answer cases among what a reviewer sees; share of them where the AI was wrong
          reason: optional       # or `required`, then for every answer alike

        budget:                  # keeps the queue within what people can read
          reviews: 40 per hour
          never-defer: [over-limit]
          overflow: defer        # or `sample`, for what is reviewed after and not core
          unanswered: {after: 48 hours, to: senior, expire: 96 hours}

        after:
          rate: 1/1              # in phase 3, what share is reviewed after the action
          window: 72 hours
          late-dissent: review
        """#

    private func read(_ text: String) -> (policy: Policy?, problems: [String]) {
        let (policy, problems) = PolicyYAML.policy(Array(text.utf8))
        return (policy, problems.map(\.description))
    }

    @Test func `read the example of the design`() throws {
        let (found, problems) = read(Self.example)
        let policy = try #require(found, "\(problems)")

        #expect(policy.workflow == "refunds")
        #expect(policy.labels == ["approve", "deny", "partial"])
        #expect(policy.labelAt == "/decision")
        #expect(policy.reasons == ["over-limit", "wrong-customer", "policy-changed"])
        #expect(policy.tolerancePpm == 20_000)
        #expect((policy.phase, policy.ceiling) == (1, 3))
        #expect(policy.segment?.path == "attributes.channel")
        #expect(policy.rules.map(\.name) == ["over-limit", "complaint", "long-letter", "internal"])
        #expect(policy.rules[0].authority == .senior)
        #expect(policy.rules[1].settledMilliseconds == 2_592_000_000)
        #expect(policy.confidence?.review == .before && policy.confidence?.below == .threshold)
        #expect(policy.sample?.core == 20 && policy.sample?.confident == 10)
        #expect(policy.review.second?.k == 10 && policy.review.second?.holds == false)
        #expect(policy.review.blind == 5)
        #expect(policy.review.leaseMilliseconds == 259_200_000)
        #expect(policy.review.known?.wrong?.numerator == 3)
        #expect(policy.review.known?.wrong?.denominator == 4)
        #expect(policy.budget?.rate?.reviews == 40)
        #expect(policy.budget?.rate?.milliseconds == 3_600_000)
        #expect(policy.budget?.neverDefer == ["over-limit"])
        #expect(policy.budget?.unansweredAfterMilliseconds == 172_800_000)
        #expect(policy.after.k == 1 && policy.after.windowMilliseconds == 259_200_000)
        #expect(
            policy.inactive == [
                "budget", "rules.settled", "review.known", "review.second", "review.lease",
                "after.late-dissent",
            ]
        )
        #expect(problems.count == 6 && problems.allSatisfy { $0.contains("does nothing yet") })
    }

    @Test func `read the same from the JSON of a feed`() throws {
        let tree = try #require(PolicyYAML.tree(Array(Self.example.utf8)).tree)
        let wire = try JSON(parsing: tree.json.canonicalBytes)
        #expect(PolicyTree(json: wire) == tree)
    }

    @Test func `name all problems at once, each with its place`() {
        let (policy, problems) = read(
            """
            workflow: refunds
            labels: [approve, deny, approve]
            ceiling: 2
            phase: 3
            tolerance: 120%
            smaple:
              core: 1/20
            rules:
              - name: a
                when: attributes.amount > 500 &&
                reviews: before
              - name: b
                when: "atributes.amount > 500 || lenght(label) > 3"
                review: sometimes
              - when: output.amount + 1 > 2
            confidence: {below: 0.9}
            sample: {core: 1/10, confident: 1/20}
            budget: {never-defer: [c]}
            labels: [x, y]
            """
        )
        #expect(policy == nil)
        #expect(
            problems == [
                "line 2, column 25: `approve` stands twice",
                "line 3, column 10: the ceiling 2 is below the phase 3",
                "line 4, column 8: warning: starting in phase 3 skips the evidence for it: a "
                    + "certified threshold, the rate of errors above it, and a tested reversal",
                "line 5, column 12: `tolerance` is a share from 0 to 1, as 2% or 0.02",
                "line 6, column 1: a policy has no `smaple`; did you mean `sample`?",
                "line 10, column 37: the condition ends too early; a value is expected",
                "line 11, column 5: a rule has no `reviews`; did you mean `review`?",
                "line 13, column 12: there is no `atributes` in a case; did you mean `attributes`?; "
                    + "names are input output label confidence model context attributes action "
                    + "subject phase",
                "line 13, column 38: there is no function `lenght`",
                "line 14, column 13: `review` is `before` or `after`",
                "line 15, column 5: a rule has a `name`",
                "line 15, column 25: the numbers of a case are doubles, and `+` needs two of one "
                    + "type; write 2.0 for 2, or int(…) around the field",
                "line 16, column 21: warning: this number is compared with the model's raw "
                    + "confidence, which nobody has calibrated; `below: threshold` waits for evidence",
                "line 17, column 33: `confident` is rarer than `core`: 1/20 is less than 1/10",
                "line 18, column 9: warning: `budget` is read and kept, and does nothing yet in "
                    + "this version",
                "line 18, column 24: `never-defer` names no rule of this policy: `c`",
                "line 19, column 1: `labels` stands twice",
            ]
        )
    }

    @Test(arguments: [
        ("a: [1", "line 2, column 1: this is not YAML: did not find expected ',' or ']'"),
        ("a: b: c", "line 1, column 5: this is not YAML: mapping values are not allowed"),
        ("", "line 1, column 1: the file is empty"),
        ("--- a\n--- b", "line 2, column 1: this is not YAML: but found another document"),
        ("a: &x [1]\nb: *x", "line 1, column 4: anchors (`&name`) are not read in a policy"),
        ("[a, b]: c", "line 1, column 1: a name here is a plain text"),
        ("a: \u{1}", "line 1, column 4: this is not YAML: control characters are not allowed"),
    ])
    func `that are not YAML for us say where`(text: String, problem: String) {
        let (tree, problems) = PolicyYAML.tree(Array(text.utf8))
        #expect(problems.first?.description.hasPrefix(problem) == true, "\(problems)")
        #expect(tree == nil || !problems.isEmpty)
    }

    @Test func `cannot explode or dig`() {
        let levels = (1...60).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }
        let bomb = "a0: &a0 x\n" + levels.joined(separator: "\n") + "\n? *a60\n: 1\n"
        let deep = "a: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
        let bombs = [bomb, deep, String(repeating: "- ", count: 900) + "a"]
        for text in bombs {
            #expect(read(text).policy == nil)
        }
        #expect(
            read(bomb).problems == [
                "line 10, column 10: aliases (`*name`) are not read in a policy; write the value out"
            ]
        )
    }

    @Test func `keep words that YAML 1.1 would have changed`() throws {
        let (found, problems) = read(
            "workflow: no\nlabels: [yes, no, 1:30]\nreview: {second: {rate: 1/2, holds: yes}}"
        )
        let policy = try #require(found, "\(problems)")
        #expect(policy.workflow == "no")
        #expect(policy.labels == ["yes", "no", "1:30"])
        #expect(policy.review.second?.holds == true)
    }
}
