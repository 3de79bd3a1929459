import Replica
import Review
import Sealing
import Sync

/// One sync: drives the node's end over an exchange, round trip after round trip, until nothing is
/// left to move or a budget is spent.
///
/// Each effect is durable before the next is looked at; only one runs at a time on a node.
package struct SyncRun {
    let desk: Desk
    let exchange: Exchange
    let order: SyncOrder
    let pace: Pace
    let trace: Trace?
    /// Whether only a person can mend what failed, such as a certificate.
    let isLasting: (any Error) -> Bool
    /// Told after each piece that came.
    let onProgress: (SyncSummary) -> Void
    var intake: SyncIntake
    /// This machine's clock minus the hub's, as requests are signed.
    private(set) var clockOffset: Int64 = 0
    private var isClockCorrected = false
    /// Whether the hub said that it does not know this device, and is shown that it let it in.
    private(set) var isIntroducing = false
    /// What the way to the hub takes in one request.
    private var requestBytes = Limits.request
    /// Below this, what is refused for its size would be refused in parts as well.
    private static let leastRequest = 4 << 10
    private let began: Int64

    package init(
        _ desk: Desk,
        _ order: SyncOrder,
        pace: Pace,
        trace: Trace? = nil,
        isLasting: @escaping (any Error) -> Bool = { _ in false },
        exchange: @escaping Exchange,
        onProgress: @escaping (SyncSummary) -> Void = { _ in }
    ) {
        self.desk = desk
        intake = SyncIntake(desk)
        self.order = order
        self.pace = pace
        self.trace = trace
        self.isLasting = isLasting
        self.exchange = exchange
        self.onProgress = onProgress
        began = pace.elapsed()
    }

    /// Syncs; what was moved before an error stays moved, and `summary` tells it.
    package mutating func run() throws -> SyncSummary {
        defer { takeStock() }
        let lock = try SyncLock(of: desk.home, patience: order.patience, pace)
        defer { withExtendedLifetime(lock) {} }
        // Where it cannot be written the hub is told another time.
        _ = try? AgreementKey.made(in: desk.home)
        let backOff = try desk.replica.backOff()
        switch backOff.wait(at: desk.now(), isUnattended: order.isUnattended) {
        case .hubAsks(let until): throw NodeError.hubBusy(until: until)
        case .own(let until): throw NodeError.notYet(until: until)
        case nil: break
        }
        do {
            try move()
        } catch {
            throw keepDistance(backOff, after: error)
        }
        if backOff != BackOff() { try desk.replica.apply(.backedOff(BackOff()), at: desk.now()) }
        takeStock()
        return summary
    }

    /// What was moved so far; of a sync that threw, what stays moved.
    package var summary: SyncSummary {
        get { intake.summary }
        set { intake.summary = newValue }
    }

    var elapsed: Int64 { pace.elapsed() - began }

    /// What is left of the budget.
    var left: Budget {
        var left = order.budget
        left.requestBytes = requestBytes
        return left.after(
            bytes: summary.upBytes + summary.downBytes + summary.attachments.bytes,
            milliseconds: elapsed
        )
    }

    private mutating func move() throws {
        summary.waiting = try desk.replica.leftovers().outbox
        clockOffset = try desk.replica.notes().clockOffsetMilliseconds ?? 0
        var isSentAnew = false
        if case .only(let names) = order.attachments {
            summary.end = .attachments
            for name in names where try !fetchAttachments(of: name) {
                summary.end = .budget
                return
            }
            return
        }
        summary.end = order.deltasOnly ? .deltas : .budget
        defer {
            if summary.end == .budget {
                try? desk.replica.apply(.ended(caughtUp: false), at: desk.now())
            }
        }
        var more = true
        while more {
            if summary.roundTrips > 0, left.isSpent { return }
            do {
                more = try roundTrip() || isIntroducing
                isIntroducing = false
            } catch NodeError.refused(let refusal) where refusal.code == "clock" {
                try correctClock(by: refusal)
            } catch NodeError.refused(let refusal)
                where refusal.code == "unknownDevice" && !isIntroducing
            {
                isIntroducing = true
            } catch NodeError.refused(let refusal)
                where ["replayed", "damagedRequest"].contains(refusal.code) && !isSentAnew
            {
                isSentAnew = true  // Something between said it twice, or spoiled it.
            } catch SyncError.tooLarge(let bytes) where requestBytes > Self.leastRequest {
                requestBytes = min(requestBytes, bytes) / 2
            } catch is OutOfTime {
                return
            }
        }
        if intake.isRevoked {
            summary.end = .whole
            throw NodeError.revoked
        }
        guard !order.deltasOnly else { return }
        summary.end = .whole
        try desk.replica.apply(.ended(caughtUp: true), at: desk.now())
        try purge()
        guard order.attachments == .waiting else { return }
        if try !fetchAttachments(of: nil) { summary.end = .budget }
    }

    /// Signs by the hub's time from now on; once only, so that it does not go round for ever.
    mutating func correctClock(by refusal: NodeError.Refusal) throws {
        guard let hubTime = refusal.hubTime, !isClockCorrected else {
            throw NodeError.refused(refusal)
        }
        clockOffset = desk.now().milliseconds - hubTime.milliseconds
        isClockCorrected = true
    }

    /// Notes a failure for all processes of this node, and returns what it is to be called.
    private func keepDistance(_ backOff: BackOff, after error: any Error) -> any Error {
        let asked = error as? AskedToWait
        let next = backOff.failed(
            at: desk.now(),
            retryAfterSeconds: asked?.seconds,
            isLasting: isLasting(error),
            random: systemRandomness(8).reduce(0) { $0 << 8 | UInt64($1) }
        )
        // Where not even this can be written, the failure itself says why.
        try? desk.replica.apply(.backedOff(next), at: desk.now())
        guard asked != nil, let until = next.hubAsksUntil else { return error }
        return NodeError.hubBusy(until: until)
    }

    private mutating func takeStock() {
        summary.durationMilliseconds = elapsed
        intake.takeStock()
    }
}

/// The time is up, and something has been moved.
struct OutOfTime: Error {}

/// The other side answered that it has too much to do, and for how long.
struct AskedToWait: Error {
    let seconds: Int64
}
