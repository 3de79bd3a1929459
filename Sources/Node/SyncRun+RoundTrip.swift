import Replica
import Review
import Sync

extension SyncRun {
    /// One request and its reply; whether there is more to move.
    mutating func roundTrip() throws -> Bool {
        let replica = desk.replica
        let waiting = try replica.leftovers().outbox
        let hadMoved = summary.upEntries
        let hadEpoch = summary.newEpoch
        intake.begin()
        var opening = try SyncOpening(
            desk,
            intake.recovery,
            within: left,
            deltasOnly: order.deltasOnly,
            asksAgain: summary.roundTrips == 0,
            introducing: isIntroducing
        )
        let body = opening.body
        summary.roundTrips += 1
        summary.upBytes += body.count
        try trace?.sent(body)
        var problem: [UInt8] = []
        let head = try exchange(try request(body)) { head, piece in
            try trace?.came(head, piece)
            guard head.status == 200 else {
                problem += piece.prefix(max(0, 64 << 10 - problem.count))
                return
            }
            summary.downBytes += piece.count
            try intake.carryOut(opening.end.take(piece))
            summary.durationMilliseconds = elapsed
            onProgress(summary)
            if intake.rest == nil, left.isOutOfTime, summary.hasMoved { throw OutOfTime() }
        }
        guard head.status == 200 else { throw refusal(of: body, head, problem) }
        try intake.carryOut(opening.end.closed("the answer ended too early"))
        try replica.apply(.toldDeltas(opening.deltas), at: desk.now())
        summary.deltas += opening.deltas.count
        if order.deltasOnly { return false }
        let asked = opening.recovery
        if let held = asked.held {
            try replica.apply(
                .handedIn(held.documents, isAll: held.more == 0, hubEpoch: asked.hubEpoch),
                at: desk.now()
            )
        }
        let isRecovering = intake.recovery.finished(
            asked,
            more: intake.rest == true || !opening.wantsPages,
            mayHold: try replica.notes().mayHold
        )
        if isRecovering || summary.newEpoch != hadEpoch { return true }
        let remaining = try replica.leftovers().outbox
        // Entries that stay where they are would have it go round for ever; not so those that were
        // decided meanwhile.
        let moves = summary.upEntries > hadMoved || waiting == 0
        return intake.rest == true || !opening.wantsPages || (remaining > 0 && moves)
    }

    func refusal(
        of request: [UInt8],
        _ head: WireHead,
        _ body: [UInt8]
    ) -> any Error {
        if head.status == 413 { return SyncError.tooLarge(bytes: request.count) }
        if head.isBusy, let seconds = head.retryAfterSeconds {
            return AskedToWait(seconds: seconds)
        }
        return Problem.error(head, body)
    }

    private func request(_ body: [UInt8]) throws -> WireRequest {
        try signed(
            .post,
            "/v1/sync",
            headers: [("content-type", "application/vnd.countersign.sync")],
            body: body,
            replyLimit: 64 << 20
        )
    }

    /// A request that says who asks.
    func signed(
        _ method: WireRequest.Method,
        _ path: String,
        headers: [(name: String, value: String)],
        body: [UInt8] = [],
        replyLimit: Int
    ) throws -> WireRequest {
        let signature = RequestSignature(
            method: method.rawValue,
            path: path,
            hub: desk.replica.identity.hub,
            digest: Cryptography.system.hash(body),
            created: (desk.now().milliseconds - clockOffset) / 1000,
            nonce: systemRandomness(16).hexadecimal,
            log: try desk.replica.log()
        )
        return WireRequest(
            method: method,
            path: path,
            headers: headers + signature.headers(sign: desk.key.sign),
            body: body,
            patienceMilliseconds: left.milliseconds,
            replyLimit: replyLimit
        )
    }
}
