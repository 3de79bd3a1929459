package import Review

extension Story {
    /// Answers with a label, on the present revision unless another is named.
    @discardableResult
    package mutating func says(
        _ reviewer: String,
        _ label: String,
        output: JSON? = nil,
        replacing: [Digest] = [],
        considering: [Digest] = [],
        knowing: [Digest] = [],
        blindly blindLabel: String? = nil,
        on revision: Digest? = nil,
        viaHub: Bool = false
    ) -> Digest {
        give(
            reviewer,
            .label(label),
            output: output,
            replacing,
            considering,
            knowing,
            blindLabel,
            revision,
            viaHub
        )
    }

    @discardableResult
    package mutating func abstains(
        _ reviewer: String,
        _ kind: Abstention,
        replacing: [Digest] = [],
        considering: [Digest] = [],
        knowing: [Digest] = [],
        on revision: Digest? = nil,
        viaHub: Bool = false
    ) -> Digest {
        give(
            reviewer,
            .abstain(kind),
            output: nil,
            replacing,
            considering,
            knowing,
            nil,
            revision,
            viaHub
        )
    }

    private mutating func give(
        _ reviewer: String,
        _ answer: Verdict.Answer,
        output: JSON?,
        _ replacing: [Digest],
        _ considering: [Digest],
        _ knowing: [Digest],
        _ blindLabel: String?,
        _ revision: Digest?,
        _ viaHub: Bool
    ) -> Digest {
        let uid = uid(reviewer)
        let ai = AIAnswer(label: "approve", output: Sample.output, accepts: false)
        let verdict = Verdict(
            reviewer: reviewer,
            name: subject.name,
            revision: revision ?? self.revision,
            policy: Sample.policy,
            round: round,
            assignment: nil,
            answer: answer,
            output: output,
            blindLabel: blindLabel,
            supersedes: replacing,
            considered: considering,
            knew: knowing,
            via: viaHub ? .hub : .session,
            times: Verdict.Times(committed: Sample.noon),
            stamps: stamps,
            countedAs: VerdictClass(
                answer: blindLabel.map { .label($0) } ?? answer,
                output: blindLabel == nil ? output : nil,
                ai: ai
            )
        )
        acts.append(
            .verdict(entered(uid, viaHub ? "hub" : reviewer, byHub: viaHub, verdict))
        )
        return uid
    }

    /// What verdicts on this case are counted under.
    package var stamps: Stamps {
        Stamps(
            scope: Stamps.Scope(
                workflow: "refunds",
                modelVersion: "m@1",
                segment: "email",
                policyEpoch: 1
            ),
            blind: routing.blind,
            bin: routing.bin,
            k: routing.k
        )
    }

    @discardableResult
    package mutating func retracts(
        _ reviewer: String,
        _ verdicts: [Digest],
        knowing: [Digest] = [],
        on revision: Digest? = nil
    ) -> Digest {
        let uid = uid(reviewer)
        let retraction = Retraction(
            reviewer: reviewer,
            name: subject.name,
            revision: revision ?? self.revision,
            supersedes: verdicts,
            knew: knowing
        )
        acts.append(.retraction(entered(uid, reviewer, byHub: false, retraction)))
        return uid
    }
}
