extension CaseRecord {
    /// The payload of a `case` entry, without its salt.
    package var json: JSON {
        .present([
            "case": name.json, "revision": revision.json, "content": content, "action": action,
            "policy": policy.json,
            "phase": .integer(phase), "review": .string(review.rawValue), "due": due?.json,
            "blind": .bool(blind), "reveal": .string(reveal.rawValue), "labels": .strings(labels),
            "accepts": .bool(accepts),
            "stamps": [
                "modelVersion": .string(modelVersion), "segment": .string(segment),
                "policyEpoch": .integer(policyEpoch),
            ],
            "placements": .strings(placements), "why": .array(why), "summary": .string(summary),
        ])
    }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        let stamps = try Fields(try fields.need("stamps") { $0 })
        name = try fields.name()
        revision = try fields.digest("revision")
        content = try fields.need("content") { $0.object.map(JSON.object) }
        action = try fields.maybe("action") { $0 }
        policy = try fields.digest("policy")
        phase = try fields.integer("phase")
        review = try fields.word("review")
        due = try fields.maybe("due", Fields.time)
        blind = try fields.flag("blind")
        reveal = try fields.word("reveal")
        labels = try fields.need("labels") { $0.array?.compactMap(\.string) }
        accepts = try fields.flag("accepts")
        modelVersion = try stamps.text("modelVersion")
        segment = try stamps.text("segment")
        policyEpoch = try stamps.integer("policyEpoch")
        placements = try fields.need("placements") { $0.array?.compactMap(\.string) }
        why = try fields.need("why", \.array)
        summary = try fields.text("summary")
    }
}

extension Proposal {
    /// The payload of a `proposal` entry, without its salt.
    package var json: JSON {
        [
            "case": name.json, "revision": revision.json, "content": content,
            "label": label.map(JSON.string) ?? .null,
            "disposition": .string(disposition.rawValue), "placements": .strings(placements),
            "why": .array(why), "summary": .string(summary),
            "stamps": ["bin": bin.map { .integer($0) } ?? -1, "k": .integer(k)],
        ]
    }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        let stamps = try Fields(try fields.need("stamps") { $0 })
        let bin = try stamps.integer("bin")
        name = try fields.name()
        revision = try fields.digest("revision")
        content = try fields.need("content") { $0.object.map(JSON.object) }
        label = try fields.maybe("label", \.string)
        disposition = try fields.word("disposition")
        placements = try fields.need("placements") { $0.array?.compactMap(\.string) }
        why = try fields.need("why", \.array)
        summary = try fields.text("summary")
        self.bin = bin < 0 ? nil : bin
        k = try stamps.integer("k")
    }
}
