import Review
package import Sync
import TestSupport

// What a replica does with what a sync brings, an effect a transaction.

extension MemoryNode {
    /// What the next request says and hands in beside the outbox, at most about so many bytes of it.
    func opening(bytes: Int) -> NodeRecovery.Opening {
        recovery.opening(
            log,
            mayHold: mayHold,
            hubEpoch: hubEpoch,
            ofEarlierLogs: receiptsOfEarlierLogs()
        ) { heldFromBefore(bytes: bytes) }
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
            void(through, hub, shown: recovery.unfulfilled)
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
        case .send, .learned, .finished, .failed, .revoked: break
        }
        return false
    }

    /// Does what is done of an effect where the process ends in the middle: nothing.
    mutating func executeHalf(_ effect: NodeEnd.Effect) {
        guard bug == .cursorBeforeRows, case .apply(_, let cursor) = effect else { return }
        cursors[cursor.feed] = cursor
    }

    private mutating func take(_ row: FeedRow, of feed: String) {
        let document = withoutErased(row.document)
        applied[feed, default: []]
            .append(FeedRow(seq: row.seq, hubSeq: row.hubSeq, document: document))
        guard came.updateValue(document, forKey: document.entry.uid) == nil else { return }
        if document.entry.kind == .erased { return erase(document) }
        file(document)
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
    /// Every log of ours, and its end at the hub, which does not tell of one that it lacks.
    private func logs(_ through: [Through]) -> [(epoch: String, head: LogHead)] {
        let told = Dictionary(through.map { ($0.epoch, $0.head) }) { first, _ in first }
        return own.filter { $0.entry.kind == .epoch }.map(\.entry.log.epoch)
            .map { ($0, told[$0] ?? LogHead()) }
    }

    /// How far the hub holds a log of ours; nil where its head is another branch's.
    private func heldSeq(_ head: LogHead, _ epoch: String) -> Int64? {
        let isOurs =
            head.seq == 0
            || own.contains { $0.entry.log.epoch == epoch && $0.entry.uid == head.uid }
        return isOurs ? head.seq : nil
    }

    /// Whether the hub's head of the present epoch is not here.
    private func lacks(_ told: Through) -> Bool {
        told.epoch == log.epoch && heldSeq(told.head, told.epoch) == nil
    }

    /// Voids receipts for what the hub does not hold.
    private mutating func void(_ through: [Through], _ hub: HubName, shown: [JSON]) {
        if bug == .receiptsForEver { return }
        for (epoch, head) in logs(through) {
            let held = heldSeq(head, epoch)
            let last = held.flatMap { receipt(epoch, beyond: $0, hub.epoch) }
            let isVoid = last.map { shown.contains($0.signed) } ?? false
            for entry in own.map(\.entry)
            where entry.log.epoch == epoch && entry.seq > held ?? 0 {
                guard let receipt = receipts[entry.uid] else { continue }
                if receipt.hubEpoch != hub.epoch || isVoid { receipts[entry.uid] = nil }
            }
        }
    }

    /// Receipts of the present epoch of the hub for more than it says it holds.
    private func unfulfilled(_ through: [Through], _ hub: HubName) -> [JSON] {
        logs(through).compactMap { epoch, head in
            heldSeq(head, epoch).flatMap { receipt(epoch, beyond: $0, hub.epoch) }?.signed
        }
    }

    /// What the hub is to be shown with the first entries of a log: its last receipts for those before
    /// it, newest first.
    private func receiptsOfEarlierLogs() -> [JSON] {
        guard receipt(log.epoch, beyond: 0, hubEpoch) == nil else { return [] }
        return logs([]).reversed().compactMap { receipt($0.epoch, beyond: 0, hubEpoch)?.signed }
    }

    /// The last receipt of the hub's present epoch for what lies beyond a place in a log of ours.
    private func receipt(_ epoch: String, beyond held: Int64, _ hubEpoch: String) -> Receipt? {
        own.last { document in
            document.entry.log.epoch == epoch && document.entry.seq > held
                && receipts[document.entry.uid]?.hubEpoch == hubEpoch
        }.flatMap { receipts[$0.entry.uid] }
    }

    /// Opens a new epoch where the hub holds a head of the present one that is not here.
    private mutating func openEpoch(
        ifWithout through: [Through],
        random: @escaping Randomness
    ) -> Bool {
        guard through.contains(where: lacks), bug != .sameEpochAfterCopy else { return false }
        let content = epochContent(after: log, head, because: "copied")
        log = LogName(
            device: log.device,
            epoch: KeyName.epoch(after: log.epoch, random: random)
        )
        commit(.epoch, content, random: random)
        return true
    }
}
