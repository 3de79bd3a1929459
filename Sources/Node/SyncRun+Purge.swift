import Replica
import Review
import Sync

// At the end of a sync the content goes that nobody needs here any more, a little at a time.

extension SyncRun {
    /// How long the content of a sealed case is kept for looking back: 30 days.
    private static let keptMilliseconds: Int64 = 30 * 86_400_000
    /// Without news from the hub, how often it is looked for what has become old: each hour.
    private static let pauseMilliseconds: Int64 = 3_600_000
    /// How many cases are looked at in one transaction, and in one sync.
    private static let step = 64
    private static let most = 1024

    /// Purges what may go (`ReplicaFile.purgeable`); what there is no time for goes with the next sync.
    func purge() throws {
        let now = desk.now()
        guard var progress = try next(at: now) else { return }
        let order = PurgeOrder(
            watermark: progress.watermark,
            settledBefore: now.advanced(byMilliseconds: -Self.keptMilliseconds)
        )
        var looked = 0
        var hasFound = false
        while let after = progress.after, looked < Self.most, !left.isOutOfTime {
            let step = try desk.replica.purgeable(order, after: after, limit: Self.step)
            progress.after = step.last
            looked += Self.step
            if step.keys.isEmpty { continue }
            hasFound = true
            try desk.replica.apply(.purged(step.keys, order), at: now)
        }
        try desk.removeUnnamedFiles()
        try desk.replica.apply(.searched(progress, found: hasFound), at: now)
    }

    /// Where the search goes on or begins anew, nil where there is nothing new to find.
    private func next(at now: Timestamp) throws -> PurgeProgress? {
        let notes = try desk.replica.status(dueBy: now).notes
        guard let watermark = notes.watermark, watermark.hubSeq > 0 else { return nil }
        if let last = notes.purge, last.watermark == watermark {
            if last.after != nil { return last }
            let pause = now.milliseconds - last.begun.milliseconds
            if (0..<Self.pauseMilliseconds).contains(pause) { return nil }
        }
        return PurgeProgress(watermark: watermark, begun: now)
    }
}
