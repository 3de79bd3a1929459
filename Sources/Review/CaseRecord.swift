/// A case as it travels to reviewers: what one may see before answering blind.
///
/// What tells the AI's answer stands apart, in a `Proposal` of its own entry.
package struct CaseRecord: Sendable, Equatable {
    /// When a blind reviewer's replica may hold the AI's answer.
    package enum Reveal: String, Sendable {
        /// At once, withheld by the node as a courtesy.
        case local
        /// Only after the hub has signed for the reviewer's own answer.
        case hub
    }

    package let name: CaseName
    package let revision: Digest
    /// The case without what `Proposal.content` holds.
    package let content: JSON
    /// What the caller said about its action when this content first came.
    package let action: JSON?
    package let policy: Digest
    package let phase: Int
    package let review: Routing.Review
    package let due: Timestamp?
    package let blind: Bool
    package let reveal: Reveal
    /// The workflow's vocabulary, in the order of its policy.
    package let labels: [String]
    /// Whether reviewers accept, amend or reject a free-form output.
    package let accepts: Bool
    package let modelVersion: String
    package let segment: String
    package let policyEpoch: Int
    /// Those that do not read the AI's answer.
    package let placements: [String]
    /// Those rows that do not read the AI's answer.
    package let why: [JSON]
    package let summary: String
}

/// What tells the AI's answer, and every reason for the review that reads it.
package struct Proposal: Sendable, Equatable {
    package let name: CaseName
    package let revision: Digest
    /// Title, output, label, confidence and `context.reasoning`, as sent.
    package let content: JSON
    /// The AI's label, nil where it is outside the workflow's vocabulary.
    package let label: String?
    package let disposition: Routing.Disposition
    /// All placements and rows, those of the case record included, in order.
    package let placements: [String]
    package let why: [JSON]
    package let summary: String
    package let bin: Int?
    package let k: Int

    package var output: JSON { content["output"] ?? .null }
}

// MARK: - From a case and its routing

extension CaseRecord {
    /// What stands in the summary's place while every reason for the review reads the AI's answer.
    package static let neutralSummary = "for review"

    package init(
        _ subject: Case,
        revision: Digest,
        routing: Routing,
        policy: Digest,
        policyEpoch: Int,
        reveal: Reveal,
        labels: [String],
        accepts: Bool
    ) {
        let visible = routing.reasons.filter { !$0.readsProposal }
        name = subject.name
        self.revision = revision
        content = Self.split(subject.content).shared
        action = subject.sentAction
        self.policy = policy
        phase = routing.phase
        review = routing.review
        due = routing.due
        blind = routing.blind
        self.reveal = reveal
        self.labels = labels
        self.accepts = accepts
        modelVersion = subject.model.stamp
        segment = routing.segment
        self.policyEpoch = policyEpoch
        placements = visible.map(\.placement.rawValue).uniqued()
        why = routing.why.filter { !$0.readsProposal }.map(\.json)
        summary = visible.first?.sentence ?? Self.neutralSummary
    }

    /// A case's content in two: what a blind reviewer may see, and the AI's answer.
    fileprivate static func split(_ content: JSON) -> (shared: JSON, proposal: JSON) {
        var shared = content.object ?? [:]
        var proposal: [String: JSON] = [:]
        for key in ["title", "output", "label", "confidence"] {
            proposal[key] = shared.removeValue(forKey: key)
        }
        if var context = shared["context"]?.object,
            let reasoning = context.removeValue(forKey: "reasoning")
        {
            proposal["reasoning"] = reasoning
            shared["context"] = .object(context)
        }
        return (.object(shared), .object(proposal))
    }

    /// The case as sent, without the AI's answer while that is withheld.
    package func joined(with proposal: Proposal?) -> JSON {
        var whole = content.object ?? [:]
        whole["action"] = action
        for (key, value) in proposal?.content.object ?? [:] {
            if key == "reasoning" {
                var context = whole["context"]?.object ?? [:]
                context["reasoning"] = value
                whole["context"] = .object(context)
            } else {
                whole[key] = value
            }
        }
        return .object(whole)
    }

    /// What verdicts on this case are counted under.
    ///
    /// Without the proposal bin and k are not known.
    package func stamps(_ proposal: Proposal?) -> Stamps {
        Stamps(
            scope: Stamps.Scope(
                workflow: name.workflow,
                modelVersion: modelVersion,
                segment: segment,
                policyEpoch: policyEpoch
            ),
            blind: blind,
            bin: proposal?.bin,
            k: proposal?.k ?? 1
        )
    }
}

extension Proposal {
    package init(_ subject: Case, revision: Digest, routing: Routing, label: String?) {
        name = subject.name
        self.revision = revision
        content = CaseRecord.split(subject.content).proposal
        self.label = label
        disposition = routing.disposition
        placements = routing.placements.map(\.rawValue)
        why = routing.why.map(\.json)
        summary = routing.summary
        bin = routing.bin
        k = routing.k
    }
}

extension Routing.Why {
    /// `{"rule", "result": true, false or "unknown", "values", "missing"}`.
    package var json: JSON {
        let word: JSON =
            switch result {
            case .no: false
            case .yes: true
            case .unknown: "unknown"
            }
        return .present([
            "rule": .string(rule), "result": word, "values": .object(values),
            "missing": missing.isEmpty ? nil : .strings(missing),
        ])
    }
}

extension Sequence where Element: Hashable {
    /// Each element once, in order of first appearance.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
