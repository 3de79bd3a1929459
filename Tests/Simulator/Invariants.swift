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

extension Simulation {
    /// Whatever must hold at every moment, also while everything goes wrong.
    package func checkAlways() throws(Broken) {
        try checkNothingLost()
        try checkOnceOnly()
        try checkNoGaps()
        try checkBlindHolds()
        try checkSealHolds()
        try checkDeltasRecount()
    }

    /// Every committed entry is where it was made, and what was receipted is at the hub.
    private func checkNothingLost() throws(Broken) {
        for (node, committed) in zip(nodes, committed) {
            guard node.own == committed else {
                throw Broken("NothingLost", "\(node.device.name) lost an entry")
            }
        }
        for (uid, document) in promised where hub.entry(uid)?.document != document {
            throw Broken("ReceiptHolds", "a receipt for \(uid.short)")
        }
    }

    /// No entry stands twice in the hub's order, in a feed, or in a replica's copy of one, and the
    /// hub states no outcome twice in a row.
    private func checkOnceOnly() throws(Broken) {
        let lists =
            [("the hub", hub.entries.map(\.document.entry.uid))]
            + hub.feeds.map { ($0, $1.map(\.uid)) }
            + nodes.flatMap { node in
                node.applied.map { ("\(node.device.name) \($0)", $1.map(\.document.entry.uid)) }
            }
        for (place, uids) in lists where Set(uids).count != uids.count {
            throw Broken("OnceOnly", "an entry stands twice in \(place)")
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
            if isTwice {
                throw Broken("OnceOnly", "an outcome of \(key) twice in a row")
            }
        }
    }

    /// Everything at or below a cursor was applied byte for byte, and its prefix hash is the feed's.
    private func checkNoGaps() throws(Broken) {
        for node in nodes {
            for (feed, cursor) in node.cursors where cursor.hubEpoch == hub.name.epoch {
                let places = hub.feeds[feed] ?? []
                let seq = Int(cursor.head.seq)
                let rows = places.prefix(seq).compactMap { row(at: $0) }
                let isHere =
                    seq == 0 || (places.count >= seq && places[seq - 1].head == cursor.head)
                if !isHere, unknownPast == hub.name { continue }
                guard node.applied[feed] ?? [] == rows else {
                    throw Broken("NoGaps", "\(node.device.name) at \(seq) of \(feed)")
                }
                guard isHere else {
                    throw Broken("NoGaps", "\(node.device.name) has another prefix of \(feed)")
                }
            }
        }
    }

    /// What a feed holds at a place.
    private func row(at place: MemoryHub.FeedPlace) -> FeedRow? {
        hub.entry(place.uid).map {
            FeedRow(seq: place.head.seq, hubSeq: $0.hubSeq, document: $0.document)
        }
    }

    /// A sealed outcome of a round never changes, and every late verdict is listed.
    private func checkSealHolds() throws(Broken) {
        for key in hub.rows.keys.sorted() {
            let dossier = hub.dossier(key)
            guard let seal = dossier.seal else { continue }
            guard dossier.outcome?.bytes == sealed[seal.uid], sealed[seal.uid] != nil else {
                throw Broken("SealHolds", "the outcome of \(key) changed after its seal")
            }
            guard dossier.seals.count == 1 else { throw Broken("SealHolds", "\(key) twice") }
            let statuses = dossier.statuses()
            for uid in dossier.considerable where statuses[uid] == nil {
                throw Broken("SealHolds", "\(uid.short) is not listed in \(key)")
            }
        }
    }

    /// Totals equal a recount, tallies and compensations add up to it, and a delta is the tally.
    private func checkDeltasRecount() throws(Broken) {
        let keys = hub.rows.keys.sorted()
        let recount = keys.map { hub.dossier($0).contribution }.reduce(Tally(), +)
        guard hub.totals == recount else { throw Broken("DeltasRecount", "totals") }
        guard hub.contributions.values.reduce(Tally(), +) == recount else {
            throw Broken("DeltasRecount", "contributions")
        }
        for delta in hub.deltas where hub.head(of: delta.log).seq >= delta.through {
            guard let branch = branch(to: delta.head) else { continue }  // Of one not held.
            let tally = Tally(ofLog: branch.compactMap(\.said)).counts[delta.scope] ?? [:]
            guard tally == delta.counts else {
                throw Broken("DeltasRecount", "a delta of \(delta.log.device)")
            }
        }
    }

    /// The entries of a log from its first to this one, nil where one is not held.
    private func branch(to head: Digest) -> [Document]? {
        var branch: [Document] = []
        var next: Digest? = head
        while let uid = next {
            guard let document = hub.entry(uid)?.document else { return nil }
            branch.append(document)
            next = document.entry.prev
        }
        return branch.reversed()
    }
}
