// What the hub signs that a resolution depends on. Each names one case, revision and round.

/// What a case needs before it is decided.
package struct Terms: Sendable, Equatable {
    package enum Adjudication: String, Sendable { case senior, third }

    package let name: CaseName
    package let revision: Digest
    package let round: Int
    package let policy: Digest
    package let opinions: Int
    package let authority: Authority
    package let adjudicate: Adjudication

    package init(
        name: CaseName,
        revision: Digest,
        round: Int,
        policy: Digest,
        opinions: Int,
        authority: Authority,
        adjudicate: Adjudication
    ) {
        self.name = name
        self.revision = revision
        self.round = round
        self.policy = policy
        self.opinions = opinions
        self.authority = authority
        self.adjudicate = adjudicate
    }
}

/// A request that a reviewer look at a case.
///
/// What for stays with the hub until release.
package struct Assignment: Sendable, Equatable {
    package let name: CaseName
    package let revision: Digest
    package let round: Int
    package let reviewer: String
    package let due: Timestamp?
    package let at: Timestamp

    package init(
        name: CaseName,
        revision: Digest,
        round: Int,
        reviewer: String,
        due: Timestamp?,
        at: Timestamp
    ) {
        self.name = name
        self.revision = revision
        self.round = round
        self.reviewer = reviewer
        self.due = due
        self.at = at
    }
}

/// Takes a request back, from one reviewer or from all.
///
/// Why stays with the hub: what an administrator writes may tell of others' verdicts.
package struct Withdrawal: Sendable, Equatable {
    package let name: CaseName
    package let revision: Digest
    package let round: Int
    /// Nil where nobody is to look at the case any more.
    package let reviewer: String?
    /// Whose act it is, nil where the hub needed no answer any more.
    package let by: String?

    package init(
        name: CaseName,
        revision: Digest,
        round: Int,
        reviewer: String?,
        by: String? = nil
    ) {
        self.name = name
        self.revision = revision
        self.round = round
        self.reviewer = reviewer
        self.by = by
    }
}

/// Shows a reviewer, who has answered, what the others said.
package struct Release: Sendable, Equatable {
    package let name: CaseName
    package let revision: Digest
    package let round: Int
    package let reviewer: String
    /// A senior may now decide between the sides.
    package let role: Authority
    /// The verdicts that are released with it.
    package let verdicts: [Digest]

    package init(
        name: CaseName,
        revision: Digest,
        round: Int,
        reviewer: String,
        role: Authority,
        verdicts: [Digest]
    ) {
        self.name = name
        self.revision = revision
        self.round = round
        self.reviewer = reviewer
        self.role = role
        self.verdicts = verdicts
    }
}

/// Fixes an outcome for a round: from then on it does not change.
package struct Seal: Sendable, Equatable {
    package let name: CaseName
    package let revision: Digest
    package let round: Int
    package let terms: Digest
    /// Every verdict and retraction held for the case, counted or not.
    ///
    /// What is not here is late.
    package let considered: [Digest]
    package let outcome: Outcome
    /// What the claimant said of it.
    package let because: String?

    package init(
        name: CaseName,
        revision: Digest,
        round: Int,
        terms: Digest,
        considered: [Digest],
        outcome: Outcome,
        because: String? = nil
    ) {
        self.name = name
        self.revision = revision
        self.round = round
        self.terms = terms
        self.considered = considered
        self.outcome = outcome
        self.because = because
    }
}

/// Starts a round in which all heads, early and late, count.
package struct Reopening: Sendable, Equatable {
    package let name: CaseName
    package let revision: Digest
    package let round: Int
    package let because: String?

    package init(name: CaseName, revision: Digest, round: Int, because: String? = nil) {
        self.name = name
        self.revision = revision
        self.round = round
        self.because = because
    }
}

/// What a caller says it did.
package struct Acted: Sendable, Equatable {
    package let name: CaseName
    package let revision: Digest
    package let label: String
    package let output: JSON?
    package let takenAt: Timestamp
    package let reversibleUntil: Timestamp?
    package let because: String?

    package init(
        name: CaseName,
        revision: Digest,
        label: String,
        output: JSON?,
        takenAt: Timestamp,
        reversibleUntil: Timestamp?,
        because: String? = nil
    ) {
        self.name = name
        self.revision = revision
        self.label = label
        self.output = output
        self.takenAt = takenAt
        self.reversibleUntil = reversibleUntil
        self.because = because
    }
}
