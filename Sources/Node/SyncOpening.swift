import Replica
import Review
import Sync

/// The beginning of one round trip: a request made from what waits, and the end that will read its
/// reply.
struct SyncOpening {
    private(set) var body: [UInt8]
    let deltas: [Delta]
    let handsIn: Int
    let recovery: NodeRecovery.Opening
    let wantsPages: Bool
    var end: NodeEnd

    /// As much of the outbox as one request and the budget allow, and at least one entry.
    ///
    /// Packed sizes show only once packed.
    init(
        _ desk: Desk,
        _ recovery: NodeRecovery,
        within budget: Budget,
        deltasOnly: Bool,
        asksAgain: Bool
    ) throws {
        let replica = desk.replica
        let hub = NodeEnd.KnownHub(id: replica.identity.hub, keys: try replica.workingKeys())
        let cursors = deltasOnly ? [] : try replica.cursors()
        let deltas = try replica.unsentDeltas(sign: desk.key.sign)
        let status = try replica.status(dueBy: desk.now())
        let recovery = try recovery.opening(
            try replica.log(),
            mayHold: status.notes.mayHold,
            hubEpoch: status.notes.hubEpoch,
            heldFromBefore: { try replica.heldFromBefore(bytes: Limits.request) }
        )
        let waiting = status.outbox.entries
        func open(_ outbox: [Document], _ reply: ReplyBudget) -> (NodeEnd, [UInt8]) {
            var end = NodeEnd(hub: hub, cryptography: .system)
            let effects = end.start(
                recovery.hello(leaving: max(0, waiting - outbox.count)),
                outbox: outbox,
                held: recovery.held?.documents ?? [],
                receipts: recovery.receipts,
                deltas: deltas,
                cursors: cursors,
                asking: reply
            )
            guard case .send(let body)? = effects.first else {
                preconditionFailure("a sync begins by sending")
            }
            return (end, body)
        }
        var outbox = deltasOnly ? [] : try replica.outbox(bytes: budget.request * 3)
        let new = outbox.count
        // What waited there may have its effect by now; at the end, so that new work goes first.
        if !deltasOnly, asksAgain { outbox += try replica.pending() }
        var reply = deltasOnly ? ReplyBudget.noPages : .whole
        (end, body) = open(outbox, reply)
        while body.count > budget.request, outbox.count > 1 {
            outbox.removeLast(outbox.count / 2)
            (end, body) = open(outbox, reply)
        }
        if !deltasOnly {
            reply = budget.reply(toRequestOf: body.count, handsIn: !outbox.isEmpty)
            if reply != .whole { (end, body) = open(outbox, reply) }
        }
        self.deltas = deltas
        self.recovery = recovery
        handsIn = min(outbox.count, new)
        wantsPages = reply.wantsPages
    }
}
