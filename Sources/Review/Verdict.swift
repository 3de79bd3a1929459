/// What a reviewer said about one revision of one case.
package struct Verdict: Sendable, Equatable {
    package enum Answer: Sendable, Equatable {
        case label(String)
        case abstain(Abstention)
    }

    /// How it was given.
    ///
    /// All but `session` count as unread in the oversight figures.
    package enum Via: String, Sendable { case session, answer, decide, `import`, hub }

    /// When things happened, by this machine's clock; told to people, never used to order.
    package struct Times: Sendable, Equatable {
        package var assigned: Timestamp?
        package var arrived: Timestamp?
        package var opened: Timestamp?
        package var firstKey: Timestamp?
        package var committed: Timestamp

        package init(
            assigned: Timestamp? = nil,
            arrived: Timestamp? = nil,
            opened: Timestamp? = nil,
            firstKey: Timestamp? = nil,
            committed: Timestamp
        ) {
            self.assigned = assigned
            self.arrived = arrived
            self.opened = opened
            self.firstKey = firstKey
            self.committed = committed
        }
    }

    package let reviewer: String
    package let name: CaseName
    package let revision: Digest
    package let policy: Digest
    package let round: Int
    /// The assignment entry that asked for it, nil where nobody asked.
    package let assignment: Digest?
    package let answer: Answer
    /// The edited output, nil where the reviewer left it alone.
    package let output: JSON?
    package let reason: String?
    package let note: String?
    /// The label given before the AI's was shown; for ever the one that statistics use.
    package let blindLabel: String?
    package let revealedAt: Timestamp?
    /// Own heads on this revision that this verdict replaces.
    package let supersedes: [Digest]
    /// Verdicts of others that were on the screen; an adjudication names all sides.
    package let considered: [Digest]
    /// The releases that this replica had applied.
    package let knew: [Digest]
    package let via: Via
    package let times: Times
    package let activeMilliseconds: Int64
    package let words: Int
    package let stamps: Stamps
    /// Nil while the AI's answer is withheld from this replica.
    package let countedAs: VerdictClass?

    package init(
        reviewer: String,
        name: CaseName,
        revision: Digest,
        policy: Digest,
        round: Int,
        assignment: Digest?,
        answer: Answer,
        output: JSON? = nil,
        reason: String? = nil,
        note: String? = nil,
        blindLabel: String? = nil,
        revealedAt: Timestamp? = nil,
        supersedes: [Digest] = [],
        considered: [Digest] = [],
        knew: [Digest] = [],
        via: Via,
        times: Times,
        activeMilliseconds: Int64 = 0,
        words: Int = 0,
        stamps: Stamps,
        countedAs: VerdictClass?
    ) {
        self.reviewer = reviewer
        self.name = name
        self.revision = revision
        self.policy = policy
        self.round = round
        self.assignment = assignment
        self.answer = answer
        self.output = output
        self.reason = reason
        self.note = note
        self.blindLabel = blindLabel
        self.revealedAt = revealedAt
        self.supersedes = supersedes
        self.considered = considered
        self.knew = knew
        self.via = via
        self.times = times
        self.activeMilliseconds = activeMilliseconds
        self.words = words
        self.stamps = stamps
        self.countedAs = countedAs
    }

    package var label: String? {
        guard case .label(let label) = answer else { return nil }
        return label
    }

    package var abstention: Abstention? {
        guard case .abstain(let kind) = answer else { return nil }
        return kind
    }

    /// Whether it weighs in an outcome: an answer, or "nobody could decide this".
    package var isOpinion: Bool { abstention?.isOpinion ?? true }
}

/// Withdraws own verdicts on one revision.
package struct Retraction: Sendable, Equatable {
    package let reviewer: String
    package let name: CaseName
    package let revision: Digest
    package let supersedes: [Digest]
    package let knew: [Digest]

    package init(
        reviewer: String,
        name: CaseName,
        revision: Digest,
        supersedes: [Digest],
        knew: [Digest]
    ) {
        self.reviewer = reviewer
        self.name = name
        self.revision = revision
        self.supersedes = supersedes
        self.knew = knew
    }
}
