/// Why a JSON value is not a case.
package struct CaseError: Error, Equatable {
    /// The member at fault, such as `confidence`, or nil for the value as a whole.
    package let field: String?
    package let reason: String
}

extension CaseError: CustomStringConvertible {
    package var description: String { field.map { "\($0): \(reason)" } ?? reason }
}

extension Case {
    /// How far outside 0...1 a confidence may be and still be clamped (`statistics.md`, section 2).
    private static let slack = 0.0001

    /// The case that `json` is, every member checked.
    ///
    /// Unknown members are kept in `content`.
    package init(_ json: JSON) throws(CaseError) {
        guard case .object(var members) = json else {
            throw CaseError(field: nil, reason: "a case is a JSON object")
        }
        let workflow = try Self.text("workflow", in: json, required: true) ?? ""
        let id = try Self.text("id", in: json, required: true) ?? ""
        guard let name = CaseName(workflow: workflow, id: id) else {
            throw CaseError(
                field: CaseName.isName(workflow) ? "id" : "workflow",
                reason: "a name has 1 to 200 bytes and no `/`, space or control character"
            )
        }
        guard let output = json["output"] else {
            throw CaseError(field: "output", reason: "is required; any JSON value will do")
        }
        self.name = name
        self.output = output
        title = try Self.text("title", in: json)
        neutralTitle = try Self.text("neutralTitle", in: json)
        subject = try Self.text("subject", in: json)
        label = try Self.text("label", in: json)
        confidence = try Self.confidence(in: json)
        model = try Self.model(in: json)
        action = try Self.action(in: json)
        for field in ["context", "attributes"] {
            if let value = json[field], value != .null, value.object == nil {
                throw CaseError(field: field, reason: "must be an object")
            }
        }
        try Self.checkAttachments(in: json)
        sentAction = members.removeValue(forKey: "action")
        content = .object(members)
    }

    private static func text(
        _ field: String,
        in json: JSON,
        required: Bool = false
    ) throws(CaseError) -> String? {
        switch json[field] {
        case .string(let text): return text
        case nil, .null?:
            if required { throw CaseError(field: field, reason: "is required") }
            return nil
        default: throw CaseError(field: field, reason: "must be text")
        }
    }

    private static func confidence(in json: JSON) throws(CaseError) -> Double? {
        switch json["confidence"] {
        case nil, .null?: return nil
        case .number(let value)?:
            guard (-slack...1 + slack).contains(value) else {
                throw CaseError(
                    field: "confidence",
                    reason: "\(value) is outside 0 to 1; leave it out where there is none"
                )
            }
            return min(max(value, 0), 1)
        default: throw CaseError(field: "confidence", reason: "must be a number from 0 to 1")
        }
    }

    private static func model(in json: JSON) throws(CaseError) -> Model {
        guard let model = json["model"], let id = model["id"]?.string, !id.isEmpty else {
            throw CaseError(
                field: "model",
                reason: "is required, as {\"id\": …, \"version\": …}"
            )
        }
        if let version = model["version"], version != .null, version.string == nil {
            throw CaseError(field: "model.version", reason: "must be text")
        }
        return Model(id: id, version: model["version"]?.string)
    }

    private static func action(in json: JSON) throws(CaseError) -> Action {
        var action = Action()
        guard let value = json["action"], value != .null else { return action }
        guard value.object != nil else {
            throw CaseError(field: "action", reason: "must be an object")
        }
        if let state = value["state"] {
            guard let known = state.string.flatMap(Action.State.init) else {
                throw CaseError(field: "action.state", reason: "must be `proposed` or `taken`")
            }
            action.state = known
        }
        if let reversal = value["reversal"] {
            guard let known = reversal.string.flatMap(Action.Reversal.init) else {
                throw CaseError(
                    field: "action.reversal",
                    reason: "must be `silent`, `visible` or `none`"
                )
            }
            action.reversal = known
        }
        action.takenAt = try time("takenAt", in: value)
        action.reversibleUntil = try time("reversibleUntil", in: value)
        if action.state == .taken, action.takenAt == nil {
            throw CaseError(field: "action.takenAt", reason: "is required once the action is taken")
        }
        return action
    }

    private static func time(_ field: String, in action: JSON) throws(CaseError) -> Timestamp? {
        guard let value = action[field], value != .null else { return nil }
        guard let time = value.string.flatMap({ Timestamp($0) }) else {
            throw CaseError(
                field: "action.\(field)",
                reason: "must be an RFC 3339 time like 2026-11-25T10:00:00Z"
            )
        }
        return time
    }

    private static func checkAttachments(in json: JSON) throws(CaseError) {
        guard let value = json["attachments"], value != .null else { return }
        guard let attachments = value.array else {
            throw CaseError(field: "attachments", reason: "must be a list")
        }
        for (index, json) in attachments.enumerated() {
            let field = "attachments[\(index)]"
            if json["path"] != nil {
                throw CaseError(
                    field: field + ".path",
                    reason: "is read by `countersign-hub intake FILE` only; upload the file with "
                        + "PUT /v1/blobs/SHA256, and name it by `sha256` and `bytes`"
                )
            }
            guard let attachment = Attachment(json: json) else {
                throw CaseError(field: field, reason: "needs `name`, `sha256` and `bytes`")
            }
            guard attachment.bytes <= Attachment.limit else {
                throw CaseError(
                    field: field + ".bytes",
                    reason: "is over \(Attachment.limit) bytes (64 MiB)"
                )
            }
        }
    }
}
