import Escalation
import Review
import Testing

@Suite("Expected shapes")
struct ShapeTests {
    private func read(_ json: JSON) -> Shape? { Shape.parse(PolicyTree(quoted: json)).shape }

    static let outputs: [(JSON, String?)] = [
        (["decision": "approve", "amount": 840], nil),
        (["decision": "approve"], "/amount is missing"),
        (["decision": "perhaps", "amount": 1], "/decision is none of \"approve\", \"deny\""),
        (["decision": "deny", "amount": -1], "/amount is less than 0"),
        (["decision": "deny", "amount": "1"], "/amount is not number"),
        (["decision": "deny", "amount": 1, "lines": [1, "a"]], "/lines/1 is not integer"),
        ("approve", " is not object"),
    ]

    @Test(arguments: outputs)
    func `say where an output departs from them`(output: JSON, mismatch: String?) throws {
        let shape = try #require(
            read([
                "type": "object", "required": ["decision", "amount"],
                "properties": [
                    "decision": ["enum": ["approve", "deny"]],
                    "amount": ["type": "number", "minimum": 0],
                    "lines": ["items": ["type": "integer"]],
                ],
            ])
        )
        let found = shape.mismatch(in: output).map { "\($0.pointer) \($0.reason)" }
        #expect(found == mismatch)
    }

    @Test func `agree with the JSON Schema test suite in the keywords they have`() throws {
        guard let lines = try conformanceLines("jsonschema.jsonl") else { return }
        var agreed = 0
        var skipped = 0
        for line in lines {
            let json = try? JSON(parsing: String(line))  // Not where a number is beyond 2^53.
            var schema = json?["schema"]
            if case .object(var keywords) = schema {
                keywords["$schema"] = nil
                schema = .object(keywords)
            }
            guard let schema, let shape = read(schema), let data = json?["data"] else {
                skipped += 1
                continue
            }
            #expect((shape.mismatch(in: data) == nil) == (json?["valid"] == true), "\(line)")
            agreed += 1
        }
        print("JSON Schema: \(agreed) lines with supported keywords; \(skipped) need others")
        #expect(agreed > 100)
    }
}
