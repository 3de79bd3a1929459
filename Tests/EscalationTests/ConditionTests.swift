import Escalation
import Review
import Testing

@Suite("Conditions")
struct ConditionTests {
    static let scope = Scope([
        "attributes": Value(["amount": 840, "tags": ["a", "b"], "vip": false, "none": .null]),
        "input": Value(["text": "naïve text"]),
    ])

    private func value(_ source: String) throws -> String {
        switch try Condition(source).evaluate(in: Self.scope).value {
        case .success(let value): value.jsonText
        case .failure(let failure):
            failure.missing.isEmpty ? "error" : "missing " + failure.missing.joined(separator: " ")
        }
    }

    @Test(arguments: [
        ("attributes.amount > 500", "true"),
        ("attributes.amount == 840 && 840u == attributes.amount", "true"),
        ("attributes.limit > 500", "missing attributes.limit"),
        ("attributes.limit > 500 || attributes.amount > 500", "true"),
        ("attributes.limit > 500 && attributes.amount > 500", "missing attributes.limit"),
        ("attributes.limit > 500 && attributes.amount < 500", "false"),
        ("attributes.a && attributes.b", "missing attributes.a attributes.b"),
        ("attributes.limit > 500 ? true : false", "missing attributes.limit"),
        ("attributes.vip ? attributes.limit : 1", "1"),
        ("attributes.none > 1", "error"),
        ("attributes.none == null", "true"),
        ("attributes.amount > 'x'", "error"),
        ("has(attributes.amount) && !has(attributes.limit)", "true"),
        ("attributes.tags[1]", "\"b\""),
        ("attributes.tags[2]", "missing attributes.tags[2]"),
        ("attributes[\"tags\"][0] in ['a']", "true"),
        ("'b' in attributes.tags && 'amount' in attributes", "true"),
        ("size(attributes.tags) == attributes.tags.size()", "true"),
        ("input.text.size()", "10"),
        ("words(input.text)", "2"),
        ("input.text.matches('(?i)NAÏVE')", "true"),
        ("'e\\u0301' == '\\u00e9'", "false"),
        ("attributes.amount * 2", "error"),
        ("attributes.amount * 2.0", "1680"),
    ])
    func `evaluate to CEL's values, and to what is missing`(source: String, result: String) throws {
        #expect(try value(source) == result)
    }

    @Test(arguments: [
        ("attributes.amount >", 19, "the condition ends too early; a value is expected"),
        ("amount = 5", 7, "\"=\" is not part of the condition language; equality is `==`"),
        ("a & b", 2, "\"&\" is not part of the condition language; \"and\" is `&&`"),
        ("'open", 0, "the text that begins here has no closing quote"),
        ("(1 + 2", 6, "the condition ends too early; `)` is expected"),
        ("1 2", 2, "a number cannot stand here; an operator or the end is expected"),
        ("'\\q'", 1, "this escape is not one of CEL's; a backslash itself is written `\\\\`"),
        ("x.matches('(')", 10, "the pattern is not RE2: missing ): ("),
        (
            "9223372036854775808", 0,
            "9223372036854775808 is beyond 64 bits; write 9223372036854775808u"
        ),
    ])
    func `that do not read say where and why`(source: String, offset: Int, message: String) {
        #expect {
            _ = try Condition(source)
        } throws: { error in
            let error = error as? ConditionError
            return error?.offset == offset && error?.message == message
        }
    }

    @Test(arguments: ["(", "[", "!", "-", "f(", "1 + ", "true ? 1 : ", "{1: "])
    func `that nest without end are refused`(piece: String) {
        #expect(throws: ConditionError.self) {
            _ = try Condition(String(repeating: piece, count: 16_384 / piece.utf8.count))
        }
    }

    @Test func `match in linear time, whatever the pattern`() throws {
        let text = String(repeating: "a", count: 200_000)
        let scope = Scope(["text": .string(text)])
        let condition = try Condition("text.matches('^(a+)+$') && !text.matches('(a*)*b')")
        let started = ContinuousClock.now
        guard case .success(.bool(true)) = condition.evaluate(in: scope).value else {
            Issue.record("the patterns match what they should not")
            return
        }
        #expect(started.duration(to: .now) < .seconds(5))
    }

    @Test(arguments: ["a{1000}{1000}", "((a{100}){100}){100}"])
    func `whose pattern would take too much memory are refused`(pattern: String) {
        #expect(throws: ConditionError.self) { _ = try Condition("x.matches('\(pattern)')") }
    }

    @Test(arguments: [
        ("output.amount > 5", true), ("label == 'a'", true), ("confidence < 0.5", true),
        ("size(context) > 1", true), ("context.reasoning[0] == ''", true),
        ("context['reasoning'] == []", true), ("context[subject] == 1", true),
        ("context.retrieval[0].score < 0.5", false), ("attributes.label == 'a'", false),
        ("has(context.retrieval)", false), ("phase > 1 && subject != ''", false),
    ])
    func `know whether they read the AI's answer`(source: String, reads: Bool) throws {
        #expect(try Condition(source).readsProposal == reads)
    }
}
