package import Review
package import Sync

/// The one refund that most tests are about, as a caller sends it and as a policy routes it.
package enum Sample {
    package static let noon = Timestamp(milliseconds: 1_800_000_000_000)
    package static let policy = digest(900_000)
    /// What the AI answered: its label is `approve`.
    package static let output: JSON = ["decision": "approve", "amount": 1]
    package static let labels = ["approve", "deny", "partial"]

    /// A digest that sorts as its number does.
    package static func digest(_ number: Int) -> Digest {
        let tail = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
        guard let digest = Digest(bytes: [UInt8](repeating: 0, count: 24) + tail) else {
            preconditionFailure("24 and 8 bytes are 32")
        }
        return digest
    }

    /// The refund, its `version` telling one revision from another.
    package static func refund(
        _ id: String = "T-1029",
        version: Int = 1,
        confidence: Double? = 0.93
    ) -> Case {
        let json: JSON = .present([
            "workflow": "refunds", "id": .string(id), "title": "Refund 1.00 EUR",
            "input": ["text": "My parcel came late.", "version": .integer(version)],
            "output": output, "label": "approve", "confidence": confidence.map(JSON.number),
            "model": ["id": "m", "version": "1"],
        ])
        guard let refund = try? Case(json) else { preconditionFailure("the sample is a case") }
        return refund
    }

    package static func routing(
        opinions: Int = 1,
        authority: Authority = .reviewer,
        blind: Bool = false,
        bin: Int? = 85,
        k: Int = 1
    ) -> Routing {
        Routing(
            review: .before,
            disposition: .hold,
            reasons: [
                Routing.Reason(placement: .exception, sentence: "asked for", readsProposal: false)
            ],
            why: [],
            k: k,
            core: false,
            ppm: bin.map { _ in 930_000 },
            bin: bin,
            blind: blind,
            opinions: opinions,
            authority: authority,
            segment: "email",
            due: nil,
            phase: 1
        )
    }

    /// The routing as the hub takes it in.
    package static func routed(
        _ routing: Routing = routing(),
        adjudicate: Terms.Adjudication = .senior,
        reveal: CaseRecord.Reveal = .local,
        policy: Digest = policy
    ) -> Routed {
        Routed(
            routing: routing,
            policy: policy,
            label: "approve",
            labels: labels,
            accepts: false,
            reveal: reveal,
            adjudicate: adjudicate,
            settleMilliseconds: 600_000
        )
    }
}
