import HubStore
import Oversight
import Review
import Sync

/// What is counted apart in the oversight figures.
private struct OversightGroup: Hashable, Comparable {
    let reviewer: String
    let workflow: String
    let via: String
    let modelVersion: String

    static func < (left: Self, right: Self) -> Bool {
        (left.reviewer, left.workflow, left.via, left.modelVersion)
            < (right.reviewer, right.workflow, right.via, right.modelVersion)
    }
}

/// Verdicts of one group that counted and were not blind, by class.
private struct OversightCounts {
    var classes: [VerdictClass: Int64] = [:]
    /// Of those with a reading time that can be judged: how many there are, and how many were fast.
    var judged: Int64 = 0
    var fast: Int64 = 0

    mutating func add(_ verdict: Verdict, as kind: VerdictClass) {
        classes[kind, default: 0] += 1
        guard verdict.via == .session, verdict.words >= 20 else { return }
        judged += 1
        if verdict.activeMilliseconds * 400 < Int64(verdict.words) * 60_000 { fast += 1 }
    }
}

extension HubOffice {
    /// Who overrides how often, as intervals, and what that can mean; then how often the AI was
    /// right at each confidence.
    package func listOversight(
        workflow: String?,
        reviewer: String?,
        _ print: Printing
    ) throws {
        var groups: [OversightGroup: OversightCounts] = [:]
        let rows = try store.cases(workflow.map { .workflow($0) } ?? .all)
        try eachCase(rows.map(\.key)) { file in
            let statuses = file.dossier.statuses()
            for verdict in file.dossier.verdicts where !verdict.value.stamps.blind {
                guard reviewer == nil || verdict.value.reviewer == reviewer,
                    let kind = Self.counted(verdict, statuses[verdict.uid], file.dossier)
                else { continue }
                let group = OversightGroup(
                    reviewer: verdict.value.reviewer,
                    workflow: verdict.value.name.workflow,
                    via: verdict.value.via.rawValue,
                    modelVersion: verdict.value.stamps.scope.modelVersion
                )
                groups[group, default: OversightCounts()].add(verdict.value, as: kind)
            }
        }
        for (group, counts) in groups.sorted(by: { $0.key < $1.key }) {
            try print(Self.shown(group, counts))
        }
        if reviewer == nil { try listAccuracy(of: workflow, print) }
    }

    /// The class of a verdict that counted or abstained, nil for any other.
    private static func counted(
        _ verdict: Entered<Verdict>,
        _ status: VerdictStatus?,
        _ dossier: Dossier
    ) -> VerdictClass? {
        switch status {
        case .counted, .adjudication:
            verdict.value.countedAs
                ?? dossier.ai.map { ai in
                    VerdictClass(answer: verdict.value.answer, output: verdict.value.output, ai: ai)
                }
        case .abstained: .abstain
        default: nil
        }
    }

    private static func shown(_ group: OversightGroup, _ counts: OversightCounts) throws -> Shown {
        func count(_ kind: VerdictClass) -> Int64 { counts.classes[kind] ?? 0 }
        let decided = count(.agree) + count(.overturn) + count(.amend)
        let rate = try OverrideRate(
            decided: decided,
            overturned: count(.overturn),
            amended: count(.amend)
        )
        let finding = Finding(rate, attention: .unseen)
        let fast = counts.judged == 0 ? nil : Double(counts.fast) / Double(counts.judged)
        return Shown(
            [
                "reviewer": .string(group.reviewer), "workflow": .string(group.workflow),
                "rule": .null, "placement": .null, "via": .string(group.via),
                "modelVersion": .string(group.modelVersion), "reviewed": .integer(decided),
                "overturned": .integer(count(.overturn)), "amended": .integer(count(.amend)),
                "abstained": .integer(count(.abstain)), "overrideRate": json(rate.rate),
                "low": json(rate.low), "high": json(rate.high),
                "band": .string(rate.band.rawValue), "knownSeen": 0, "knownMissed": 0,
                "fastShare": json(fast), "finding": .string(finding.kind.rawValue),
                "reasons": .strings(finding.reasons),
            ],
            [
                "\(group.reviewer)  \(group.workflow)  \(group.modelVersion)  \(group.via)  "
                    + "\(finding.kind.rawValue): \(finding.reasons.joined(separator: "; "))"
            ]
        )
    }

    /// From the totals that sealed cases add up to.
    private func listAccuracy(of workflow: String?, _ print: Printing) throws {
        let scopes = try store.totals().counts.filter { scope, _ in
            workflow == nil || scope.workflow == workflow
        }
        let models = Dictionary(grouping: scopes) { "\($0.key.workflow) \($0.key.modelVersion)" }
        for (_, scopes) in models.sorted(by: { $0.key < $1.key }) {
            guard let scope = scopes.first?.key else { continue }
            let rows: [TallyRow] = scopes.flatMap(\.value).map { bucket, count in
                (bucket.bin, bucket.k, bucket.blind, bucket.kind.rawValue, count)
            }
            for bin in try accuracyByBin(rows) { try print(Self.shown(bin, scope)) }
        }
    }

    private static func shown(_ bin: BinAccuracy, _ scope: Stamps.Scope) -> Shown {
        let confidence = bin.bin.map { "confidence bin \($0)" } ?? "no confidence"
        return Shown(
            [
                "workflow": .string(scope.workflow), "modelVersion": .string(scope.modelVersion),
                "bin": bin.bin.map { .integer($0) } ?? .null, "cases": .integer(bin.cases),
                "agree": .integer(bin.agree),
                "accuracy": json(Double(bin.agree) / Double(bin.cases)), "low": json(bin.low),
                "high": json(bin.high),
            ],
            [
                "\(scope.workflow)  \(scope.modelVersion)  \(confidence): "
                    + "\(bin.agree) of \(bin.cases) right"
            ]
        )
    }
}
