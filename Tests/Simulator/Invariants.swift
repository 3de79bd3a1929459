import Review
import Sync
import TestSupport

/// A promise of `sync.md` that does not hold, and where.
package struct Broken: Error, CustomStringConvertible, Equatable {
    package let invariant: String
    package let what: String

    package init(_ invariant: String, _ what: String) {
        self.invariant = invariant
        self.what = what
    }

    package var description: String { "\(invariant): \(what)" }
}

/// What was checked already and cannot change: it is not checked again.
struct Checked: Sendable {
    /// Rows of feeds, by the prefix hash that ends with them.
    var rows: Set<Digest> = []
    /// Entries of the hub's order.
    var entries: Set<Digest> = []
    var releases: Set<Digest> = []
}

extension Simulation {
    /// Whatever must hold at every moment, also while everything goes wrong.
    mutating func checkAlways() throws(Broken) {
        if let flaw { throw flaw }
        noteSeals()
        try checkNothingLost()
        try checkOnceOnly()
        try checkVerifiable()
        try checkNoGaps()
        try checkBlindHolds()
        try checkSealHolds()
        try checkRevokedIsInert()
        try checkErasedStays()
        try checkDeltasRecount()
        try checkWaits()
    }

    private mutating func noteSeals() {
        for key in hub.rows.keys {
            for seal in hub.dossier(key).seals where sealed[seal.uid] == nil {
                sealed[seal.uid] = seal.value.outcome.bytes
            }
        }
    }

    /// Every committed entry is where it was made, and what was receipted is at the hub.
    private func checkNothingLost() throws(Broken) {
        for (node, committed) in zip(nodes, committed) {
            guard node.own.count == committed.count,
                zip(node.own, committed).allSatisfy({ areSame($0, $1, at: node) })
            else { throw Broken("NothingLost", "\(node.device.name) lost an entry") }
        }
        for (uid, document) in promised {
            guard let held = hub.entry(uid)?.document,
                document.payload == nil ? held.entry == document.entry : areSame(held, document)
            else {
                throw Broken("ReceiptHolds", "a receipt for \(uid.short)")
            }
        }
    }

    /// No entry stands twice in the hub's order, in a feed, or in a replica's copy of one, the hub
    /// states no outcome twice in a row, and nobody counts twice in one.
    private func checkOnceOnly() throws(Broken) {
        let uids = hub.entries.map(\.document.entry.uid)
        guard Set(uids).count == uids.count else {
            throw Broken("OnceOnly", "an entry stands twice in the hub")
        }
        for (feed, places) in hub.feeds {
            try checkOnce(feed, places.map { ($0.uid, $0.caseKey) }, "the hub") { hub.dossier($0) }
        }
        for node in nodes {
            for (feed, rows) in node.applied {
                let places = rows.map(\.document.entry).map { ($0.uid, $0.caseKey) }
                try checkOnce(feed, places, node.device.name) { node.dossiers[$0] ?? Dossier() }
            }
        }
        for (index, accepted) in hub.entries.enumerated() where accepted.hubSeq != index + 1 {
            throw Broken("OnceOnly", "the hub's order has a hole at \(index + 1)")
        }
        for key in hub.rows.keys.sorted() {
            let outcomes = hub.dossier(key).outcomes
            let isTwice = zip(outcomes, outcomes.dropFirst()).contains { before, after in
                // One that came back stands where it was handed in.
                before.value.bytes == after.value.bytes
                    && hub.entry(after.uid)?.code != HubDraft.recoveredCode
            }
            if isTwice { throw Broken("OnceOnly", "an outcome of \(key) twice in a row") }
            for outcome in outcomes { try checkPeople(outcome.value, key) }
        }
    }

    /// A row stands once in a feed, or again after its case was taken back from the reader.
    private func checkOnce(
        _ feed: String,
        _ places: [(uid: Digest, caseKey: String)],
        _ whose: String,
        _ dossier: (String) -> Dossier
    ) throws(Broken) {
        var known: Set<Digest> = []
        for place in places where !known.insert(place.uid).inserted {
            let isAgain =
                hub.rows[place.caseKey]?.state == .erased
                || dossier(place.caseKey).withdrawals.contains { withdrawal in
                    withdrawal.value.reviewer.map { FeedName.reviewer($0) == feed } ?? true
                }
            guard isAgain else {
                throw Broken("OnceOnly", "an entry stands twice in \(feed) of \(whose)")
            }
        }
    }

    /// Nobody counts twice, on however many devices.
    private func checkPeople(_ outcome: Outcome, _ key: String) throws(Broken) {
        let people = outcome.counted.compactMap { uid in
            hub.entry(uid).flatMap { hub.devices[$0.document.entry.log.device]?.reviewer }
        }
        guard Set(people).count == people.count else {
            throw Broken("OnceOnly", "somebody counts twice in an outcome of \(key)")
        }
    }

    /// Everything at or below a cursor was applied byte for byte, and its prefix hash is the feed's.
    private func checkNoGaps() throws(Broken) {
        for node in nodes {
            for (feed, cursor) in node.cursors where cursor.hubEpoch == hub.name.epoch {
                let places = hub.feeds[feed] ?? []
                let seq = Int(cursor.head.seq)
                let isHere =
                    seq == 0 || (places.count >= seq && places[seq - 1].head == cursor.head)
                if !isHere, unknownPast == hub.name { continue }
                guard isHere else {
                    throw Broken("NoGaps", "\(node.device.name) has another prefix of \(feed)")
                }
                let rows = node.applied[feed] ?? []
                guard rows.count == seq,
                    zip(rows, places).allSatisfy({ isRow($0, at: $1, of: node) })
                else {
                    throw Broken("NoGaps", "\(node.device.name) at \(seq) of \(feed)")
                }
            }
        }
    }

    /// Whether a row is what a feed holds at a place.
    private func isRow(
        _ row: FeedRow,
        at place: MemoryHub.FeedPlace,
        of node: MemoryNode
    ) -> Bool {
        guard let accepted = hub.entry(place.uid) else { return false }
        return row.seq == place.head.seq && row.hubSeq == accepted.hubSeq
            && areSame(row.document, accepted.document, at: node)
    }

    /// No wait is longer than a day, whatever the clock does.
    private func checkWaits() throws(Broken) {
        for node in nodes {
            let at = now.advanced(byMilliseconds: node.clockOffset)
            switch node.backOff.wait(at: at, isUnattended: true) {
            case .hubAsks(let until), .own(let until):
                guard until.milliseconds - at.milliseconds <= 2 * BackOff.longestWish else {
                    throw Broken("BoundedCost", "\(node.device.name) waits for too long")
                }
            case nil: break
            }
        }
    }
}
