/// A value and the entry that brought it.
///
/// It never changes, so that every copy is one and the same: cases are folded and copied all day.
package struct Entered<Value: Sendable & Equatable>: Sendable {
    private final class Content: Sendable {
        let uid: Digest
        let log: LogName
        let seq: Int64
        let byHub: Bool
        let value: Value

        init(uid: Digest, log: LogName, seq: Int64, byHub: Bool, value: Value) {
            self.uid = uid
            self.log = log
            self.seq = seq
            self.byHub = byHub
            self.value = value
        }
    }

    private let content: Content

    package init(uid: Digest, log: LogName, seq: Int64, byHub: Bool, value: Value) {
        content = Content(uid: uid, log: log, seq: seq, byHub: byHub, value: value)
    }

    package var uid: Digest { content.uid }
    /// The log that it stands in; a hub's own log is named by the hub's id.
    package var log: LogName { content.log }
    package var seq: Int64 { content.seq }
    /// Whether the hub wrote it.
    ///
    /// Only then may a verdict decide without a first answer.
    package var byHub: Bool { content.byHub }
    package var value: Value { content.value }
}

extension Entered: Equatable {
    package static func == (left: Entered, right: Entered) -> Bool {
        left.content === right.content
            || left.uid == right.uid && left.log == right.log && left.seq == right.seq
                && left.byHub == right.byHub && left.value == right.value
    }
}

extension Entered {
    /// By the generation of the log it stands in, then by its place there.
    func isEarlier<Other>(than other: Entered<Other>) -> Bool {
        (log.generation, seq, uid) < (other.log.generation, other.seq, other.uid)
    }
}

/// Everything a replica holds about one case, in the order it was accepted.
///
/// A hub and a node fold the same entries into it, and compute from it whatever they show. Nothing
/// depends on the order; what is added twice is there once.
package struct Dossier: Sendable, Equatable {
    package private(set) var cases: [Entered<CaseRecord>] = []
    package private(set) var proposals: [Entered<Proposal>] = []
    package private(set) var terms: [Entered<Terms>] = []
    package private(set) var assignments: [Entered<Assignment>] = []
    package private(set) var withdrawals: [Entered<Withdrawal>] = []
    package private(set) var verdicts: [Entered<Verdict>] = []
    package private(set) var retractions: [Entered<Retraction>] = []
    package private(set) var releases: [Entered<Release>] = []
    package private(set) var outcomes: [Entered<Outcome>] = []
    package private(set) var seals: [Entered<Seal>] = []
    package private(set) var reopenings: [Entered<Reopening>] = []
    package private(set) var rulings: [Entered<Ruling>] = []
    package private(set) var acts: [Entered<Acted>] = []
    /// What was computed from all of it, for every copy of it.
    private(set) var known = Known()

    package init() {}
}

// MARK: - Adding

extension Dossier {
    package mutating func add(_ new: Entered<CaseRecord>) { Self.add(new, to: &cases, &known) }
    package mutating func add(_ new: Entered<Proposal>) { Self.add(new, to: &proposals, &known) }
    package mutating func add(_ new: Entered<Terms>) { Self.add(new, to: &terms, &known) }
    package mutating func add(_ new: Entered<Withdrawal>) {
        Self.add(new, to: &withdrawals, &known)
    }
    package mutating func add(_ new: Entered<Verdict>) { Self.add(new, to: &verdicts, &known) }
    package mutating func add(_ new: Entered<Retraction>) {
        Self.add(new, to: &retractions, &known)
    }
    package mutating func add(_ new: Entered<Release>) { Self.add(new, to: &releases, &known) }
    package mutating func add(_ new: Entered<Outcome>) { Self.add(new, to: &outcomes, &known) }
    package mutating func add(_ new: Entered<Seal>) { Self.add(new, to: &seals, &known) }
    package mutating func add(_ new: Entered<Reopening>) { Self.add(new, to: &reopenings, &known) }
    package mutating func add(_ new: Entered<Ruling>) { Self.add(new, to: &rulings, &known) }
    package mutating func add(_ new: Entered<Acted>) { Self.add(new, to: &acts, &known) }

    package mutating func add(_ new: Entered<Assignment>) {
        Self.add(new, to: &assignments, &known)
    }

    private static func add<Value>(
        _ new: Entered<Value>,
        to list: inout [Entered<Value>],
        _ known: inout Known
    ) {
        if list.contains(where: { $0.uid == new.uid }) { return }
        list.append(new)
        known = Known()
    }
}

// MARK: - Where the case stands

extension Dossier {
    package var name: CaseName? { cases.first?.value.name }

    /// The current revision: the one first accepted last, by the hub's own log.
    ///
    /// Of several entries that say the same, here and below, the one of the lower generation and seq
    /// holds: a hub that had lost one wrote another.
    package var current: Entered<CaseRecord>? {
        if cases.count <= 1 { return cases.first }
        return Dictionary(grouping: cases, by: \.value.revision).values
            .compactMap { $0.min { $0.isEarlier(than: $1) } }
            .max { $0.isEarlier(than: $1) }
    }

    /// The current revision by its hash: also where the content was purged here, by the terms for it.
    var revision: Digest? {
        current?.value.revision ?? terms.max { $0.isEarlier(than: $1) }?.value.revision
    }

    /// The AI's answer to the current revision, nil where it is withheld from this replica.
    package var proposal: Entered<Proposal>? {
        let revision = current?.value.revision
        return earliest(of: proposals) { $0.revision == revision }
    }

    private func earliest<Value>(
        of list: [Entered<Value>],
        _ matches: (Value) -> Bool
    ) -> Entered<Value>? {
        var earliest: Int?
        for index in list.indices where matches(list[index].value) {
            if earliest.map({ list[index].isEarlier(than: list[$0]) }) ?? true { earliest = index }
        }
        return earliest.map { list[$0] }
    }

    /// From 1; each reopening starts another.
    package var round: Int {
        if reopenings.isEmpty { return 1 }
        let revision = revision
        return reopenings.filter { $0.value.revision == revision }
            .map(\.value.round).max() ?? 1
    }

    package var currentTerms: Entered<Terms>? {
        let (revision, round) = (revision, round)
        return earliest(of: terms) { $0.revision == revision && $0.round == round }
    }

    /// The seal of the present round; of two, the one of the lower generation and seq holds.
    package var seal: Entered<Seal>? {
        if seals.isEmpty { return nil }
        let (revision, round) = (revision, round)
        return earliest(of: seals) { $0.revision == revision && $0.round == round }
    }

    /// The seal that holds of the highest sealed round of a revision.
    func lastSeal(of revision: Digest) -> Entered<Seal>? {
        let sealed = seals.filter { $0.value.revision == revision }
        let highest = sealed.map(\.value.round).max()
        return sealed.filter { $0.value.round == highest }.min { $0.isEarlier(than: $1) }
    }

    /// The AI's side of a comparison, nil while it is withheld.
    package var ai: AIAnswer? {
        guard let current, let proposal else { return nil }
        return AIAnswer(
            label: proposal.value.label,
            output: proposal.value.output,
            accepts: current.value.accepts
        )
    }

    /// The outcome as it stands: the sealed one, or what the verdicts amount to now.
    package var outcome: Outcome? { seal?.value.outcome ?? resolve(self) }

    /// A reviewer's own verdicts on a revision that no later act of theirs has named.
    ///
    /// An inert one too, for a new act to name: but it names nothing itself.
    package func heads(of reviewer: String, on revision: Digest) -> [Entered<Verdict>] {
        let own = verdicts.filter { $0.value.reviewer == reviewer && $0.value.revision == revision }
        let inert = inert
        let named =
            own.filter { !inert.contains($0.uid) }.flatMap(\.value.supersedes)
            + retractions.filter {
                $0.value.reviewer == reviewer && $0.value.revision == revision
                    && !inert.contains($0.uid)
            }.flatMap(\.value.supersedes)
        return own.filter { !named.contains($0.uid) }
    }
}
