import Replica
import Review
import Sealing
import Sync

extension Desk {
    /// Puts into a file what a sync would hand in now; `write` makes it durable.
    ///
    /// Nothing leaves the outbox by it: only a receipt in what comes back does that
    /// (**NothingLost**).
    package func exportBundle(
        _ pace: Pace,
        write: ([UInt8]) throws -> Void
    ) throws -> Report {
        let lock = try SyncLock(of: home, patience: 0, pace)
        defer { withExtendedLifetime(lock) {} }
        _ = try AgreementKey.made(in: home)
        let identity = replica.identity
        guard let agreement = try hubChain()?.agreement else { throw NodeError.noHubKey }
        let notes = try replica.notes()
        let opening = try SyncOpening(
            carriedFrom: self,
            NodeRecovery(showing: notes.unfulfilled)
        )
        let bundle = try SyncBundle.seal(
            opening.body,
            BundleHeader.Parties(up: identity.device, hub: identity.hub),
            for: [agreement.working, agreement.root],
            hash: Cryptography.system.hash,
            sign: key.sign
        )
        try write(bundle.file)
        let held = opening.recovery.held
        try replica.apply(
            .exported(
                ExportedBundle(
                    request: Cryptography.system.hash(opening.body),
                    entries: opening.outbox.count,
                    last: opening.outbox.last?.entry.uid,
                    held: held?.documents.map(\.entry.uid) ?? [],
                    isAll: held?.more == 0,
                    hubEpoch: opening.recovery.hubEpoch,
                    deltas: opening.deltas
                )
            ),
            at: now()
        )
        return try report(of: opening, bundle)
    }

    /// The keys of the hub that its root key vouches for, from its feed: of the working key that it
    /// signs with now, the newest.
    private func hubChain() throws -> HubChain? {
        let root = replica.identity.root
        let present = try replica.workingKeys().last
        return try replica.hubKeys().last {
            $0.key == present && $0.agreement != nil && $0.holds(under: root, .system)
        }
    }

    private func report(of opening: SyncOpening, _ bundle: SyncBundle) throws -> Report {
        let entries = opening.outbox.count
        let left = try replica.leftovers().outbox - entries
        let size = bundle.file.count
        let sentence =
            "\(entries) \(entries == 1 ? "entry" : "entries") in the bundle, "
            + "\(SyncSummary.size(size)); they stay here too until its answer comes back"
        return Report(
            [
                "entries": .integer(entries), "deltas": .integer(opening.deltas.count),
                "bytes": .integer(size), "left": .integer(left),
            ],
            [sentence] + (left > 0 ? ["\(left) more will fit in the next one"] : [])
        )
    }

    /// The bundles that nobody has answered yet, as far as this machine knows.
    package func bundleReports() throws -> [Report] {
        try replica.openBundles().map { bundle in
            let age = StatusReport.span(now().milliseconds - bundle.at.milliseconds)
            return Report(
                [
                    "bundle": bundle.request.json, "exportedAt": .string(bundle.at.description),
                    "entries": .integer(bundle.entries),
                ],
                [
                    "exported \(age) ago, \(bundle.entries) "
                        + "\(bundle.entries == 1 ? "entry" : "entries"), not answered yet"
                ]
            )
        }
    }
}
