package import Review

/// What a hub decision changes: a store executes it in the transaction that read `Held`.
package struct Writes: Sendable, Equatable {
    package var entries: [Accepted] = []
    /// What is said now of entries that were held already, by uid.
    package var results: [Digest: Said] = [:]
    /// Payloads of entries that had come without them.
    package var payloads: [Digest: [UInt8]] = [:]
    /// Of each case payloads whose bytes go, here and whenever they come back.
    package var erased: [String: [Digest]] = [:]
    /// Cases whose name goes, each with its key: events tell it no longer.
    package var nameless: [CaseName: String] = [:]
    package var logs: [LogName: LogHead] = [:]
    package var feedRows: [FeedWrite] = []
    package var cases: [CaseRow] = []
    package var events: [HubEvent] = []
    package var deltas: [Delta] = []
    /// Of each case that changed: what it adds to the recount now.
    package var contributions: [String: Tally] = [:]
    /// What the totals of contributions grow by.
    package var totals = Tally()
    /// How much each reviewer named here has to do now.
    package var load: [String: Int] = [:]
    package var workflows: [Workflow] = []
    package var reviewers: [Reviewer] = []
    package var devices: [Device] = []
    /// The hub's own state, where it changed.
    package var state: HubState?
    /// A new epoch of the hub: all feeds are emptied first, `feedRows` are what they hold.
    package var hub: HubName?

    package init() {}

    /// What became of an entry.
    package struct Said: Sendable, Equatable {
        package let result: PushResult.Word
        package let code: String

        package init(result: PushResult.Word, code: String) {
            self.result = result
            self.code = code
        }
    }

    /// An entry as the hub's order holds it.
    package struct Accepted: Sendable, Equatable {
        package let hubSeq: Int64
        package let document: Document
        package let result: PushResult.Word
        package let code: String
        /// Whose it is, empty for the hub's own.
        package let reviewer: String
        package let receivedAt: Timestamp

        package init(
            hubSeq: Int64,
            document: Document,
            result: PushResult.Word,
            code: String,
            reviewer: String,
            receivedAt: Timestamp
        ) {
            self.hubSeq = hubSeq
            self.document = document
            self.result = result
            self.code = code
            self.reviewer = reviewer
            self.receivedAt = receivedAt
        }
    }

    /// A row of a feed: an entry by its uid.
    package struct FeedWrite: Sendable, Equatable {
        package let feed: String
        package let head: FeedHead
        package let uid: Digest
        package let caseKey: String
    }
}

/// Something that callers hear of.
package struct HubEvent: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case caseHeld = "case.held"
        case caseDecided = "case.decided"
        case caseDisputed = "case.disputed"
        case caseSealed = "case.sealed"
        case caseUnreviewable = "case.unreviewable"
        case caseNeedsContext = "case.needsContext"
        case caseReopened = "case.reopened"
        case caseWithdrawn = "case.withdrawn"
        case verdictLate = "verdict.late"
        case oversightWarning = "oversight.warning"
    }

    package let seq: Int64
    package let kind: Kind
    package let name: CaseName
    package let at: Timestamp
    package let detail: JSON

    package init(seq: Int64, kind: Kind, name: CaseName, at: Timestamp, detail: JSON) {
        self.seq = seq
        self.kind = kind
        self.name = name
        self.at = at
        self.detail = detail
    }
}
