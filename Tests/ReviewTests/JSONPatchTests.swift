import Foundation
import Review
import Testing

/// The public suite (`JSONPatchSuite/README.md`): every case of it.
@Suite("JSON Patch")
struct JSONPatchTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let comment: String
        let json: JSON
        var testDescription: String { comment }
    }

    static let cases: [Case] = ["spec_tests", "tests"].flatMap { name -> [Case] in
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "JSONPatchSuite/\(name).json")
        // A stray duplicate member is one of its cases, so they are read one by one.
        guard let data = try? Data(contentsOf: file),
            let rows = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
        else { preconditionFailure("the suite lies at \(file.path)") }
        return rows.filter { $0["disabled"] == nil }.enumerated().map { index, row in
            guard let bytes = try? JSONSerialization.data(withJSONObject: row),
                let json = try? JSON(parsing: [UInt8](bytes))
            else { preconditionFailure("case \(index) of \(name) cannot be read") }
            return Case(comment: json["comment"]?.string ?? "\(name) \(index)", json: json)
        }
    }

    @Test func `the suite is there`() { #expect(Self.cases.count > 100) }

    @Test(arguments: cases)
    func `agrees with the public suite`(_ example: Case) throws {
        let document = try #require(example.json["doc"])
        let patch = try #require(example.json["patch"])
        func patched() throws -> JSON { try JSONPatch(json: patch).applied(to: document) }
        if example.json["error"] != nil {
            #expect(throws: JSONPatchError.self) { try patched() }
        } else {
            let result = try patched()
            if let expected = example.json["expected"] { #expect(result == expected) }
        }
    }
}
