/// What the verdicts on a case amount to, as a pure function of sets (`review.md`, outcomes).
///
/// Two replicas that hold the same verdicts and facts hold the same `bytes`.
package struct Outcome: Sendable, Equatable {
    package enum State: String, Sendable { case waiting, decided, disputed, unreviewable, erased }

    /// What it waits for; the first that holds, in this order.
    package enum WaitingFor: String, Sendable {
        case `self`, context, senior, third, reviewer, opinions
    }

    /// Which rule decided.
    package enum By: String, Sendable { case single, agreement, majority, senior }

    package struct Uncounted: Sendable, Equatable {
        package let uid: Digest
        package let reason: VerdictStatus

        package init(uid: Digest, reason: VerdictStatus) {
            self.uid = uid
            self.reason = reason
        }
    }

    package let name: CaseName
    package let revision: Digest
    package let round: Int
    package let state: State
    package let waitingFor: WaitingFor?
    package let label: String?
    /// Nil where nobody supplied one.
    package let output: JSON?
    package let by: By?
    /// Every opinion weighed, losers and the deciding adjudication too, sorted.
    package let counted: [Digest]
    /// Sorted by uid.
    package let uncounted: [Uncounted]
    /// The hub's entries it rests on, sorted; never the seal.
    package let facts: [Digest]
    /// How many opinions there are and were needed, and who stands on which side: data, no sentence.
    package let why: JSON
}

/// What became of a verdict.
package enum VerdictStatus: String, Sendable {
    case counted, superseded, retracted, stale, selfConflict, abstained, afterRelease
    case lateConcurring, lateDissent, lateRetract, adjudication, quarantined
}

// MARK: - Bytes

extension Outcome {
    package var json: JSON {
        [
            "v": 1, "case": name.json, "revision": revision.json, "round": .integer(round),
            "state": .string(state.rawValue),
            "waitingFor": waitingFor.map { .string($0.rawValue) } ?? .null,
            "label": label.map(JSON.string) ?? .null, "output": output ?? .null,
            "by": by.map { .string($0.rawValue) } ?? .null, "counted": counted.sortedJSON,
            "uncounted": .array(
                uncounted.map { ["uid": $0.uid.json, "reason": .string($0.reason.rawValue)] }
            ),
            "facts": facts.sortedJSON, "why": why,
        ]
    }

    /// The canonical form, whose hash names the outcome and is what a claim names.
    package var bytes: [UInt8] { json.canonicalBytes }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        name = try fields.name()
        revision = try fields.digest("revision")
        round = try fields.integer("round")
        state = try fields.word("state")
        waitingFor = try fields.maybe("waitingFor") { $0.string.flatMap(WaitingFor.init) }
        label = try fields.maybe("label", \.string)
        switch json["output"] {
        case nil, .null?: output = nil
        case let value?: output = value
        }
        by = try fields.maybe("by") { $0.string.flatMap(By.init) }
        counted = try fields.digests("counted")
        uncounted = try fields.need("uncounted") { json in
            guard let rows = json.array else { return nil }
            let read: [Uncounted] = rows.compactMap { row in
                guard let uid = row["uid"].flatMap(Fields.digest),
                    let reason = row["reason"]?.string.flatMap(VerdictStatus.init)
                else { return nil }
                return Uncounted(uid: uid, reason: reason)
            }
            return read.count == rows.count ? read : nil
        }
        facts = try fields.digests("facts")
        why = try fields.need("why") { $0 }
    }
}
