/// Counts of verdicts by what they are counted under: integers that merge by addition.
package struct Tally: Sendable, Equatable {
    /// One counter's key within a scope.
    ///
    /// Sorts as its row in a delta does.
    package struct Bucket: Sendable, Hashable, Comparable {
        /// Nil where the case had no confidence.
        package let bin: Int?
        package let k: Int
        package let blind: Bool
        package let kind: VerdictClass

        package init(bin: Int?, k: Int, blind: Bool, kind: VerdictClass) {
            self.bin = bin
            self.k = k
            self.blind = blind
            self.kind = kind
        }

        package static func < (left: Bucket, right: Bucket) -> Bool {
            (left.bin ?? -1, left.k, left.blind ? 1 : 0, left.kind.rawValue)
                < (right.bin ?? -1, right.k, right.blind ? 1 : 0, right.kind.rawValue)
        }
    }

    /// Only counters that are not zero.
    package private(set) var counts: [Stamps.Scope: [Bucket: Int64]] = [:]

    package init() {}

    package mutating func add(_ count: Int64, to bucket: Bucket, in scope: Stamps.Scope) {
        let sum = (counts[scope]?[bucket] ?? 0) + count
        counts[scope, default: [:]][bucket] = sum == 0 ? nil : sum
        if counts[scope]?.isEmpty == true { counts[scope] = nil }
    }

    package static func + (left: Tally, right: Tally) -> Tally {
        left.combined(with: right, sign: 1)
    }
    package static func - (left: Tally, right: Tally) -> Tally {
        left.combined(with: right, sign: -1)
    }

    private func combined(with other: Tally, sign: Int64) -> Tally {
        var sum = self
        for (scope, buckets) in other.counts {
            for (bucket, count) in buckets { sum.add(sign * count, to: bucket, in: scope) }
        }
        return sum
    }
}

// MARK: - Of a log

extension Tally {
    /// The tally of one log, its statements in order: for each case and revision the last verdict
    /// that was not retracted in this log.
    ///
    /// Verdicts of a withheld class count nowhere; statements of other kinds do nothing.
    package init(ofLog statements: some Sequence<(uid: Digest, statement: Statement)>) {
        self.init(ofLog: statements.compactMap { TallyAct($0.uid, $0.statement) })
    }

    /// The same of acts from which all but what counts was taken.
    package init(ofLog acts: some Sequence<TallyAct>) {
        var last: [TallyAct.Subject: [TallyAct]] = [:]
        // Where the last retraction about something took back.
        var takenBack: [String: TallyAct.Subject] = [:]
        for act in acts {
            let about = act.subject.about
            let subjects =
                act.subject.revision.isEmpty
                ? last.keys.filter { $0.about == about } : [act.subject]
            let met = subjects.first { subject in
                last[subject]?.contains { act.retracts.contains($0.uid) } ?? false
            }
            if act.isRetraction {
                for subject in subjects {
                    last[subject]?.removeAll { act.retracts.contains($0.uid) }
                }
                takenBack[about] = met ?? takenBack[about]
            } else {
                // After erasure no revision is told: it stands where what it replaces does, or where
                // its author has just taken back.
                let isTold = !act.subject.revision.isEmpty
                let place = met ?? (isTold ? nil : takenBack[about]) ?? act.subject
                last[place, default: []].append(act)
                takenBack[about] = nil
            }
        }
        self.init()
        for acts in last.values {
            if let counted = acts.last?.counted { add(1, to: counted.bucket, in: counted.scope) }
        }
    }
}

extension Dossier {
    /// What this case adds to the tally of one log.
    package func tally(ofLog log: LogName) -> Tally {
        // What a retraction takes back stands before it, so the order between the two kinds is free.
        let own = verdicts.filter { $0.log == log }.map { ($0.uid, Statement.verdict($0.value)) }
        let back = retractions.filter { $0.log == log }.map {
            ($0.uid, Statement.retraction($0.value))
        }
        return Tally(ofLog: own + back)
    }
}

// MARK: - Of a case

extension Dossier {
    /// What this case adds to a recount: that of its highest sealed round, else nothing; nothing
    /// too where that rests on acts that are inert now.
    ///
    /// Decided: one count, blind iff every counted opinion is blind with equal blind labels (by a
    /// senior, the deciding act alone), and then by the blind labels. Unreviewable: one abstain.
    package var contribution: Tally {
        var tally = Tally()
        guard let current, let ai,
            let seal = lastSeal(of: current.value.revision)?.value
        else { return tally }
        let outcome = seal.outcome
        let inert = inert
        if outcome.counted.contains(where: inert.contains) { return tally }
        let stamps = current.value.stamps(proposal?.value)
        let opinions = verdicts.filter { outcome.counted.contains($0.uid) }
        let weighing = outcome.by == .senior ? deciding(opinions, outcome) : opinions
        let labels = Set(weighing.map(\.value.blindLabel))
        let blindLabel = labels.count == 1 ? labels.first ?? nil : nil
        let kind: VerdictClass
        switch (outcome.state, blindLabel, outcome.label) {
        case (.unreviewable, _, _): kind = .abstain
        case (.decided, let label?, _):
            kind = VerdictClass(answer: .label(label), output: nil, ai: ai)
        case (.decided, nil, let label?):
            kind = VerdictClass(answer: .label(label), output: outcome.output, ai: ai)
        default: return tally
        }
        tally.add(
            1,
            to: Tally.Bucket(bin: stamps.bin, k: stamps.k, blind: blindLabel != nil, kind: kind),
            in: stamps.scope
        )
        return tally
    }

    /// The opinions that took the outcome's side and name what they considered.
    private func deciding(
        _ opinions: [Entered<Verdict>],
        _ outcome: Outcome
    ) -> [Entered<Verdict>] {
        opinions.filter {
            ($0.byHub || !$0.value.considered.isEmpty) && $0.value.label == outcome.label
        }
    }
}
