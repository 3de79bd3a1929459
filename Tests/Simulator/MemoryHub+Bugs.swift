import Review
import Sync
import TestSupport

// What a hub's store does where it makes one of the mistakes of `SeededBug`.

extension MemoryHub {
    /// How many transactions stand between a moment that is kept and the present one.
    private static let moments = 4

    /// Whom a transaction reads from that took no lock: the hub before the last one wrote.
    var mistakenReader: MemoryHub? {
        bug == .writeWithoutLock && entries.count % 3 == 0 ? earlier.last : nil
    }

    /// Keeps what a hub that writes without a lock read, or one that does not wait for its disk has
    /// on it.
    mutating func keepMoment() {
        guard bug == .writeWithoutLock || bug == .acknowledgeBeforeSync else { return }
        var moment = self
        moment.earlier = []
        earlier = (earlier + [moment]).suffix(Self.moments)
    }

    /// The process ends; what was not on the disk is gone.
    mutating func die() {
        guard bug == .acknowledgeBeforeSync, let moment = earlier.first else { return }
        self = moment
    }

    /// Writes rows of feeds, at once or, with a sequence, now and then after those that come next.
    mutating func write(_ rows: [(feed: String, place: FeedPlace)]) {
        let isLate = bug == .feedNumbersFromSequence && entries.count % 3 == 0
        if isLate, late.isEmpty {
            for row in rows { late[row.feed, default: []].append(row.place) }
            return
        }
        for row in rows { feeds[row.feed, default: []].append(row.place) }
        for (feed, places) in late {
            feeds[feed] = ((feeds[feed] ?? []) + places).sorted { $0.head.seq < $1.head.seq }
        }
        if !rows.isEmpty { late = [:] }
    }

    /// Shows each verdict at once to everybody who was asked.
    mutating func publishEarly(_ entries: [Writes.Accepted]) {
        for accepted in entries where accepted.document.entry.kind == .verdict {
            let entry = accepted.document.entry
            for assignment in dossier(entry.caseKey).assignments {
                let feed = FeedName.reviewer(assignment.value.reviewer)
                let places = feeds[feed] ?? []
                if places.contains(where: { $0.uid == entry.uid }) { continue }
                let start = FeedHead(hub: name, feed: feed, hash: cheapHash)
                let head = (places.last?.head ?? start).appending(entry.uid, hash: cheapHash)
                let place = FeedPlace(
                    head: head,
                    uid: entry.uid,
                    caseKey: entry.caseKey,
                    writtenAt: hubSeq
                )
                feeds[feed] = places + [place]
            }
        }
    }
}
