package import Review

/// One line of `decide`: a verdict as JSON.
package struct DecideLine: Sendable {
    package let name: CaseName
    package let act: Act

    /// Reads `{"case", "label" or "abstain", "revision"?, "key"?, "output"? or "patch"?, "reason"?,
    /// "note"?}`.
    package init(_ bytes: [UInt8]) throws(NodeError) {
        let json: JSON
        do throws(JSONError) { json = try JSON(parsing: bytes) } catch {
            throw .badLine("\(error)")
        }
        guard json.object != nil else { throw .badLine("it is no JSON object") }
        let known = [
            "case", "label", "abstain", "revision", "key", "output", "patch", "reason", "note",
        ]
        for field in (json.object ?? [:]).keys.sorted() where !known.contains(field) {
            throw .badLine("it has an unknown member \(field)")
        }
        guard let name = json["case"]?.string.flatMap({ CaseName($0) }) else {
            throw .badLine("`case` must be workflow/id")
        }
        self.name = name
        let answer: Verdict.Answer
        switch (json["label"], json["abstain"]) {
        case (.string(let label)?, nil): answer = .label(label)
        case (nil, .string(let word)?):
            guard let kind = Abstention(rawValue: word) else { throw .unknownKind(word) }
            answer = .abstain(kind)
        default: throw .badLine("one of `label` and `abstain` must stand, as text")
        }
        var act = Act(answer, via: .decide)
        act.key = try Self.text("key", json)
        act.reason = try Self.text("reason", json)
        act.note = try Self.text("note", json)
        act.output = json["output"]
        if let patch = json["patch"] {
            guard act.output == nil else {
                throw .badLine("`output` and `patch` exclude each other")
            }
            do throws(JSONPatchError) { act.patch = try JSONPatch(json: patch) } catch {
                throw .badLine("\(error)")
            }
        }
        if let revision = try Self.text("revision", json) {
            guard let digest = Digest(revision) else { throw .badLine("`revision` is no sha256:…") }
            act.revision = digest
        }
        self.act = act
    }

    private static func text(_ field: String, _ json: JSON) throws(NodeError) -> String? {
        switch json[field] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        default: throw .badLine("`\(field)` must be text")
        }
    }
}
