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
        let body = try body(of: file)
        let effects = try effects(of: body, by: NodeEnd.KnownHub(of: replica))
        let greeting = effects.lazy.compactMap(\.greeting).first
        if let greeting, try isOutdated(greeting) { return .outdated }
        for case .failed(let error) in effects {
            if case .brokenFeed = error { throw NodeError.bundleAhead }
            if error == .otherKey { return try importReplaced(body) }
            throw NodeError.badBundle("\(error)")
        }
        guard let greeting else { throw NodeError.badBundle("it says nothing") }
        let asked = try replica.openBundles().last?.request
        let shown =
            greeting.request == asked ? try replica.notes().unfulfilled : []
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
            let body = try bundle.open(with: [AgreementKey.kept(in: home)].compactMap { $0 })
            let keys = ((try? replica.workingKeys()) ?? []) + [newKey(in: body)].compactMap { $0 }
            guard bundle.isSigned(by: keys, .system) else {
                throw BundleError.damaged("its hub did not sign it")
            }
            return body
        } catch .notForUs {
            throw NodeError.otherBundle
        } catch {
            throw NodeError.badBundle("\(error)")
        }
    }

    /// The key that a hub made anew says it signs with, where the root key vouches for it.
    private func newKey(in body: [UInt8]) -> [UInt8]? {
        var reader = FrameReader()
        guard let frame = try? reader.take(body).first, let records = try? Record.read(frame: frame)
        else { return nil }
        for case .word(.hubKey, let json) in records {
            let chain = HubChain(json: json)
            if chain?.holds(under: replica.identity.root, .system) == true { return chain?.key }
        }
        return nil
    }

    /// One that a replaced key signed is from before that, or from nobody who may sign.
    private func importReplaced(_ body: [UInt8]) throws -> CarriedSummary {
        let hub = NodeEnd.KnownHub(
            id: replica.identity.hub,
            keys: try replica.workingKeys(),
            root: replica.identity.root
        )
        let greeting = try effects(of: body, by: hub).lazy.compactMap(\.greeting).first
        guard let greeting, try isOutdated(greeting) else { throw SyncError.otherKey }
        return .outdated
    }

    private func effects(
        of body: [UInt8],
        by hub: NodeEnd.KnownHub
    ) throws -> [NodeEnd.Effect] {
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
        let known = try replica.notes().hubEpoch
        return greeting.hub.log.generation < LogName(device: "", epoch: known).generation
    }
}

extension NodeEnd.Effect {
    fileprivate var greeting: Greeting? {
        guard case .greeted(let greeting) = self else { return nil }
        return greeting
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
