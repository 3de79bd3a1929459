import HubStore
import Review
import Sync

extension HubOffice {
    /// **DeltasRecount**: totals, contributions, tallies with compensation, and deltas against a
    /// recount from scratch.
    func checkCounts(_ verification: inout Verification, _ read: LogsRead) throws {
        let kept = try store.contributions()
        var shares = shares(read)
        var recount = Verification.Recount()
        for steps in read.steps.values { recount.tallies = recount.tallies + tally(of: steps) }
        try eachCase(try store.cases(.all).map(\.key)) { file in
            let nameless = read.nameless[file.key]
            let contribution = nameless?.contribution ?? file.dossier.contribution
            recount.recount = recount.recount + contribution
            if let about = nameless?.key ?? file.dossier.name?.description {
                let share = shares.removeValue(forKey: about) ?? Tally()
                recount.compensation = recount.compensation + (contribution - share)
            }
            if kept[file.key] ?? Tally() != file.dossier.contribution {
                verification.fail("contribution", file.key, "it is not what the case amounts to")
            }
            checkRow(file, &verification)
        }
        // Verdicts on cases that are not here count in tallies alone, and are taken out again.
        for share in shares.values { recount.compensation = recount.compensation - share }
        let totals = try store.totals()
        recount.isEqual =
            recount.tallies + recount.compensation == recount.recount && totals == recount.recount
        if !recount.isEqual {
            verification.fail("totals", "all cases", "they are not what a recount gives")
        }
        verification.recount = recount
        try checkDeltas(&verification, read)
    }

    /// What lists show of a case is what its entries say.
    private func checkRow(_ file: HeldCase, _ verification: inout Verification) {
        guard let row = file.row else {
            verification.fail("case", file.key, "its row is missing")
            return
        }
        if row.state == .erased { return }
        let dossier = file.dossier
        if row.revision != dossier.current?.value.revision || row.state != dossier.listedState
            || row.sealed != (dossier.seal != nil) || row.name != dossier.name
        {
            verification.fail("case", row.name, "its row is not what its entries say")
        }
        if dossier.seal == nil, dossier.outcomes.last?.value != dossier.outcome {
            verification.fail("outcome", row.name, "it is not what the verdicts amount to")
        }
    }

    private func tally(of steps: some Sequence<LogsRead.Step>) -> Tally {
        Tally(ofLog: steps.lazy.compactMap(\.act))
    }

    /// The share of each case in all tallies.
    private func shares(_ read: LogsRead) -> [String: Tally] {
        var shares: [String: Tally] = [:]
        for steps in read.steps.values {
            for (about, acts) in Dictionary(grouping: steps.compactMap(\.act), by: \.subject.about)
            {
                shares[about] = (shares[about] ?? Tally()) + Tally(ofLog: acts)
            }
        }
        return shares
    }

    /// A delta is the tally of its log where that is held, and provisional beyond.
    private func checkDeltas(_ verification: inout Verification, _ read: LogsRead) throws {
        let devices = try store.read(Wanted()).devices
        for delta in try store.deltas() {
            let place = "\(delta.log.device) \(delta.log.epoch)"
            let key = devices[delta.log.device]?.key ?? []
            if !Cryptography.crypto.verify(delta.signature, Delta.message(delta.line), key) {
                verification.fail("delta", place, "its signature does not hold")
            }
            let steps = branch(of: delta, read)
            let held = tally(of: steps ?? read.steps[delta.log] ?? []).counts[delta.scope] ?? [:]
            if let steps {
                // A hub that was made anew never learned what an erased verdict counted.
                if held != delta.counts, !steps.contains(where: \.isForgotten) {
                    verification.fail("delta", place, "it is not the tally of its log")
                }
            } else if delta.through > read.heads[delta.log]?.seq ?? 0,
                devices[delta.log.device]?.revocation == nil
            {
                for (bucket, count) in delta.counts {
                    verification.recount.provisional.add(count, to: bucket, in: delta.scope)
                }
                for (bucket, count) in held {
                    verification.recount.provisional.add(-count, to: bucket, in: delta.scope)
                }
            }
        }
    }

    /// The entries a delta counts, along its own branch of the log; nil where its head is not held.
    private func branch(of delta: Delta, _ read: LogsRead) -> [LogsRead.Step]? {
        let steps = read.steps[delta.log] ?? []
        guard steps.contains(where: { $0.uid == delta.head && $0.seq == delta.through }) else {
            return nil
        }
        var next: Review.Digest? = delta.head
        let branch = steps.reversed().filter { step in
            guard step.uid == next else { return false }
            next = step.prev
            return true
        }
        return branch.reversed()
    }
}
