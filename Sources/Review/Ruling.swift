/// The hub's word on acts whose device is no longer trusted.
package struct Ruling: Sendable, Equatable {
    package enum Word: String, Sendable {
        /// Of no effect until an administrator has looked at them.
        case revoked
        /// Looked at: they count as if nothing had been.
        case accepted
        /// Looked at: of no effect for good, and on no list.
        case rejected
    }

    package let name: CaseName
    package let word: Word
    /// Verdicts and retractions on the case.
    package let verdicts: [Digest]
    /// Who looked at them, nil where nobody did.
    package let by: String?
    package let because: String

    package init(
        name: CaseName,
        word: Word,
        verdicts: [Digest],
        by: String? = nil,
        because: String
    ) {
        self.name = name
        self.word = word
        self.verdicts = verdicts
        self.by = by
        self.because = because
    }
}

extension Ruling {
    package var json: JSON {
        .present([
            "case": name.json, "ruling": .string(word.rawValue), "verdicts": verdicts.sortedJSON,
            "by": by.map(JSON.string), "because": .string(because),
        ])
    }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        name = try fields.name()
        word = try fields.word("ruling")
        verdicts = try fields.digests("verdicts")
        by = try fields.maybe("by", \.string)
        because = try fields.text("because")
    }
}

extension Dossier {
    /// What the hub said last of each act that it said anything of, by the order of its own log.
    package var rulingOnActs: [Digest: Ruling.Word] {
        var words: [Digest: Ruling.Word] = [:]
        for ruling in rulings.sorted(by: { $0.isEarlier(than: $1) }) {
            for uid in ruling.value.verdicts { words[uid] = ruling.value.word }
        }
        return words
    }

    /// The case's name, or where the case has not come the one its verdicts give it.
    package var nameSaid: CaseName? {
        name ?? verdicts.first?.value.name ?? retractions.first?.value.name
    }

    /// Acts that have no effect, whatever they say (**RevokedIsInert**).
    package var inert: Set<Digest> {
        if rulings.isEmpty { return [] }
        return Set(rulingOnActs.filter { $0.value != .accepted }.keys)
    }

    /// Whether the sealed outcome rests on an act that is inert now: one that counted, or that kept
    /// another from counting.
    package var restsOnInert: Bool {
        guard let seal = seal?.value else { return false }
        let inert = inert
        if seal.outcome.counted.contains(where: inert.contains) { return true }
        let considered = Set(seal.considered).intersection(inert)
        let named =
            verdicts.filter { considered.contains($0.uid) }.flatMap(\.value.supersedes)
            + retractions.filter { considered.contains($0.uid) }.flatMap(\.value.supersedes)
        return !named.isEmpty
    }
}
