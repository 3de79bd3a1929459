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
            let contribution = file.dossier.contribution
            recount.recount = recount.recount + contribution
            if let name = file.dossier.name {
                let share = shares.removeValue(forKey: name) ?? Tally()
                recount.compensation = recount.compensation + (contribution - share)
            }
            if kept[file.key] ?? Tally() != contribution {
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
        let dossier = file.dossier
        if row.revision != dossier.current?.value.revision || row.state != dossier.outcome?.state
            || row.sealed != (dossier.seal != nil) || row.name != dossier.name
        {
            verification.fail("case", row.name, "its row is not what its entries say")
        }
        if dossier.seal == nil, dossier.outcomes.last?.value != dossier.outcome {
            verification.fail("outcome", row.name, "it is not what the verdicts amount to")
        }
    }

    private func tally(of steps: some Sequence<LogsRead.Step>) -> Tally {
        Tally(ofLog: steps.lazy.compactMap { step in step.act.map { (step.uid, $0) } })
    }

    /// The share of each case in all tallies.
    private func shares(_ read: LogsRead) -> [CaseName: Tally] {
        var shares: [CaseName: Tally] = [:]
        for steps in read.steps.values {
            let acts = Dictionary(grouping: steps.filter { $0.act != nil }) { $0.act?.name }
            for (name, steps) in acts {
                guard let name else { continue }
                shares[name] = (shares[name] ?? Tally()) + tally(of: steps)
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
            if steps != nil {
                if held != delta.counts {
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
