package import Review

/// One case, and what people and the hub said about it, told in order.
///
/// Each teller returns the uid of what was said. Uids sort in the order of telling, unless the story
/// is told with a `scramble`, which gives them another order.
package struct Story: Sendable {
    /// What was said, as it can be told again in another order.
    package enum Act: Sendable {
        case record(Entered<CaseRecord>)
        case proposal(Entered<Proposal>)
        case terms(Entered<Terms>)
        case verdict(Entered<Verdict>)
        case retraction(Entered<Retraction>)
        case release(Entered<Release>)
        case seal(Entered<Seal>)
        case reopening(Entered<Reopening>)
        case ruling(Entered<Ruling>)
    }

    package internal(set) var acts: [Act] = []
    /// `anna1`, `anna2`: whose it is, and which of theirs.
    package private(set) var names: [Digest: String] = [:]
    package private(set) var revision = Sample.digest(800_000)
    package private(set) var round = 1
    package let routing: Routing
    package let adjudicate: Terms.Adjudication
    let subject: Case
    private let scramble: UInt64
    private var version = 0
    private var spoken = 0
    private var counts: [String: Int] = [:]

    package init(
        _ id: String = "T-1029",
        opinions: Int = 1,
        adjudicate: Terms.Adjudication = .senior,
        authority: Authority = .reviewer,
        blind: Bool = false,
        bin: Int? = 85,
        k: Int = 1,
        scramble: UInt64 = 0
    ) {
        routing = Sample.routing(
            opinions: opinions,
            authority: authority,
            blind: blind,
            bin: bin,
            k: k
        )
        self.adjudicate = adjudicate
        subject = Sample.refund(id)
        self.scramble = scramble
        revises()
    }

    /// Everything held about the case.
    package var dossier: Dossier { Self.dossier(acts) }

    package static func dossier(_ acts: some Sequence<Act>) -> Dossier {
        acts.reduce(into: Dossier()) { dossier, act in
            switch act {
            case .record(let entered): dossier.add(entered)
            case .proposal(let entered): dossier.add(entered)
            case .terms(let entered): dossier.add(entered)
            case .verdict(let entered): dossier.add(entered)
            case .retraction(let entered): dossier.add(entered)
            case .release(let entered): dossier.add(entered)
            case .seal(let entered): dossier.add(entered)
            case .reopening(let entered): dossier.add(entered)
            case .ruling(let entered): dossier.add(entered)
            }
        }
    }

    /// A name for the next thing said by `author`: `anna1`, then `anna2`.
    mutating func uid(_ author: String) -> Digest {
        spoken += 1
        counts[author, default: 0] += 1
        let mixed = scramble == 0 ? 0 : Int(SplitMix64.mix(scramble &+ UInt64(spoken)) >> 32)
        let uid = Sample.digest(mixed << 20 | spoken)
        names[uid] = "\(author)\(counts[author] ?? 0)"
        return uid
    }

    func entered<Value>(
        _ uid: Digest,
        _ author: String,
        byHub: Bool = true,
        _ value: Value
    ) -> Entered<Value> {
        Entered(
            uid: uid,
            log: LogName(device: author, epoch: "1.0000000000000000"),
            seq: Int64(spoken),
            byHub: byHub,
            value: value
        )
    }
}

// MARK: - The hub

extension Story {
    /// The case comes, or comes again with other content.
    package mutating func revises() {
        version += 1
        round = 1
        revision = Sample.digest(800_000 + version)
        let record = CaseRecord(
            subject,
            revision: revision,
            routing: routing,
            policy: Sample.policy,
            policyEpoch: 1,
            reveal: .local,
            labels: Sample.labels,
            accepts: false
        )
        let proposal = Proposal(subject, revision: revision, routing: routing, label: "approve")
        acts.append(.record(entered(uid("case"), "hub", record)))
        acts.append(.proposal(entered(uid("proposal"), "hub", proposal)))
        agrees()
    }

    private mutating func agrees() {
        let terms = Terms(
            name: subject.name,
            revision: revision,
            round: round,
            policy: Sample.policy,
            opinions: routing.opinions,
            authority: routing.authority,
            adjudicate: adjudicate
        )
        acts.append(.terms(entered(uid("terms"), "hub", terms)))
    }

    /// Shows a reviewer what the others said.
    @discardableResult
    package mutating func releases(
        to reviewer: String,
        as role: Authority = .reviewer,
        showing verdicts: [Digest] = []
    ) -> Digest {
        let uid = uid("release")
        let release = Release(
            name: subject.name,
            revision: revision,
            round: round,
            reviewer: reviewer,
            role: role,
            verdicts: verdicts
        )
        acts.append(.release(entered(uid, "hub", release)))
        return uid
    }

    /// Seals the outcome as it stands, where there is one.
    package mutating func seals() {
        let dossier = dossier
        guard let outcome = resolve(dossier), let terms = dossier.currentTerms else { return }
        let seal = Seal(
            name: subject.name,
            revision: revision,
            round: round,
            terms: terms.uid,
            considered: dossier.considerable,
            outcome: outcome
        )
        acts.append(.seal(entered(uid("seal"), "hub", seal)))
    }

    package mutating func rules(_ word: Ruling.Word, on verdicts: [Digest]) {
        let ruling = Ruling(
            name: subject.name,
            word: word,
            verdicts: verdicts,
            because: "compromised"
        )
        acts.append(.ruling(entered(uid("ruling"), "hub", ruling)))
    }

    package mutating func reopens() {
        round += 1
        let reopening = Reopening(name: subject.name, revision: revision, round: round)
        acts.append(.reopening(entered(uid("reopening"), "hub", reopening)))
        agrees()
    }
}
