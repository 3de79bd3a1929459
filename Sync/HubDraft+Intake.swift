package import Review

/// What the policy made of a case: the routing, and what of the policy is pinned with it.
package struct Routed: Sendable, Equatable {
    package let routing: Routing
    package let policy: Digest
    /// The AI's label, nil where it is outside the vocabulary.
    package let label: String?
    package let labels: [String]
    package let accepts: Bool
    package let reveal: CaseRecord.Reveal
    package let adjudicate: Terms.Adjudication
    package let settleMilliseconds: Int64

    package init(
        routing: Routing,
        policy: Digest,
        label: String?,
        labels: [String],
        accepts: Bool,
        reveal: CaseRecord.Reveal,
        adjudicate: Terms.Adjudication,
        settleMilliseconds: Int64
    ) {
        self.routing = routing
        self.policy = policy
        self.label = label
        self.labels = labels
        self.accepts = accepts
        self.reveal = reveal
        self.adjudicate = adjudicate
        self.settleMilliseconds = settleMilliseconds
    }
}

extension HubDraft {
    /// A policy epoch ends at the latest after this long.
    private static let epochMilliseconds: Int64 = 7 * 86_400_000

    /// Takes in a case, and returns the answer for its caller (`Dossier.disposition`).
    ///
    /// The same content again gives the same answer and changes nothing. Other content under the
    /// same name is a new revision, refused once the outcome is sealed.
    package mutating func intake(
        _ subject: Case,
        route: (Case, Workflow, Timestamp) -> Routed
    ) throws(HubRefusal) -> JSON {
        let revision = subject.revision(cryptography.hash)
        let key = held.keys[subject.name]
        if let dossier = key.flatMap({ held.cases[$0]?.dossier }) {
            if let answer = dossier.disposition(of: revision) { return answer }
            if dossier.seal != nil { throw .sealed(subject.name) }
        }
        guard var workflow = held.workflows[subject.name.workflow] else {
            throw .unknownWorkflow(
                subject.name.workflow,
                nearest: nearest(to: subject.name.workflow, among: held.workflows.keys.sorted())
            )
        }
        let seq = count(subject, in: &workflow)
        let routed = route(subject, workflow, now)
        let caseKey = key ?? newCaseKey()
        write(subject, revision, routed, workflow, caseKey)
        set(
            CaseRow(
                key: caseKey,
                name: subject.name,
                revision: revision,
                state: nil,
                sealed: false,
                review: routed.routing.review,
                due: routed.routing.due,
                arrivedAt: held.cases[caseKey]?.row?.arrivedAt ?? now,
                settleMilliseconds: routed.settleMilliseconds,
                settlesAt: nil,
                understaffed: false,
                seq: seq,
                open: held.cases[caseKey]?.row?.open ?? []
            )
        )
        if routed.routing.disposition == .hold { announce(.caseHeld, subject.name, [:]) }
        settle()
        return held.cases[caseKey]?.dossier.disposition(of: revision) ?? .null
    }

    /// Numbers the case within its model version, and begins a new policy epoch where one is due.
    private mutating func count(_ subject: Case, in workflow: inout Workflow) -> Int64 {
        let model = subject.model.stamp
        let isNewModel = !workflow.models.isEmpty && workflow.models[model] == nil
        let age = now.milliseconds - workflow.epochSince.milliseconds
        if isNewModel || age > Self.epochMilliseconds {
            workflow.epoch += 1
            workflow.epochSince = now
        }
        let seq = (workflow.models[model] ?? 0) + 1
        workflow.models[model] = seq
        set(workflow)
        return seq
    }

    private mutating func write(
        _ subject: Case,
        _ revision: Digest,
        _ routed: Routed,
        _ workflow: Workflow,
        _ key: String
    ) {
        let record = CaseRecord(
            subject,
            revision: revision,
            routing: routed.routing,
            policy: routed.policy,
            policyEpoch: workflow.epoch,
            reveal: routed.reveal,
            labels: routed.labels,
            accepts: routed.accepts
        )
        let proposal = Proposal(
            subject,
            revision: revision,
            routing: routed.routing,
            label: routed.label
        )
        state(.record(record), about: key)
        state(.proposal(proposal), about: key)
        guard routed.routing.review != .none else { return }
        let terms = Terms(
            name: subject.name,
            revision: revision,
            round: 1,
            policy: routed.policy,
            opinions: routed.routing.opinions,
            authority: routed.routing.authority,
            adjudicate: routed.adjudicate
        )
        state(.terms(terms), about: key)
    }

    private func newCaseKey() -> String { "k" + random(16).hexadecimal }
}
