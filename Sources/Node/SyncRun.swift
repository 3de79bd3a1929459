import Foundation
import Replica
import Review
import Sync

/// One sync: drives the node's end over an exchange, round trip after round trip, until nothing is
/// left to move.
///
/// Each effect is durable before the next is looked at.
package struct SyncRun {
    private let desk: Desk
    private let exchange: Exchange
    /// Whether the last round trip brought all there was.
    private var isLevel = false
    /// Receipts for what the hub does not seem to hold, to be shown to it.
    private var unfulfilled: [JSON] = []
    /// What was moved so far; of a sync that threw, what stays moved.
    package private(set) var summary = SyncSummary()

    package init(_ desk: Desk, _ exchange: @escaping Exchange) {
        self.desk = desk
        self.exchange = exchange
    }

    /// Syncs; what was moved before an error stays moved, and `summary` tells it.
    package mutating func run() throws -> SyncSummary {
        let start = desk.now()
        defer { summary.durationMilliseconds = desk.now().milliseconds - start.milliseconds }
        var more = true
        var offset = try desk.replica.status(dueBy: start).notes.clockOffsetMilliseconds ?? 0
        var isCorrected = false
        defer { if more { try? desk.replica.apply(.ended(caughtUp: false), at: desk.now()) } }
        while more {
            do {
                more = try roundTrip(clockOffset: offset)
            } catch NodeError.refused(let refusal) where refusal.code == "clock" && !isCorrected {
                guard let hubTime = refusal.hubTime else { throw NodeError.refused(refusal) }
                offset = desk.now().milliseconds - hubTime.milliseconds
                isCorrected = true
            }
        }
        try desk.replica.apply(.ended(caughtUp: true), at: desk.now())
        let status = try desk.replica.status(dueBy: desk.now())
        summary.outbox = status.outbox.entries
        summary.quarantined = status.quarantined
        summary.durationMilliseconds = desk.now().milliseconds - start.milliseconds
        return summary
    }

    private mutating func roundTrip(clockOffset: Int64) throws -> Bool {
        let replica = desk.replica
        let waiting = try replica.status(dueBy: desk.now()).outbox.entries
        let deltas = try replica.unsentDeltas(sign: desk.key.sign)
        let hadEpoch = summary.newEpoch
        let evidence = unfulfilled
        let notes = try replica.status(dueBy: desk.now()).notes
        let mayHold = notes.mayHold
        let held = mayHold && isLevel ? try replica.heldFromBefore(bytes: Limits.request) : nil
        let hello = Hello(log: try replica.log(), holds: held?.more ?? (mayHold ? 1 : 0))
        var (end, body) = try opening(hello, deltas, held?.documents ?? [], evidence)
        summary.roundTrips += 1
        summary.upBytes += body.count
        var more: Bool?
        var failure: SyncError?
        var problem: [UInt8] = []
        let head = try exchange(try request(body, clockOffset)) { head, piece in
            guard head.status == 200 else {
                problem += piece.prefix(max(0, 64 << 10 - problem.count))
                return
            }
            summary.downBytes += piece.count
            for effect in end.take(piece) { try carryOut(effect, &more, &failure) }
            if let failure { throw failure }
        }
        guard head.status == 200 else { throw Problem.error(head, problem) }
        for effect in end.closed("the answer ended too early") {
            try carryOut(effect, &more, &failure)
        }
        if let failure { throw failure }
        try replica.apply(.toldDeltas(deltas), at: desk.now())
        if let held {
            try replica.apply(
                .handedIn(held.documents, isAll: held.more == 0, hubEpoch: notes.hubEpoch),
                at: desk.now()
            )
        }
        isLevel = more == false
        let left = try replica.status(dueBy: desk.now()).outbox.entries
        if summary.newEpoch, !hadEpoch { return true }
        if evidence.isEmpty, !unfulfilled.isEmpty { return true }
        if try replica.status(dueBy: desk.now()).notes.mayHold { return true }
        // Entries that stay where they are would have it go round for ever.
        return more == true || (left > 0 && left < waiting)
    }

    /// The request: as much of the outbox as one may hold.
    ///
    /// Packed sizes show only once packed.
    private func opening(
        _ hello: Hello,
        _ deltas: [Delta],
        _ held: [Document],
        _ evidence: [JSON]
    ) throws -> (NodeEnd, [UInt8]) {
        let replica = desk.replica
        let hub = NodeEnd.KnownHub(id: replica.identity.hub, keys: try replica.workingKeys())
        let cursors = try replica.cursors()
        var outbox = try replica.outbox(bytes: Limits.request * 3)
        while true {
            var end = NodeEnd(hub: hub, cryptography: .system)
            let effects = end.start(
                hello,
                outbox: outbox,
                held: held,
                receipts: evidence,
                deltas: deltas,
                cursors: cursors
            )
            guard case .send(let body)? = effects.first else {
                preconditionFailure("a sync begins by sending")
            }
            if body.count <= Limits.request || outbox.count <= 1 { return (end, body) }
            outbox.removeLast(outbox.count / 2)
        }
    }

    private mutating func carryOut(
        _ effect: NodeEnd.Effect,
        _ more: inout Bool?,
        _ failure: inout SyncError?
    ) throws {
        let now = desk.now()
        switch effect {
        case .send: break
        case .greeted(let greeting): try desk.replica.apply(.greeted(greeting, at: now), at: now)
        case .through(let through, let hub):
            try desk.replica.apply(.through(through, hub), at: now)
            unfulfilled = try desk.replica.unfulfilled(through, hub)
            if unfulfilled.isEmpty, try desk.openEpoch(ifWithout: through) {
                summary.newEpoch = true
            }
        case .received(let receipt, let results):
            try desk.replica.apply(.received(receipt, results), at: now)
            summary.received(results)
        case .reset(let feed, let cursor):
            try desk.replica.apply(.reset(feed: feed, cursor), at: now)
        case .apply(let page, let cursor):
            try desk.replica.apply(.page(page, cursor), at: now)
            summary.applied(page)
        case .finished(let rest): more = rest
        case .failed(let error):
            failure = error
        }
    }

    private func request(_ body: [UInt8], _ clockOffset: Int64) throws -> WireRequest {
        let identity = desk.replica.identity
        let signature = RequestSignature(
            method: "POST",
            path: "/v1/sync",
            hub: identity.hub,
            digest: Cryptography.system.hash(body),
            created: (desk.now().milliseconds - clockOffset) / 1000,
            nonce: systemRandomness(16).hexadecimal,
            log: try desk.replica.log()
        )
        return WireRequest(
            path: "/v1/sync",
            headers: [("content-type", "application/vnd.countersign.sync")]
                + signature.headers(sign: desk.key.sign),
            body: body,
            replyLimit: 64 << 20
        )
    }
}
