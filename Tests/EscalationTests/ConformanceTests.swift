import Escalation
import Foundation
import Review
import Testing

/// The lines of a published conformance file, or nil where it is not on this machine.
func conformanceLines(_ name: String) throws -> [Substring]? {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let folder =
        ProcessInfo.processInfo.environment["COUNTERSIGN_CONFORMANCE"].map { URL(filePath: $0) }
        ?? root.deletingLastPathComponent().appending(path: "shared/data/conformance")
    let file = folder.appending(path: name)
    guard FileManager.default.fileExists(atPath: file.path()) else {
        print("skipped \(name): it is neither in \(folder.path()) nor in COUNTERSIGN_CONFORMANCE")
        return nil
    }
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
}

@Suite("The condition language against the conformance tests of CEL")
struct ConformanceTests {
    /// What a later version brings, and how a line shows that it needs it.
    static let excluded = [
        ("macros", ["macros/"]),
        ("timestamp and duration", ["timestamps/", "timestamp(", "duration("]),
    ]

    @Test func `gives the published value, or an error, for every line it supports`() throws {
        guard let lines = try conformanceLines("cel.jsonl") else { return }
        var agreed = 0
        var skipped: [String: Int] = [:]
        var disagreed: [String] = []
        for line in lines {
            // The expectation is taken as it is written: its integers have up to 64 bits.
            let expected = line.firstMatch(of: /"expect": \{"value": (.*), "type": "([a-z]+)"\}/)
            let head = expected.map { line[..<$0.range.lowerBound] + "\"expect\": {}}" } ?? line
            let json = try JSON(parsing: String(head))
            let id = json["id"]?.string ?? ""
            let source = json["expr"]?.string ?? ""
            if let feature = Self.excluded.first(where: { feature in
                feature.1.contains { id.hasPrefix($0) || source.contains($0) }
            }) {
                skipped[feature.0, default: 0] += 1
                continue
            }
            let found = Self.evaluate(source, json["bindings"]?.object ?? [:])
            if Self.agrees(found, expected.map { (String($0.1), String($0.2)) }) {
                agreed += 1
            } else {
                let wanted = expected.map { "\($0.1)" } ?? "an error"
                disagreed.append(
                    "\(id): \(source) gives \(found?.jsonText ?? "an error"), not \(wanted)"
                )
            }
        }
        for (feature, count) in skipped.sorted(by: { $0.key < $1.key }) {
            print("skipped \(count) lines: \(feature) come in a later version")
        }
        print("CEL conformance: \(agreed) of \(agreed + disagreed.count) lines agree")
        #expect(disagreed.isEmpty, "\(disagreed.joined(separator: "\n"))")
        #expect(agreed > 500)
    }

    private static func evaluate(_ source: String, _ bindings: [String: JSON]) -> Value? {
        guard let condition = try? Condition(source) else { return nil }
        return try? condition.evaluate(in: Scope(bindings.mapValues(bound))).value.get()
    }

    private static func agrees(_ found: Value?, _ expected: (text: String, type: String)?) -> Bool {
        guard let found, let expected else { return found == nil && expected == nil }
        guard found.typeName == expected.type else { return false }
        switch expected.type {
        case "int", "uint": return found.jsonText == expected.text
        case "double":
            return found.jsonText == expected.text
                || Double(found.jsonText) == Double(expected.text)
        default: return (try? JSON(parsing: expected.text)) == found.json
        }
    }

    /// A binding, whose whole numbers are ints in the conformance files.
    private static func bound(_ json: JSON) -> Value {
        switch json {
        case .number: json.integer.map { .int($0) } ?? Value(json)
        case .array(let elements): .list(elements.map(bound))
        case .object(let members):
            .map(members.map { (key: .string($0.key), value: bound($0.value)) })
        default: Value(json)
        }
    }
}
