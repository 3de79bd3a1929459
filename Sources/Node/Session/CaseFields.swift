import Review

/// What a reviewer sees of a case, field by field, everything the AI had.
struct CaseFields {
    struct Field: Equatable {
        let name: String
        let text: String
    }

    let all: [Field]

    /// `files` says which attachments are here.
    init(_ view: CaseView, files: HeldFiles = HeldFiles()) {
        let content = view.content
        var fields: [Field] = []
        func add(_ name: String, _ text: String?) {
            if let text, !text.isEmpty { fields.append(Field(name: name, text: text)) }
        }
        add("input", content["input"].map(Self.text))
        if let subject = content["subject"]?.string { add("subject", subject) }
        add("attributes", content["attributes"].map(Self.pairs))
        for passage in content["context"]?["retrieval"]?.array ?? [] {
            let score = passage["score"]?.number.map { " (\(JSON.number($0).canonical))" } ?? ""
            add(
                "retrieved",
                "\(passage["source"]?.string ?? "")\(score)  \(passage["text"]?.string ?? "")"
            )
        }
        var context = content["context"]?.object ?? [:]
        context["retrieval"] = nil
        context["reasoning"] = nil
        if !context.isEmpty { add("context", Self.pairs(.object(context))) }
        let steps = content["context"]?["reasoning"]?.array ?? []
        add(
            "reasoning",
            steps.enumerated().map { "\($0 + 1). \(Self.text($1))" }.joined(separator: "  ")
        )
        for (index, attachment) in Attachment.all(in: content).enumerated() {
            add("attached", files.line(index + 1, attachment))
        }
        if let output = content["output"] { add("output", Self.text(output)) }
        all = fields
    }

    var words: Int { all.reduce(0) { $0 + $1.text.split(whereSeparator: \.isWhitespace).count } }

    /// A value as people read it: a lone `text` member as itself, other members as pairs.
    static func text(_ json: JSON) -> String {
        switch json {
        case .string(let text): text
        case .object(let members) where members.count == 1 && members["text"]?.string != nil:
            members["text"]?.string ?? ""
        case .object: pairs(json)
        default: json.canonical
        }
    }

    private static func pairs(_ json: JSON) -> String {
        (json.object ?? [:]).sorted { $0.key < $1.key }
            .map { key, value in "\(key) \(value.string ?? value.canonical)" }.joined(
                separator: ", "
            )
    }
}
