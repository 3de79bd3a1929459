import Review
import Sync
import TestSupport

extension Simulation {
    /// Every entry that the hub holds is signed by its author, and follows on the one before it; the
    /// hub never writes two in one place.
    mutating func checkVerifiable() throws(Broken) {
        for accepted in hub.entries
        where checked.entries.insert(accepted.document.entry.uid).inserted {
            let entry = accepted.document.entry
            let isHubs = entry.log.device == hub.name.id
            let key = isHubs ? hub.key.bytes : hub.devices[entry.log.device]?.key ?? []
            guard (try? accepted.document.verify(by: key, .cheap)) != nil else {
                throw Broken("Verifiable", "\(entry.kindName) \(entry.uid.short)")
            }
        }
        var places: [LogName: Set<Int64>] = [:]
        for entry in hub.entries.map(\.document.entry) where entry.log.device == hub.name.id {
            guard places[entry.log, default: []].insert(entry.seq).inserted || everUnknown else {
                throw Broken("Verifiable", "the hub wrote two entries as \(entry.seq)")
            }
        }
    }

    /// A sealed outcome of a round never changes, but by a conflict of two seals, and every late
    /// verdict is listed.
    func checkSealHolds() throws(Broken) {
        for key in hub.rows.keys.sorted() {
            let dossier = hub.dossier(key)
            guard let seal = dossier.seal else { continue }
            guard dossier.outcome?.bytes == sealed[seal.uid], sealed[seal.uid] != nil else {
                throw Broken("SealHolds", "the outcome of \(key) changed after its seal")
            }
            let rounds = Set(dossier.seals.map { "\($0.value.revision) \($0.value.round)" })
            guard dossier.seals.count == rounds.count || gaveUp || everUnknown else {
                throw Broken("SealHolds", "\(key) twice")
            }
            let statuses = dossier.statuses()
            for uid in dossier.considerable where statuses[uid] == nil {
                throw Broken("SealHolds", "\(uid.short) is not listed in \(key)")
            }
        }
    }

    /// Totals equal a recount, tallies and compensations add up to it, and a delta is the tally.
    func checkDeltasRecount() throws(Broken) {
        let nameless = hub.nameless
        let known = hub.rows.keys.map { hub.dossier($0).contribution }.reduce(Tally(), +)
        let recount = nameless.values.map(\.contribution).reduce(known, +)
        guard hub.totals == recount else { throw Broken("DeltasRecount", "totals") }
        guard hub.contributions.values.reduce(Tally(), +) == known else {
            throw Broken("DeltasRecount", "contributions")
        }
        let acts = nameless.values.flatMap(\.acts)
        let namelessActs = Dictionary(acts.map { ($0.uid, $0) }) { first, _ in first }
        for delta in hub.deltas where hub.head(of: delta.log).seq >= delta.through {
            guard let branch = branch(to: delta.head) else { continue }  // Of one not held.
            let acts = branch.compactMap { uid in
                namelessActs[uid] ?? hub.saying(uid).flatMap { TallyAct(uid, $0) }
            }
            // What a hub that lost everything knew of erased acts is gone: nobody else had it.
            let isCounted = branch.allSatisfy { uid in
                namelessActs[uid] != nil
                    || hub.entry(uid).map { !hub.isErased($0.document) } ?? true
            }
            if !isCounted { continue }
            let tally = Tally(ofLog: acts).counts[delta.scope] ?? [:]
            guard tally == delta.counts else {
                throw Broken("DeltasRecount", "a delta of \(delta.log.device)")
            }
        }
    }

    /// The entries of a log from its first to this one, nil where one is not held.
    private func branch(to head: Digest) -> [Digest]? {
        var branch: [Digest] = []
        var next: Digest? = head
        while let uid = next {
            guard let document = hub.entry(uid)?.document else { return nil }
            branch.append(uid)
            next = document.entry.prev
        }
        return branch.reversed()
    }

    /// What a case amounts to does not depend on the order in which the hub came to know of it, nor
    /// on how often.
    mutating func checkOrderFree() throws(Broken) {
        for key in hub.rows.keys.sorted() {
            let entries = hub.entries.filter { $0.document.entry.caseKey == key }
            // Which revision is current is the one thing that the order says.
            let inOrder = entries.filter { $0.document.entry.kind == .case }
            let rest = entries.filter { $0.document.entry.kind != .case }
            var dossier = Dossier()
            for accepted in inOrder + (rest + rest.prefix(3)).shuffled(using: &random) {
                guard let statement = hub.statement(of: accepted) else { continue }
                dossier.add(statement, of: accepted.document.entry, hub: hub.name.id)
            }
            guard resolve(dossier)?.bytes == resolve(hub.dossier(key))?.bytes else {
                throw Broken("OrderFree", "the outcome of \(key)")
            }
        }
    }
}
