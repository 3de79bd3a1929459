extension Verdict {
    /// The payload of a `verdict` entry (`formats.md`), without its salt.
    package var json: JSON {
        var members: [String: JSON?] = [
            "reviewer": .string(reviewer), "case": name.json, "revision": revision.json,
            "policy": policy.json, "round": .integer(round),
            "assignment": .string(assignment?.description ?? ""), "output": output,
            "reason": .string(reason ?? ""), "note": .string(note ?? ""),
            "blindLabel": blindLabel.map(JSON.string), "revealedAt": revealedAt?.json,
            "supersedes": supersedes.sortedJSON, "considered": considered.sortedJSON,
            "knew": knew.sortedJSON, "via": .string(via.rawValue),
            "assignedAt": times.assigned?.json, "arrivedAt": times.arrived?.json,
            "openedAt": times.opened?.json, "firstKeyAt": times.firstKey?.json,
            "committedAt": times.committed.json, "activeMilliseconds": .integer(activeMilliseconds),
            "words": .integer(words), "stamps": stamps.json,
            "class": countedAs.map { .integer($0.rawValue) } ?? "withheld",
        ]
        switch answer {
        case .label(let label): members["label"] = .string(label)
        case .abstain(let kind): members["abstain"] = .string(kind.rawValue)
        }
        return .present(members)
    }

    /// Reads what `json` wrote.
    ///
    /// A null output is an answer of null; an absent one is none.
    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        let name = try fields.name()
        let label = try fields.maybe("label", \.string)
        let abstain = try fields.maybe("abstain") { json in json.string.flatMap(Abstention.init) }
        switch (label, abstain) {
        case (let label?, nil): answer = .label(label)
        case (nil, let kind?): answer = .abstain(kind)
        default: throw PayloadError(field: "label", reason: "or `abstain` must stand, not both")
        }
        self.name = name
        reviewer = try fields.text("reviewer")
        revision = try fields.digest("revision")
        policy = try fields.digest("policy")
        round = try fields.integer("round")
        assignment = try fields.maybe("assignment", Fields.digest)
        output = json["output"]
        reason = try fields.maybe("reason", \.string)
        note = try fields.maybe("note", \.string)
        blindLabel = try fields.maybe("blindLabel", \.string)
        revealedAt = try fields.maybe("revealedAt", Fields.time)
        supersedes = try fields.digests("supersedes")
        considered = try fields.digests("considered")
        knew = try fields.digests("knew")
        via = try fields.word("via")
        times = Times(
            assigned: try fields.maybe("assignedAt", Fields.time),
            arrived: try fields.maybe("arrivedAt", Fields.time),
            opened: try fields.maybe("openedAt", Fields.time),
            firstKey: try fields.maybe("firstKeyAt", Fields.time),
            committed: try fields.need("committedAt", Fields.time)
        )
        activeMilliseconds = try fields.need("activeMilliseconds") { json in
            json.integer.flatMap { $0 >= 0 ? $0 : nil }
        }
        words = try fields.need("words") { json in
            Fields.small(json).flatMap { (0...1_000_000_000).contains($0) ? $0 : nil }
        }
        stamps = try Stamps(json: try fields.need("stamps") { $0 }, workflow: name.workflow)
        countedAs =
            json["class"] == "withheld"
            ? nil
            : try fields.need("class") { json in
                VerdictClass(json: json)
            }
    }
}

extension Retraction {
    /// The payload of a `retract` entry, without its salt.
    package var json: JSON {
        [
            "reviewer": .string(reviewer), "case": name.json, "revision": revision.json,
            "supersedes": supersedes.sortedJSON, "knew": knew.sortedJSON,
        ]
    }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        reviewer = try fields.text("reviewer")
        name = try fields.name()
        revision = try fields.digest("revision")
        supersedes = try fields.digests("supersedes")
        knew = try fields.digests("knew")
    }
}

extension Stamps {
    /// Without the workflow, which the case name tells.
    package var json: JSON {
        [
            "modelVersion": .string(scope.modelVersion), "segment": .string(scope.segment),
            "policyEpoch": .integer(scope.policyEpoch), "blind": .bool(blind),
            "bin": bin.map { .integer($0) } ?? -1, "k": .integer(k),
        ]
    }

    package init(json: JSON, workflow: String) throws(PayloadError) {
        let fields = try Fields(json)
        let bin = try fields.integer("bin")
        let k = try fields.integer("k")
        guard (-1..<ConfidenceBin.count).contains(bin) else {
            throw PayloadError(field: "bin", reason: "is outside -1 to 129")
        }
        guard k >= 1 else { throw PayloadError(field: "k", reason: "is below 1") }
        scope = Scope(
            workflow: workflow,
            modelVersion: try fields.text("modelVersion"),
            segment: try fields.text("segment"),
            policyEpoch: try fields.integer("policyEpoch")
        )
        blind = try fields.flag("blind")
        self.bin = bin < 0 ? nil : bin
        self.k = k
    }
}
