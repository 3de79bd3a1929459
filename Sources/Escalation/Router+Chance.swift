import Review

extension Router {
    /// Whether knowing of this placement tells what the AI's answer was not.
    private var restReadsProposal: Bool {
        policy.confidence != nil || policy.output != nil
            || policy.rules.contains(where: \.readsProposal)
    }

    /// The phase's rest, which no rule and no threshold asks for; returns the k it is drawn with.
    mutating func placeRest(_ isRest: Bool, _ number: UInt32) -> [Int] {
        guard isRest else { return [] }
        switch phase {
        case 1:
            apply(
                .before,
                .before,
                "phase 1: everything is reviewed before the action",
                readsProposal: restReadsProposal
            )
            return []
        case 3:
            let k = policy.after.k
            if Standing.isDrawn(number, oneIn: k) {
                let share = k == 1 ? "everything" : "1 in \(k)"
                apply(
                    .after,
                    afterIfReversible,
                    "phase 3: \(share) is reviewed after the action",
                    readsProposal: restReadsProposal
                )
            }
            return [k]
        default: return []
        }
    }

    /// The samples, drawn with one number so that they nest; returns the k that apply.
    mutating func placeSamples(_ isRest: Bool, _ number: UInt32) -> [Int] {
        guard let sample = policy.sample else { return [] }
        var odds: [Int] = []
        let isConfident = isRest && (phase == 2 || phase == 3)
        for (rule, k, applies) in [
            ("sample.core", sample.core, true), ("sample.confident", sample.confident, isConfident),
        ] {
            guard let k else { continue }
            let isDrawn = applies && Standing.isDrawn(number, oneIn: k)
            let readsProposal = rule == "sample.confident"
            why.append(
                Routing.Why(
                    rule: rule,
                    result: isDrawn ? .yes : .no,
                    values: ["k": .integer(k)],
                    readsProposal: readsProposal
                )
            )
            if applies { odds.append(k) }
            if isDrawn, applying.last?.reason.placement != .sample {
                apply(
                    .sample,
                    phase == 1 ? .before : .after,
                    "drawn at random, 1 in \(k)",
                    readsProposal: readsProposal
                )
            }
        }
        return odds
    }
}
