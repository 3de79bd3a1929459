import Review

extension Router {
    mutating func placeConfidence() {
        guard let confidence = policy.confidence else { return }
        var values: [String: JSON] = [:]
        var missing: [String] = []
        var isBelow = false
        var limitPpm: Int?
        if let ppm, let bin {
            values["ppm"] = .integer(ppm)
            values["bin"] = .integer(bin)
            if let table = standing.table, table.indices.contains(bin) {
                values["calibratedPPM"] = .integer(table[bin])
            }
        } else {
            missing.append("confidence")
        }
        switch confidence.below {
        case .literal(let below):
            values["belowPPM"] = .integer(below)
            limitPpm = below
            isBelow = ppm.map { $0 < below } ?? false
        case .threshold:
            if let threshold = standing.threshold {
                values["thresholdBin"] = .integer(threshold.bin)
                values["thresholdPPM"] = .integer(threshold.ppm)
                limitPpm = threshold.ppm
                isBelow = bin.map { $0 < threshold.bin } ?? false
            } else {
                missing.append("threshold")
            }
        }
        let result: Routing.Result = !missing.isEmpty ? .unknown : isBelow ? .yes : .no
        why.append(
            Routing.Why(
                rule: "confidence",
                result: result,
                values: values,
                missing: missing,
                readsProposal: true
            )
        )
        if result == .no { return }
        apply(
            .confidence,
            review(below: confidence),
            Self.sentence(ppm, limitPpm),
            readsProposal: true
        )
    }

    private func review(below confidence: Policy.Confidence) -> Routing.Review {
        switch phase {
        case 1: .before
        case 2: confidence.review == .before ? .before : .after
        case 3: afterIfReversible
        default: .none
        }
    }

    private static func sentence(_ ppm: Int?, _ limit: Int?) -> String {
        guard let ppm else { return "the AI gave no confidence" }
        guard let limit else { return "no threshold is certified yet for the AI's confidence" }
        return "the AI's confidence \(percent(ppm)) is below \(percent(limit))"
    }

    /// Parts per million as a percentage, with the digits it needs: `93 %`, `89.3309 %`.
    private static func percent(_ ppm: Int) -> String {
        "\(JSON.number(Double(ppm) / 10_000).canonical) %"
    }
}
