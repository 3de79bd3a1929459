package import Review

/// What a hub decision needs to know before it is made: a store reads it under its lock.
package struct Held: Sendable {
    package var hub: HubName
    package var state = HubState()
    /// The end of the hub's own log.
    package var hubHead = LogHead()
    /// The last place in the hub's order of everybody's entries.
    package var hubSeq: Int64 = 0
    package var eventSeq: Int64 = 0
    /// Of the uids that were asked about, those that the hub holds.
    package var known: [Digest: KnownEntry] = [:]
    package var logs: [LogName: LogHead] = [:]
    /// Of each log of a device that was asked about, what is held beyond its end, by the entry it
    /// follows on; of two that follow on one, what came first.
    package var beyond: [LogName: [Digest: LogHead]] = [:]
    /// Every feed there is.
    package var feeds: [String: FeedHead] = [:]
    package var cases: [String: HeldCase] = [:]
    package var keys: [CaseName: String] = [:]
    package var roster = Roster(reviewers: [])
    package var devices: [String: Device] = [:]
    package var workflows: [String: Workflow] = [:]
    package var deltas: [Delta] = []
    /// Of every feed all rows in order, where they were asked for.
    package var feedRows: [String: [FeedPlace]] = [:]
    /// Of the payloads that were asked about, those that were erased, each with the cases it was of.
    package var erased: [Digest: Set<String>] = [:]
    /// Of each device that was asked about, everything that is held of it.
    package var written: [String: [Link]] = [:]

    package init(hub: HubName) { self.hub = hub }
}

/// A row of a feed: which entry stands there, and which case it is about.
package struct FeedPlace: Sendable, Equatable {
    package let uid: Digest
    package let caseKey: String

    package init(uid: Digest, caseKey: String) {
        self.uid = uid
        self.caseKey = caseKey
    }
}

/// An entry that the hub holds: its place in its log, and what was said of it.
package struct KnownEntry: Sendable, Equatable {
    package let log: LogName
    package let seq: Int64
    package let result: PushResult.Word
    package let code: String

    /// Why it has no effect, or not yet; empty where it has.
    var reason: String {
        [HubDraft.recoveredCode, HubDraft.erasedCode].contains(code) ? "" : code
    }

    package init(log: LogName, seq: Int64, result: PushResult.Word, code: String) {
        self.log = log
        self.seq = seq
        self.result = result
        self.code = code
    }
}

/// What a decision touches, for a store to read: nothing else of `Held` but the small is filled.
package struct Wanted: Sendable, Equatable {
    package var uids: [Digest] = []
    package var logs: [LogName] = []
    /// Devices of which all logs are wanted.
    package var devices: [String] = []
    package var keys: [String] = []
    package var names: [CaseName] = []
    /// Whether all rows of all feeds are wanted: only to begin a new epoch.
    package var feedRows = false
    /// Payloads of which it is wanted whether they were erased.
    package var payloads: [Digest] = []
    /// Whether the payloads of the cases are wanted: only to erase one.
    package var casePayloads = false
    /// Devices of which everything is wanted, with every case they wrote about: to revoke one.
    package var writers: [String] = []

    package init() {}

    /// What a new epoch of the hub has to know.
    package static var everyFeed: Wanted {
        var wanted = Wanted()
        wanted.feedRows = true
        return wanted
    }

    /// What a push of these entries has to know: whether they and what they follow on are held, the
    /// ends of their logs, and their cases.
    package init(pushing entries: [Entry]) {
        uids = entries.map(\.uid) + entries.compactMap(\.prev)
        logs = Set(entries.map(\.log)).sorted()
        keys = Set(entries.map(\.caseKey)).subtracting([""]).sorted()
        payloads = entries.map(\.payload)
    }

    /// What deltas have to know: the ends of their logs, and whether they are held so far.
    package init(deltas: [Delta]) {
        uids = deltas.map(\.head)
        logs = Set(deltas.map(\.log)).sorted()
    }

    /// What entries that come back have to know.
    package init(recovering entries: [Recovered]) {
        self.init(pushing: entries.map(\.document.entry))
        names = entries.compactMap(\.statement?.name)
        writers = entries.compactMap(\.revocation?.device)
        casePayloads = entries.contains { $0.document.entry.kind == .erased }
    }

    package init(names: [CaseName]) { self.names = names }
    package init(keys: [String]) { self.keys = keys }
}

/// A case as a hub holds it.
package struct HeldCase: Sendable, Equatable {
    package let key: String
    package var dossier: Dossier
    /// The uids that stand in each reviewer's feed for this case.
    package var sent: [String: Set<Digest>]
    /// What this case adds to the recount, as kept.
    package var contribution: Tally
    package var row: CaseRow?
    /// The payloads of all its entries, where they were asked for.
    package var payloads: Set<Digest> = []
    /// What refers to something about this case that is missing, in the hub's order.
    package var deferred: [Deferred]

    /// An entry that is kept, and has no effect until what it refers to is there.
    package struct Deferred: Sendable, Equatable {
        package let document: Document
        /// The reviewer whose device handed it in.
        package let reviewer: String
        package let result: PushResult.Word
        /// What is missing.
        package let code: String

        package init(
            document: Document,
            reviewer: String,
            result: PushResult.Word,
            code: String
        ) {
            self.document = document
            self.reviewer = reviewer
            self.result = result
            self.code = code
        }
    }

    package init(
        key: String,
        dossier: Dossier = Dossier(),
        deferred: [Deferred] = [],
        sent: [String: Set<Digest>] = [:],
        contribution: Tally = Tally(),
        row: CaseRow? = nil
    ) {
        self.key = key
        self.dossier = dossier
        self.deferred = deferred
        self.sent = sent
        self.contribution = contribution
        self.row = row
    }
}

/// What lists show of a case, and what the sweep looks for.
///
/// Computed, and kept to be searched.
package struct CaseRow: Sendable, Equatable {
    package let key: String
    package let name: CaseName
    package var revision: Digest
    package var state: Outcome.State?
    package var sealed: Bool
    package var review: Routing.Review
    package var due: Timestamp?
    package let arrivedAt: Timestamp
    /// How long a decided outcome stays open, and until when this one does.
    package var settleMilliseconds: Int64
    package var settlesAt: Timestamp?
    /// Whether more people are needed than there were.
    package var understaffed: Bool
    /// The number of this case within its workflow and model version.
    package var seq: Int64
    /// Those who were asked and may still answer, sorted.
    package var open: [String]

    package init(
        key: String,
        name: CaseName,
        revision: Digest,
        state: Outcome.State?,
        sealed: Bool,
        review: Routing.Review,
        due: Timestamp?,
        arrivedAt: Timestamp,
        settleMilliseconds: Int64,
        settlesAt: Timestamp?,
        understaffed: Bool,
        seq: Int64,
        open: [String]
    ) {
        self.key = key
        self.name = name
        self.revision = revision
        self.state = state
        self.sealed = sealed
        self.review = review
        self.due = due
        self.arrivedAt = arrivedAt
        self.settleMilliseconds = settleMilliseconds
        self.settlesAt = settlesAt
        self.understaffed = understaffed
        self.seq = seq
        self.open = open
    }
}

/// One of a reviewer's machines.
package struct Device: Sendable, Equatable {
    package let id: String
    package let reviewer: String
    package let name: String
    /// The raw Ed25519 public key.
    package let key: [UInt8]
    /// Why it is trusted no longer, nil while it is.
    package var revocation: Revocation?
    /// What it told of itself last; belongs in no log.
    package var contact: Contact

    package init(
        id: String,
        reviewer: String,
        name: String,
        key: [UInt8],
        revocation: Revocation? = nil,
        contact: Contact = Contact()
    ) {
        self.id = id
        self.reviewer = reviewer
        self.name = name
        self.key = key
        self.revocation = revocation
        self.contact = contact
    }
}

/// A workflow's present state at the hub.
package struct Workflow: Sendable, Equatable {
    package let name: String
    package var policy: Digest
    package var phase: Int
    /// Counters of different epochs never mix; from 1.
    package var epoch: Int
    package var epochSince: Timestamp
    /// The model versions seen, each with the number of its last case.
    package var models: [String: Int64]

    package init(
        name: String,
        policy: Digest,
        phase: Int,
        epoch: Int,
        epochSince: Timestamp,
        models: [String: Int64] = [:]
    ) {
        self.name = name
        self.policy = policy
        self.phase = phase
        self.epoch = epoch
        self.epochSince = epochSince
        self.models = models
    }
}
