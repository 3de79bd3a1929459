package import Review
package import Sync
import TestSupport

/// A reviewer's replica in memory: an own log, an outbox, what came down, and how far.
package struct MemoryNode: Sendable {
    package let device: Device
    /// The own log in its present epoch.
    package private(set) var log: LogName
    package let hub: HubName
    /// Everything appended here, in order.
    package private(set) var own: [Document] = []
    /// Of each own entry with a receipt, the epoch of the hub that signed it.
    private var receipts: [Digest: Receipt] = [:]
    package var received: Set<Digest> { Set(receipts.keys) }
    /// Everything that came down, in whichever epoch of the hub, in its order.
    package private(set) var came: [Document] = []
    /// The hub's epoch as it was last told, and whether what it may have lost was handed in.
    package private(set) var hubEpoch = ""
    package private(set) var mayHold = false
    /// Whether the last round trip brought all there was.
    private var isLevel = false
    /// Receipts for what the hub does not seem to hold.
    private var unfulfilled: [JSON] = []
    package private(set) var cursors: [String: Cursor]
    /// What each feed brought, in its order.
    package private(set) var applied: [String: [FeedRow]] = [:]
    package private(set) var dossiers: [String: Dossier] = [:]
    /// What the hub did not accept and why, by the uid of the entry.
    package private(set) var results: [Digest: PushResult] = [:]
    private let key: CheapKey

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

    /// What stood in feeds of earlier epochs of the hub and stands in none of the present one.
    private var heldFromBefore: [Document] {
        let present = Set(applied.values.joined().map(\.document.entry.uid))
        let mine = Set(own.map(\.entry.uid))
        return came.filter { !present.contains($0.entry.uid) && !mine.contains($0.entry.uid) }
    }

    /// What the next request says and hands in beside the outbox.
    package var opening: (hello: Hello, held: [Document], receipts: [JSON]) {
        let held = mayHold && isLevel ? heldFromBefore : nil
        let hello = Hello(log: log, holds: held == nil && mayHold ? 1 : 0)
        return (hello, held ?? [], unfulfilled)
    }

    /// The counts of this log as they are now, one delta a scope.
    package var deltas: [Delta] {
        let present = own.filter { $0.entry.log == log }
        guard let head = present.last?.entry else { return [] }
        return Tally(ofLog: present.compactMap(\.said)).counts.sorted { $0.key < $1.key }.map {
            scope,
            counts in
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

extension Document {
    /// What the entry says, under its name.
    package var said: (uid: Digest, statement: Statement)? {
        (try? statement()).map { (entry.uid, $0) }
    }
}

// MARK: - The two doors for writing

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
        if !caseKey.isEmpty { file(document) }
        return document
    }

    /// The end of the own log in its present epoch.
    private var head: LogHead {
        let last = own.last { $0.entry.log == log }?.entry
        return LogHead(seq: last?.seq ?? 0, uid: last?.uid)
    }

    /// Opens a new epoch where the hub holds a head of the present one that is not here.
    private mutating func openEpoch(ifWithout through: Through, random: @escaping Randomness) {
        let isHere = own.contains {
            $0.entry.log == log && $0.entry.seq == through.head.seq
                && $0.entry.uid == through.head.uid
        }
        guard through.epoch == log.epoch, through.head.seq > 0, !isHere else { return }
        let content = epochContent(after: log, head, because: "copied")
        log = LogName(
            device: log.device,
            epoch: KeyName.epoch(after: log.epoch, random: random)
        )
        commit(.epoch, content, random: random)
    }

    /// Voids receipts of earlier epochs of the hub for what it does not hold, and notes those of the
    /// present one.
    private mutating func void(_ through: [Through], _ hub: HubName) {
        let held = Dictionary(
            uniqueKeysWithValues: through.map { told in
                // Of another branch's head nobody can tell how far ours is held.
                let isOurs = own.contains {
                    $0.entry.log.epoch == told.epoch && $0.entry.uid == told.head.uid
                }
                return (told.epoch, isOurs ? told.head.seq : 0)
            }
        )
        unfulfilled = []
        for document in own {
            guard let receipt = receipts[document.entry.uid],
                document.entry.seq > held[document.entry.log.epoch] ?? 0
            else { continue }
            if receipt.hubEpoch == hub.epoch {
                if held[document.entry.log.epoch] ?? 0 > 0 { unfulfilled = [receipt.signed] }
            } else {
                receipts[document.entry.uid] = nil
                results[document.entry.uid] = nil
            }
        }
    }

    /// The hub was handed what this replica held from before, in a round trip that came to its end.
    package mutating func handedIn(in epoch: String) {
        if hubEpoch == epoch { mayHold = false }
    }

    /// Does what one effect of a sync says.
    package mutating func execute(_ effect: NodeEnd.Effect, random: @escaping Randomness) {
        switch effect {
        case .through(let through, let hub):
            void(through, hub)
            if unfulfilled.isEmpty {
                for told in through { openEpoch(ifWithout: told, random: random) }
            }
        case .received(let receipt, let told):
            let covered = own.filter {
                receipt.log == $0.entry.log && receipt.from <= $0.entry.seq
                    && $0.entry.seq <= receipt.to
            }
            guard covered.last?.entry.uid == receipt.head else { return }
            for (document, result) in zip(covered, told) {
                receipts[document.entry.uid] = receipt
                if result.result != .duplicate { results[document.entry.uid] = result }
            }
        case .apply(let page, let cursor):
            let before = cursors[cursor.feed]?.head.seq ?? 0
            for row in page.rows where row.seq > before {
                applied[cursor.feed, default: []].append(row)
                if !came.contains(where: { $0.entry.uid == row.document.entry.uid }) {
                    came.append(row.document)
                }
                file(row.document)
            }
            cursors[cursor.feed] = cursor
        case .reset(let feed, let cursor):
            cursors[feed] = cursor
            mayHold = mayHold || applied[feed]?.isEmpty == false
            isLevel = false
            applied[feed] = []
        case .greeted(let greeting):
            let isNew = !hubEpoch.isEmpty && hubEpoch != greeting.hub.epoch
            mayHold = mayHold || isNew
            isLevel = isLevel && !isNew
            hubEpoch = greeting.hub.epoch
        case .finished(let more): isLevel = !more
        case .send, .failed, .revoked: break
        }
    }

    private mutating func file(_ document: Document) {
        guard !document.entry.caseKey.isEmpty else { return }
        try? dossiers[document.entry.caseKey, default: Dossier()].add(document, hub: hub.id)
    }
}
