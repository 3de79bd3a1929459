package import Review
package import Sync

/// What a hub must remember.
///
/// It executes writes and decides nothing.
///
/// Every conformer passes one suite (`HubStoreTests`). Calls block; they may come from any thread.
package protocol Store: Sendable {
    /// The hub this store belongs to, fixed when it was made; its epoch stands in `Held`.
    var hubID: String { get }

    // MARK: The two doors for writing

    /// Reads what is wanted, lets `decide` say what changes, and writes it: one transaction.
    ///
    /// Writers take turns. If `decide` throws, nothing is written. When this returns, what was
    /// written survives every crash (**ReceiptHolds**).
    func ingest<Answer>(
        _ wanted: Wanted,
        _ decide: (Held) throws -> (Writes, Answer)
    ) throws -> Answer

    /// Remembers a hash that lets somebody in, and belongs in no log.
    func keep(_ credential: Credential) throws

    /// Lets a device use such a hash, unless another device has: whether it may.
    ///
    /// Of two that try at once, through whatever processes, one may.
    func use(_ credential: Digest, by device: String) throws -> Bool

    /// Writes a copy of all there is, as of one moment, while others go on writing.
    ///
    /// `path` must not exist; what stands there afterwards is a `SQLiteStore`'s file, whatever kind
    /// of store this is.
    func copy(to path: String) throws

    // MARK: Reading

    /// The same as `ingest` hands to `decide`, without a lock.
    func read(_ wanted: Wanted) throws -> Held

    func device(_ id: String) throws -> Device?
    func credential(_ hash: Digest) throws -> Credential?
    /// All of one purpose, in order of their hashes.
    func credentials(for purpose: Credential.Purpose) throws -> [Credential]

    /// A feed of the hub's present epoch after `place`, at most about `bytes` of it and at least one row where there is one.
    ///
    /// Nil where the feed does not hold `place`: a cursor from another hub or epoch.
    func page(_ feed: String, after place: FeedHead, bytes: Int) throws -> Page?

    /// Whether a row of one of the feeds names the blob, and its content was not erased.
    func names(_ blob: Digest, in feeds: [String]) throws -> Bool
    /// The blobs that cases name, by their hash.
    func attachments() throws -> [Digest]

    /// The rows of `cases`, in order of arrival.
    func cases(_ filter: CaseFilter) throws -> [CaseRow]

    /// The hub's order after a place, of some kinds or of all, at most `limit` of them.
    func entries(
        after hubSeq: Int64,
        kinds: [Entry.Kind]?,
        caseKey: String?,
        limit: Int
    ) throws -> [Writes.Accepted]

    /// What is held of a log from a place on, branches too, in the hub's order.
    func entries(of log: LogName, from seq: Int64) throws -> [Writes.Accepted]

    /// The cases that a device wrote about, sorted.
    func caseKeys(writtenBy device: String) throws -> [String]

    /// Every log that a device wrote, in order of device and epoch.
    func logs() throws -> [LogSummary]

    /// Of each log with holes, the hub's own too, how many entries before its last one are not held.
    func gaps() throws -> [LogName: Int]

    func events(after seq: Int64, limit: Int) throws -> [HubEvent]
    func deltas() throws -> [Delta]
    func totals() throws -> Tally
    /// What each case adds to the totals, of those that add anything.
    func contributions() throws -> [String: Tally]
    /// All feeds, with every row's uid and prefix hash, for `verify`.
    func feedHeads(
        _ feed: String,
        after seq: Int64,
        limit: Int
    ) throws -> [(uid: Digest, head: FeedHead)]
}

extension Store {
    /// The hub in its present epoch.
    package func hub() throws -> HubName { try read(Wanted()).hub }
}

/// How much the hub holds of a device's log.
package struct LogSummary: Sendable, Equatable {
    package let log: LogName
    package let entries: Int
    /// How many of them stand on a branch that the hub does not go on with.
    package let forked: Int
    /// When the last of them came.
    package let latest: Timestamp

    package init(log: LogName, entries: Int, forked: Int, latest: Timestamp) {
        self.log = log
        self.entries = entries
        self.forked = forked
        self.latest = latest
    }
}

/// Which cases a list is about.
package enum CaseFilter: Sendable, Equatable {
    case all
    case workflow(String)
    /// Decided, not sealed, and open for no longer than until then.
    case settled(by: Timestamp)
    case understaffed
    case inState(Outcome.State)
}

/// A hash that lets somebody in: of a caller's API key, or of a token's secret.
package struct Credential: Sendable, Equatable {
    package enum Purpose: String, Sendable { case caller, enrolment }

    package let hash: Digest
    package let purpose: Purpose
    /// The caller, or the reviewer whom the token enrols.
    package let name: String
    package let expires: Timestamp?
    /// The device that used it; the same device may use it again.
    package var usedBy: String?

    package init(
        hash: Digest,
        purpose: Purpose,
        name: String,
        expires: Timestamp?,
        usedBy: String? = nil
    ) {
        self.hash = hash
        self.purpose = purpose
        self.name = name
        self.expires = expires
        self.usedBy = usedBy
    }
}
