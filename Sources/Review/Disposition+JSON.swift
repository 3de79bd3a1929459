extension Dossier {
    /// The answer a caller gets for a revision: what it may do now, with all the evidence.
    ///
    /// The same bytes each time it is asked for. Nil where this dossier lacks the revision.
    package func disposition(of revision: Digest) -> JSON? {
        guard let record = cases.first(where: { $0.value.revision == revision })?.value,
            let proposal = proposals.first(where: { $0.value.revision == revision })?.value
        else { return nil }
        return .present([
            "case": record.name.json, "revision": revision.json,
            "disposition": .string(proposal.disposition.rawValue),
            "review": .string(record.review.rawValue), "placements": .strings(proposal.placements),
            "summary": .string(proposal.summary), "why": .array(proposal.why),
            "policy": record.policy.json, "phase": .integer(record.phase),
            "probability": .string("1/\(proposal.k)"),
            "due": record.due.map { .string($0.description) },
        ])
    }
}
