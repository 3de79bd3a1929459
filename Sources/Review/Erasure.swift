/// The hub's word that the content of a case is gone, wherever it stands.
package struct Erasure: Sendable, Equatable {
    /// Of the payloads whose bytes are dropped, and dropped again if they come back.
    package let payloads: [Digest]

    package init(payloads: [Digest]) { self.payloads = payloads }

    package var json: JSON { ["payloads": payloads.sortedJSON] }

    package init(json: JSON) throws(PayloadError) {
        payloads = try Fields(json).digests("payloads")
    }
}

/// What a case that was erased still counts, without its name.
///
/// The hub's alone: it travels nowhere.
package struct NamelessCounts: Sendable, Equatable {
    package let key: String
    package private(set) var contribution: Tally
    /// Every act on the case, so that the tallies of its authors' logs can be counted again.
    package private(set) var acts: [TallyAct]

    /// Both together.
    package static func + (left: NamelessCounts, right: NamelessCounts) -> NamelessCounts {
        var sum = left
        sum.contribution = left.contribution + right.contribution
        sum.acts += right.acts
        return sum
    }

    /// Takes them from all that is held about a case.
    package init(of dossier: Dossier, key: String) {
        self.key = key
        contribution = dossier.contribution
        let acts =
            dossier.verdicts.compactMap { TallyAct($0.uid, .verdict($0.value)) }
            + dossier.retractions.compactMap { TallyAct($0.uid, .retraction($0.value)) }
        let revisions = Array(Set(acts.map(\.subject.revision))).sorted()
        self.acts = acts.map { act in
            let number = revisions.firstIndex(of: act.subject.revision) ?? 0
            return act.nameless(key: key, revision: number)
        }
    }

    /// Takes them from an act that came after its case was erased.
    package init(late act: TallyAct) {
        key = act.subject.about
        contribution = Tally()
        acts = [act]
    }

    package var json: JSON {
        [
            "erased": .string(key), "contribution": contribution.json,
            "acts": .array(acts.map(\.json)),
        ]
    }

    /// Nil where the content is another note's.
    package init?(json: JSON) throws(PayloadError) {
        guard let key = json["erased"]?.string else { return nil }
        self.key = key
        contribution = try Tally(json: json["contribution"] ?? [])
        var acts: [TallyAct] = []
        for element in json["acts"]?.array ?? [] { acts.append(try TallyAct(json: element)) }
        self.acts = acts
    }
}
