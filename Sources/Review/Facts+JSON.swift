// The payloads of the hub's facts (`formats.md`), each written and read side by side.

extension Terms {
    package var json: JSON {
        [
            "case": name.json, "revision": revision.json, "round": .integer(round),
            "policy": policy.json, "opinions": .integer(opinions),
            "authority": .string(authority.rawValue), "adjudicate": .string(adjudicate.rawValue),
        ]
    }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        name = try fields.name()
        revision = try fields.digest("revision")
        round = try fields.integer("round")
        policy = try fields.digest("policy")
        opinions = try fields.integer("opinions")
        authority = try fields.word("authority")
        adjudicate = try fields.word("adjudicate")
    }
}

extension Assignment {
    package var json: JSON {
        .present([
            "case": name.json, "revision": revision.json, "round": .integer(round),
            "reviewer": .string(reviewer), "due": due?.json, "at": at.json,
        ])
    }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        name = try fields.name()
        revision = try fields.digest("revision")
        round = try fields.integer("round")
        reviewer = try fields.text("reviewer")
        due = try fields.maybe("due", Fields.time)
        at = try fields.need("at", Fields.time)
    }
}

extension Withdrawal {
    package var json: JSON {
        .present([
            "case": name.json, "revision": revision.json, "round": .integer(round),
            "reviewer": reviewer.map(JSON.string), "by": by.map(JSON.string),
        ])
    }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        name = try fields.name()
        revision = try fields.digest("revision")
        round = try fields.integer("round")
        reviewer = try fields.maybe("reviewer", \.string)
        by = try fields.maybe("by", \.string)
    }
}

extension Release {
    package var json: JSON {
        [
            "case": name.json, "revision": revision.json, "round": .integer(round),
            "reviewer": .string(reviewer), "role": .string(role.rawValue),
            "verdicts": verdicts.sortedJSON,
        ]
    }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        name = try fields.name()
        revision = try fields.digest("revision")
        round = try fields.integer("round")
        reviewer = try fields.text("reviewer")
        role = try fields.word("role")
        verdicts = try fields.digests("verdicts")
    }
}

extension Seal {
    package var json: JSON {
        .present([
            "case": name.json, "revision": revision.json, "round": .integer(round),
            "terms": terms.json, "considered": considered.sortedJSON, "outcome": outcome.json,
            "because": because.map(JSON.string),
        ])
    }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        name = try fields.name()
        revision = try fields.digest("revision")
        round = try fields.integer("round")
        terms = try fields.digest("terms")
        considered = try fields.digests("considered")
        outcome = try Outcome(json: try fields.need("outcome") { $0 })
        because = try fields.maybe("because", \.string)
    }
}

extension Reopening {
    package var json: JSON {
        .present([
            "case": name.json, "revision": revision.json, "round": .integer(round),
            "because": because.map(JSON.string),
        ])
    }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        name = try fields.name()
        revision = try fields.digest("revision")
        round = try fields.integer("round")
        because = try fields.maybe("because", \.string)
    }
}

extension Acted {
    package var json: JSON {
        .present([
            "case": name.json, "revision": revision.json, "label": .string(label), "output": output,
            "takenAt": takenAt.json, "reversibleUntil": reversibleUntil?.json,
            "because": because.map(JSON.string),
        ])
    }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        name = try fields.name()
        revision = try fields.digest("revision")
        label = try fields.text("label")
        output = json["output"]
        takenAt = try fields.need("takenAt", Fields.time)
        reversibleUntil = try fields.maybe("reversibleUntil", Fields.time)
        because = try fields.maybe("because", \.string)
    }
}
