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
    package private(set) var received: Set<Digest> = []
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

    package var outbox: [Document] { own.filter { !received.contains($0.entry.uid) } }

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

    /// Does what one effect of a sync says.
    package mutating func execute(_ effect: NodeEnd.Effect, random: @escaping Randomness) {
        switch effect {
        case .through(let through, _): openEpoch(ifWithout: through[0], random: random)
        case .received(let receipt, let told):
            let covered = own.filter {
                receipt.log == $0.entry.log && receipt.from <= $0.entry.seq
                    && $0.entry.seq <= receipt.to
            }
            guard covered.last?.entry.uid == receipt.head else { return }
            for (document, result) in zip(covered, told) {
                received.insert(document.entry.uid)
                if result.result != .duplicate { results[document.entry.uid] = result }
            }
        case .apply(let page, let cursor):
            let before = cursors[cursor.feed]?.head.seq ?? 0
            for row in page.rows where row.seq > before {
                applied[cursor.feed, default: []].append(row)
                file(row.document)
            }
            cursors[cursor.feed] = cursor
        case .reset(let feed, let cursor): cursors[feed] = cursor
        case .send, .greeted, .finished, .failed: break
        }
    }

    private mutating func file(_ document: Document) {
        guard !document.entry.caseKey.isEmpty else { return }
        try? dossiers[document.entry.caseKey, default: Dossier()].add(document, hub: hub.id)
    }
}
