import Replica
import Review
import Sealing
import Sync

extension Desk {
    /// Applies what the hub put into a file: late, again and in any order, without harm.
    ///
    /// All of it is read and checked before any of it is applied.
    package func importBundle(_ file: [UInt8], _ pace: Pace) throws -> CarriedSummary {
        let lock = try SyncLock(of: home, patience: 0, pace)
        defer { withExtendedLifetime(lock) {} }
        let effects = try effects(of: body(of: file))
        if case .greeted(let greeting)? = effects.first, try isOutdated(greeting) {
            return .outdated
        }
        for case .failed(let error) in effects {
            if case .brokenFeed = error { throw NodeError.bundleAhead }
            throw NodeError.badBundle("\(error)")
        }
        guard case .greeted(let greeting)? = effects.first else {
            throw NodeError.badBundle("it says nothing")
        }
        let asked = try replica.openBundles().last?.request
        let shown =
            greeting.request == asked ? try replica.status(dueBy: now()).notes.unfulfilled : []
        var intake = SyncIntake(self, recovery: NodeRecovery(showing: shown), isCarried: true)
        intake.summary.downBytes = file.count
        try intake.carryOut(effects)
        try replica.apply(
            .read(
                CarriedReply(
                    request: greeting.request,
                    time: greeting.time,
                    more: intake.rest == true || intake.isRevoked,
                    unfulfilled: intake.recovery.unfulfilled
                )
            ),
            at: now()
        )
        intake.takeStock()
        if intake.isRevoked { throw NodeError.revoked }
        return .applied(intake.summary, more: intake.rest == true)
    }

    /// What is sealed in a file for this device by its hub.
    private func body(of file: [UInt8]) throws -> [UInt8] {
        do throws(BundleError) {
            let bundle = try SyncBundle(file: file)
            let identity = replica.identity
            let ours = BundleHeader.Parties(down: identity.device, hub: identity.hub)
            guard bundle.header.parties == ours else { throw BundleError.notForUs }
            guard bundle.isSigned(by: (try? replica.workingKeys()) ?? [], .system) else {
                throw BundleError.damaged("its hub did not sign it")
            }
            return try bundle.open(with: [AgreementKey.kept(in: home)].compactMap { $0 })
        } catch .notForUs {
            throw NodeError.otherBundle
        } catch {
            throw NodeError.badBundle("\(error)")
        }
    }

    private func effects(of body: [UInt8]) throws -> [NodeEnd.Effect] {
        let hub = NodeEnd.KnownHub(id: replica.identity.hub, keys: try replica.workingKeys())
        var end = NodeEnd(hub: hub, cryptography: .system)
        end.take(
            carriedFor: replica.identity.device,
            lastRequest: try replica.openBundles().last?.request,
            cursors: try replica.cursors()
        )
        return end.take(body) + end.closed("it ends too early")
    }

    /// Whether the hub went back in time, and told us, since it wrote this.
    private func isOutdated(_ greeting: Greeting) throws -> Bool {
        let known = try replica.status(dueBy: now()).notes.hubEpoch
        return greeting.hub.log.generation < LogName(device: "", epoch: known).generation
    }
}

/// What came of a bundle.
package enum CarriedSummary: Sendable {
    case applied(SyncSummary, more: Bool)
    /// The hub was restored since it was made: what it says may not hold any more.
    case outdated

    /// Whether something in it could not be taken as it is.
    package var isWhole: Bool {
        guard case .applied(let summary, _) = self else { return true }
        return summary.pending == 0 && summary.quarantined == 0 && !summary.hasRefusals
    }

    package var report: Report {
        switch self {
        case .applied(let summary, let more):
            summary.report(carriedWith: more)
        case .outdated:
            Report(
                ["result": "outdated"],
                [
                    "this bundle is from before the hub was restored: nothing of it was applied, and "
                        + "nothing is lost; send one up: `countersign bundle export FILE`"
                ]
            )
        }
    }
}
