import Review
import Testing

@Suite("Reading a case")
struct CaseParseTests {
    private static let minimal =
        #""workflow":"refunds","id":"T-1","output":{"decision":"deny"},"model":{"id":"m"}"#

    private func parse(_ members: String) throws -> Case {
        try Case(JSON(parsing: "{\(members)}"))
    }

    @Test func `with everything in it`() throws {
        let item = try parse(
            Self.minimal.replacing(#"{"id":"m"}"#, with: #"{"id":"m","version":"2026-10"}"#)
                + #","title":"t","neutralTitle":"n","subject":"s","label":"deny","confidence":0.93,"#
                + #""input":"text","context":{"retrieved":[]},"attributes":{"amount":840},"#
                + #""attachments":[{"name":"r.jpg","sha256":""#
                + String(repeating: "ab", count: 32) + #"","bytes":48}],"more":1,"#
                + #""action":{"state":"taken","takenAt":"2026-11-25T10:00:00Z","#
                + #""reversibleUntil":"2026-11-26T10:00:00Z","reversal":"visible"}"#
        )
        #expect(item.name.description == "refunds/T-1")
        #expect(item.title == "t")
        #expect(item.neutralTitle == "n")
        #expect(item.subject == "s")
        #expect(item.label == "deny")
        #expect(item.confidence == 0.93)
        #expect(item.model.stamp == "m@2026-10")
        #expect(item.output == ["decision": "deny"])
        #expect(item.input == "text")
        #expect(item.attributes?["amount"] == 840)
        #expect(item.context == ["retrieved": []])
        #expect(item.action.state == .taken)
        #expect(item.action.takenAt == Timestamp("2026-11-25T10:00:00Z"))
        #expect(item.action.reversibleUntil == Timestamp("2026-11-26T10:00:00Z"))
        #expect(item.action.reversal == .visible)
        #expect(item.content["more"] == 1)
        #expect(item.content["action"] == nil)
    }

    @Test func `with what is required and no more`() throws {
        let item = try parse(Self.minimal + #","title":null,"confidence":null,"action":null"#)
        #expect(item.title == nil)
        #expect(item.confidence == nil)
        #expect(item.model.stamp == "m")
        #expect(item.action == Case.Action())
        #expect(item.action.state == .proposed)
    }

    @Test func `the action is no part of its revision, everything else is`() throws {
        let plain = try parse(Self.minimal)
        let taken = try parse(
            Self.minimal + #","action":{"state":"taken","takenAt":"2026-11-25T10:00:00Z"}"#
        )
        let titled = try parse(Self.minimal + #","title":"t""#)
        let digest = try #require(Digest(bytes: Array(repeating: 7, count: 32)))
        var hashed: [[UInt8]] = []
        for item in [plain, taken, titled] {
            _ = item.revision { bytes in
                #expect(bytes == item.content.canonicalBytes)
                return digest
            }
            hashed.append(item.content.canonicalBytes)
        }
        #expect(hashed[0] == hashed[1])
        #expect(hashed[0] != hashed[2])
    }

    @Test(arguments: [
        (#""id":"T-1""#, "workflow: is required"),
        (#""workflow":"w""#, "id: is required"),
        (#""workflow":"w","id":7"#, "id: must be text"),
        (
            #""workflow":"a/b","id":"T""#,
            "workflow: a name has 1 to 200 bytes and no `/`, space or control character"
        ),
        (
            #""workflow":"w","id":"""#,
            "id: a name has 1 to 200 bytes and no `/`, space or control character"
        ),
        (#""workflow":"w","id":"T""#, "output: is required; any JSON value will do"),
        (
            #""workflow":"w","id":"T","output":null"#,
            #"model: is required, as {"id": …, "version": …}"#
        ),
        (
            #""workflow":"w","id":"T","output":1,"model":{"id":""}"#,
            #"model: is required, as {"id": …, "version": …}"#
        ),
        (
            #""workflow":"w","id":"T","output":1,"model":{"id":"m","version":3}"#,
            "model.version: must be text"
        ),
        (minimal + #","title":1"#, "title: must be text"),
        (minimal + #","label":["a"]"#, "label: must be text"),
        (minimal + #","confidence":"0.9""#, "confidence: must be a number from 0 to 1"),
        (
            minimal + #","confidence":93"#,
            "confidence: 93.0 is outside 0 to 1; leave it out where there is none"
        ),
        (
            minimal + #","confidence":-0.001"#,
            "confidence: -0.001 is outside 0 to 1; leave it out where there is none"
        ),
        (minimal + #","context":[]"#, "context: must be an object"),
        (minimal + #","attributes":"x""#, "attributes: must be an object"),
        (minimal + #","action":"taken""#, "action: must be an object"),
        (minimal + #","action":{"state":"done"}"#, "action.state: must be `proposed` or `taken`"),
        (
            minimal + #","action":{"reversal":"loud"}"#,
            "action.reversal: must be `silent`, `visible` or `none`"
        ),
        (
            minimal + #","action":{"state":"taken"}"#,
            "action.takenAt: is required once the action is taken"
        ),
        (
            minimal + #","action":{"takenAt":"today"}"#,
            "action.takenAt: must be an RFC 3339 time like 2026-11-25T10:00:00Z"
        ),
        (
            minimal + #","action":{"reversibleUntil":5}"#,
            "action.reversibleUntil: must be an RFC 3339 time like 2026-11-25T10:00:00Z"
        ),
        (minimal + #","attachments":{}"#, "attachments: must be a list"),
        (
            minimal + #","attachments":[{"name":"a","bytes":1}]"#,
            "attachments[0]: needs `name`, `sha256` and `bytes`"
        ),
        (
            minimal + #","attachments":[{"name":"a","sha256":"abc","bytes":1}]"#,
            "attachments[0]: needs `name`, `sha256` and `bytes`"
        ),
    ])
    func `says which member is wrong, and how`(members: String, message: String) {
        let error = #expect(throws: CaseError.self) { try parse(members) }
        #expect(error?.description == message)
    }

    @Test func `a case is an object`() {
        let error = #expect(throws: CaseError.self) { try Case([1]) }
        #expect(error?.description == "a case is a JSON object")
    }

    @Test(arguments: [("1.0001", 1.0), ("-0.0001", 0), ("1.00001", 1), ("0", 0), ("1", 1)])
    func `a confidence a little outside is clamped`(text: String, confidence: Double) throws {
        #expect(try parse(Self.minimal + #","confidence":\#(text)"#).confidence == confidence)
    }
}
