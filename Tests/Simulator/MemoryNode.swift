package import Review
package import Sync
import TestSupport

/// A reviewer's replica in memory: an own log, an outbox, what came down, and how far.
package struct MemoryNode: Sendable {
    package let device: Device
    /// The own log in its present epoch.
    package internal(set) var log: LogName
    package let hub: HubName
    /// Everything appended here, in order.
    package internal(set) var own: [Document] = []
    /// Of each own entry that the hub signed for, the receipt.
    var receipts: [Digest: Receipt] = [:]
    package var received: Set<Digest> { Set(receipts.keys) }
    package internal(set) var cursors: [String: Cursor]
    /// What each feed brought in the hub's present epoch, in its order.
    package internal(set) var applied: [String: [FeedRow]] = [:]
    /// What stood in a feed before it started anew.
    var before: [RowBefore] = []
    /// The hub's epoch as it was last told, and whether what it may have lost was handed in.
    package internal(set) var hubEpoch = ""
    package internal(set) var mayHold = false
    package internal(set) var dossiers: [String: Dossier] = [:]
    /// What each entry that is here says about its case, read once.
    private(set) var said: [Digest: Statement] = [:]
    /// Everything that ever came down.
    package internal(set) var came: [Digest: Document] = [:]
    /// Scopes that the hub was told the counts of, with the end of the log they were counted to.
    var told: [Stamps.Scope: Digest] = [:]
    /// This machine's clock minus the hub's: what it is, and what the hub last said it was.
    var clockOffset: Int64 = 0
    var toldOffset: Int64 = 0
    var backOff = BackOff()
    /// What one sync remembers from round trip to round trip.
    var recovery = NodeRecovery()
    /// Payloads that the hub erased, each with its cases.
    var erased: [Digest: Set<String>] = [:]
    /// What was put into files, in order.
    var exported: [Exported] = []
    /// Receipts for more than the hub said it holds, for the next file to show.
    var unfulfilled: [JSON] = []
    /// The mistake that this node makes.
    var bug: SeededBug?
    let key: CheapKey

    struct RowBefore: Sendable {
        let feed: String
        let document: Document
        /// In which of its epochs the hub was handed this, empty if in none.
        var handedIn = ""
    }

    package init(reviewer: String, number: Int, hub: HubName) {
        key = CheapKey("\(reviewer) \(number)")
        device = Device(
            id: KeyName.device(key.bytes, hash: cheapHash),
            reviewer: reviewer,
            name: "\(reviewer)-\(number)",
            key: key.bytes
        )
        self.hub = hub
        log = LogName(device: device.id, epoch: "1.0000000000000000")
        cursors = Dictionary(
            uniqueKeysWithValues: [FeedName.hub, FeedName.reviewer(reviewer)].map { feed in
                let head = FeedHead(hub: hub, feed: feed, hash: cheapHash)
                return (feed, Cursor(hubEpoch: hub.epoch, feed: feed, head: head))
            }
        )
    }

    package var outbox: [Document] { own.filter { receipts[$0.entry.uid] == nil } }

    /// The end of the own log in its present epoch.
    package var head: LogHead {
        let last = own.last { $0.entry.log == log }?.entry
        return LogHead(seq: last?.seq ?? 0, uid: last?.uid)
    }

    /// The counts of this log that the hub was not told yet, one delta a scope.
    package var deltas: [Delta] {
        let present = own.filter { $0.entry.log == log }
        guard let head = present.last?.entry else { return [] }
        let acts = present.compactMap { document in
            said[document.entry.uid].map { (document.entry.uid, $0) }
        }
        return Tally(ofLog: acts).counts.sorted { $0.key < $1.key }
            .filter { told[$0.key] != head.uid }
            .map { scope, counts in
                Delta(
                    log: log,
                    scope: scope,
                    through: head.seq,
                    head: head.uid,
                    counts: counts,
                    sign: key.sign
                )
            }
    }
}

// MARK: - Own acts

extension MemoryNode {
    /// Appends to the own log: there for good when this returns.
    @discardableResult
    package mutating func commit(
        _ kind: Entry.Kind,
        caseKey: String = "",
        _ content: JSON,
        random: @escaping Randomness
    ) -> Document {
        var pen = Pen(
            log: log,
            head: head,
            cryptography: .cheap,
            sign: key.sign,
            random: random
        )
        let document = pen.write(kind, caseKey: caseKey, content)
        own.append(document)
        file(document)
        return document
    }

    mutating func file(_ document: Document) {
        guard !document.entry.caseKey.isEmpty,
            let statement = try? document.statement()
        else { return }
        if bug == .ignoreRulings, case .ruling = statement { return }
        said[document.entry.uid] = statement
        dossiers[document.entry.caseKey, default: Dossier()]
            .add(statement, of: document.entry, hub: hub.id)
    }

    /// The process ends; what was not on the disk is gone.
    mutating func die() {
        guard bug == .confirmBeforeSync, own.count > 1 else { return }
        own.removeLast()
    }
}
