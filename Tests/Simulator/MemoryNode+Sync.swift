import Review
package import Sync
import TestSupport

// What a replica does with what a sync brings, an effect a transaction.

extension MemoryNode {
    /// What the next request says and hands in beside the outbox, at most about so many bytes of it.
    func opening(bytes: Int) -> NodeRecovery.Opening {
        recovery.opening(log, mayHold: mayHold, hubEpoch: hubEpoch) {
            heldFromBefore(bytes: bytes)
        }
    }

    /// What stood in feeds of earlier epochs of the hub and stands in none of the present one.
    private func heldFromBefore(bytes: Int) -> (documents: [Document], more: Int) {
        if bug == .keepForOneself { return ([], 0) }
        let present = Set(applied.values.joined().map(\.document.entry.uid))
        let mine = Set(own.map(\.entry.uid))
        let lacking = before.filter { row in
            let uid = row.document.entry.uid
            return row.handedIn != hubEpoch && !present.contains(uid) && !mine.contains(uid)
        }.map(\.document)
        var size = 0
        let fitting = lacking.prefix { document in
            defer { size += document.entry.line.count + (document.payload?.count ?? 0) }
            return size == 0 || size < bytes
        }
        return (Array(fitting), lacking.count - fitting.count)
    }

    /// The hub was handed some of what this replica held from before, in a whole round trip.
    mutating func handedIn(_ opening: NodeRecovery.Opening) {
        guard let held = opening.held else { return }
        let uids = Set(held.documents.map(\.entry.uid))
        for index in before.indices
        where uids.contains(before[index].document.entry.uid) {
            before[index].handedIn = hubEpoch
        }
        if held.more == 0, hubEpoch == opening.hubEpoch { mayHold = false }
    }

    /// Does what one effect of a sync says; whether that began a new epoch of the own log.
    @discardableResult
    package mutating func execute(_ effect: NodeEnd.Effect, random: @escaping Randomness) -> Bool {
        switch effect {
        case .through(let through, let hub):
            void(through, hub)
            recovery.heard(unfulfilled: unfulfilled(through, hub))
            guard recovery.unfulfilled.isEmpty else { return false }
            return openEpoch(ifWithout: through, random: random)
        case .received(let receipt, _): take(receipt)
        case .apply(let page, let cursor):
            let place = cursors[cursor.feed]?.head.seq ?? 0
            let rows = bug == .passOverLastRow ? page.rows.dropLast() : page.rows[...]
            for row in rows where row.seq > place { take(row, of: cursor.feed) }
            cursors[cursor.feed] = cursor
        case .reset(let feed, let cursor):
            let rows = applied.removeValue(forKey: feed) ?? []
            for index in before.indices where before[index].feed == feed {
                before[index].handedIn = ""
            }
            let known = Set(before.map(\.document.entry.uid))
            before += rows.map(\.document).filter { !known.contains($0.entry.uid) }
                .map { RowBefore(feed: feed, document: $0) }
            mayHold = mayHold || !rows.isEmpty
            cursors[feed] = cursor
        case .greeted(let greeting):
            mayHold = mayHold || !hubEpoch.isEmpty && hubEpoch != greeting.hub.epoch
            hubEpoch = greeting.hub.epoch
        case .send, .finished, .failed, .revoked: break
        }
        return false
    }

    /// Does what is done of an effect where the process ends in the middle: nothing.
    mutating func executeHalf(_ effect: NodeEnd.Effect) {
        guard bug == .cursorBeforeRows, case .apply(_, let cursor) = effect else { return }
        cursors[cursor.feed] = cursor
    }

    private mutating func take(_ row: FeedRow, of feed: String) {
        applied[feed, default: []].append(row)
        guard came.updateValue(row.document, forKey: row.document.entry.uid) == nil else { return }
        file(row.document)
    }

    private mutating func take(_ receipt: Receipt) {
        let covered = own.filter {
            receipt.log == $0.entry.log && receipt.from <= $0.entry.seq
                && $0.entry.seq <= receipt.to
        }
        guard covered.last?.entry.uid == receipt.head else { return }
        for document in covered where receipts[document.entry.uid] == nil {
            receipts[document.entry.uid] = receipt
        }
    }
}

// MARK: - Continuity

extension MemoryNode {
    /// How far the hub holds a log of ours; nil where its head is another branch's.
    private func heldSeq(_ told: Through) -> Int64? {
        let isOurs = own.contains {
            $0.entry.log.epoch == told.epoch && $0.entry.uid == told.head.uid
        }
        return isOurs ? told.head.seq : nil
    }

    /// Voids receipts of earlier epochs of the hub for what it does not hold.
    private mutating func void(_ through: [Through], _ hub: HubName) {
        if bug == .receiptsForEver { return }
        let held = Dictionary(through.map { ($0.epoch, heldSeq($0) ?? 0) }) { first, _ in first }
        for entry in own.map(\.entry) where entry.seq > held[entry.log.epoch] ?? 0 {
            guard let receipt = receipts[entry.uid], receipt.hubEpoch != hub.epoch else { continue }
            receipts[entry.uid] = nil
        }
    }

    /// Receipts of the present epoch of the hub for more than it says it holds.
    private func unfulfilled(_ through: [Through], _ hub: HubName) -> [JSON] {
        through.compactMap { told in
            guard told.head.seq == 0 || heldSeq(told) != nil else { return nil }
            let beyond = own.last { document in
                document.entry.log.epoch == told.epoch && document.entry.seq > told.head.seq
                    && receipts[document.entry.uid]?.hubEpoch == hub.epoch
            }
            return beyond.flatMap { receipts[$0.entry.uid]?.signed }
        }
    }

    /// Opens a new epoch where the hub holds a head of the present one that is not here.
    private mutating func openEpoch(
        ifWithout through: [Through],
        random: @escaping Randomness
    ) -> Bool {
        let isLacking = through.contains { told in
            told.epoch == log.epoch && told.head.seq > 0
                && !own.contains {
                    $0.entry.log == log && $0.entry.seq == told.head.seq
                        && $0.entry.uid == told.head.uid
                }
        }
        guard isLacking, bug != .sameEpochAfterCopy else { return false }
        let content = epochContent(after: log, head, because: "copied")
        log = LogName(
            device: log.device,
            epoch: KeyName.epoch(after: log.epoch, random: random)
        )
        commit(.epoch, content, random: random)
        return true
    }
}
