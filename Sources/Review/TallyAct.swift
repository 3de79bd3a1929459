/// What of a verdict or a retraction counts: enough to count a log again, and no word of its case.
package struct TallyAct: Sendable, Equatable {
    /// Acts on the same subject replace each other.
    package struct Subject: Sendable, Hashable {
        /// The case's name, or its key once the case was erased.
        package let about: String
        /// The revision's digest, or after erasure any word that tells it from the others; empty
        /// where that is not known any more.
        package let revision: String

        package init(about: String, revision: String) {
            self.about = about
            self.revision = revision
        }
    }

    /// Under what a verdict counts.
    package struct Counted: Sendable, Equatable {
        package let scope: Stamps.Scope
        package let bucket: Tally.Bucket
    }

    package let uid: Digest
    package let subject: Subject
    package let isRetraction: Bool
    /// What a retraction takes back; of a verdict on a revision that is not known any more, what it
    /// replaces.
    package let retracts: [Digest]
    /// Nil for a retraction, and for a verdict of a withheld class.
    package let counted: Counted?

    /// Nil for statements that count nowhere.
    package init?(_ uid: Digest, _ statement: Statement) {
        self.uid = uid
        switch statement {
        case .verdict(let verdict):
            subject = Subject(
                about: verdict.name.description,
                revision: verdict.revision.description
            )
            isRetraction = false
            retracts = []
            let stamps = verdict.stamps
            counted = verdict.countedAs.map { kind in
                Counted(
                    scope: stamps.scope,
                    bucket: Tally.Bucket(
                        bin: stamps.bin,
                        k: stamps.k,
                        blind: stamps.blind,
                        kind: kind
                    )
                )
            }
        case .retraction(let retraction):
            subject = Subject(
                about: retraction.name.description,
                revision: retraction.revision.description
            )
            isRetraction = true
            retracts = retraction.supersedes
            counted = nil
        default: return nil
        }
    }
}

extension TallyAct {
    /// `{uid, about, revision, retracts?, counted?}`, `counted` as a tally of one.
    package var json: JSON {
        var tally = Tally()
        if let counted { tally.add(1, to: counted.bucket, in: counted.scope) }
        return .present([
            "uid": uid.json, "about": .string(subject.about),
            "revision": .string(subject.revision),
            "retraction": isRetraction ? true : nil, "retracts": retracts.sortedJSON,
            "counted": counted == nil ? nil : tally.json,
        ])
    }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        uid = try fields.digest("uid")
        subject = Subject(
            about: try fields.text("about"),
            revision: try fields.text("revision")
        )
        isRetraction = json["retraction"]?.bool ?? false
        retracts = try fields.digests("retracts")
        let tally = try Tally(json: json["counted"] ?? [])
        counted = tally.counts.first.flatMap { scope, buckets in
            buckets.first.map { Counted(scope: scope, bucket: $0.key) }
        }
    }

    /// The act as it counts when it came after its case was erased, nil where it counts nowhere.
    package init?(late uid: Digest, _ statement: Statement, key: String) {
        guard let act = TallyAct(uid, statement) else { return nil }
        var retracts = act.retracts
        if case .verdict(let verdict) = statement { retracts = verdict.supersedes }
        self.init(
            uid: uid,
            subject: Subject(about: key, revision: ""),
            isRetraction: act.isRetraction,
            retracts: retracts,
            counted: act.counted
        )
    }

    /// The same with nothing left that tells which case it was.
    package func nameless(key: String, revision: Int) -> TallyAct {
        TallyAct(
            uid: uid,
            subject: Subject(about: key, revision: "\(revision)"),
            isRetraction: isRetraction,
            retracts: retracts,
            counted: counted
        )
    }

    private init(
        uid: Digest,
        subject: Subject,
        isRetraction: Bool,
        retracts: [Digest],
        counted: Counted?
    ) {
        self.uid = uid
        self.subject = subject
        self.isRetraction = isRetraction
        self.retracts = retracts
        self.counted = counted
    }
}
