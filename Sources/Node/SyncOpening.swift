import Replica
import Review
import Sealing
import Sync

/// The beginning of one round trip: a request made from what waits, and the end that will read its
/// reply.
struct SyncOpening {
    private(set) var body: [UInt8]
    let deltas: [Delta]
    /// What it hands in of this device's own.
    let outbox: [Document]
    let recovery: NodeRecovery.Opening
    let wantsPages: Bool
    var end: NodeEnd

    /// As much of the outbox as one request and the budget allow, and at least one entry.
    ///
    /// Where it is `introducing` this device, the hub is shown that it let it in, and nothing else: it
    /// may have lost that, and reads no more of whom it does not know.
    ///
    /// Packed sizes show only once packed.
    init(
        _ desk: Desk,
        _ recovery: NodeRecovery,
        within budget: Budget,
        deltasOnly: Bool,
        asksAgain: Bool,
        introducing: Bool
    ) throws {
        try self.init(
            desk,
            recovery,
            upTo: budget.request,
            deltasOnly: deltasOnly,
            asksAgain: asksAgain && !introducing,
            introducing: introducing,
            handsIn: !introducing
        ) { sent, handsIn in budget.reply(toRequestOf: sent, handsIn: handsIn) }
    }

    /// What is put into a file: nobody waits for it.
    init(carriedFrom desk: Desk, _ recovery: NodeRecovery) throws {
        try self.init(
            desk,
            recovery,
            upTo: Self.carriedBytes,
            deltasOnly: false,
            asksAgain: true,
            introducing: true,
            handsIn: true
        ) { _, _ in .whole }
    }

    /// What a file holds, packed, and of what a hub may have lost, unpacked; together with three times
    /// as much of the outbox less than a hub unpacks.
    static let carriedBytes = Limits.unpacked / 8

    private init(
        _ desk: Desk,
        _ recovery: NodeRecovery,
        upTo limit: Int,
        deltasOnly: Bool,
        asksAgain: Bool,
        introducing: Bool,
        handsIn: Bool,
        asking budget: (_ sent: Int, _ handsIn: Bool) -> ReplyBudget
    ) throws {
        let replica = desk.replica
        let hub = try NodeEnd.KnownHub(of: replica)
        let introduction = introducing ? try replica.introduction() : []
        let cursors = deltasOnly ? [] : try replica.cursors()
        let deltas = try replica.unsentDeltas(sign: desk.key.sign)
        let notes = try replica.notes()
        let recovery = try recovery.opening(
            try replica.log(),
            mayHold: notes.mayHold,
            hubEpoch: notes.hubEpoch,
            ofEarlierLogs: try replica.receiptsOfEarlierLogs(),
            heldFromBefore: { try replica.heldFromBefore(bytes: limit) }
        )
        let agreement = AgreementKey.kept(in: desk.home)?.publicKey ?? []
        let waiting = try replica.leftovers().outbox
        func open(_ outbox: [Document], _ reply: ReplyBudget) -> (NodeEnd, [UInt8]) {
            var end = NodeEnd(hub: hub, cryptography: .system)
            let effects = end.start(
                recovery.hello(leaving: max(0, waiting - outbox.count), agreement),
                outbox: outbox,
                held: introduction + (recovery.held?.documents ?? []),
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
        var outbox = deltasOnly || !handsIn ? [] : try replica.outbox(bytes: limit * 3)
        let new = outbox.count
        // What waited there may have its effect by now; at the end, so that new work goes first.
        if !deltasOnly, asksAgain { outbox += try replica.pending() }
        var reply = deltasOnly ? ReplyBudget.noPages : .whole
        (end, body) = open(outbox, reply)
        while body.count > limit, outbox.count > 1 {
            outbox.removeLast(outbox.count / 2)
            (end, body) = open(outbox, reply)
        }
        if !deltasOnly {
            reply = budget(body.count, !outbox.isEmpty)
            if reply != .whole { (end, body) = open(outbox, reply) }
        }
        self.deltas = deltas
        self.recovery = recovery
        self.outbox = Array(outbox.prefix(new))
        wantsPages = reply.wantsPages
    }
}

extension NodeEnd.KnownHub {
    /// The hub of a replica: it signs with the last of its keys that was learned.
    init(of replica: ReplicaFile) throws {
        let keys = try replica.workingKeys()
        self.init(
            id: replica.identity.hub,
            keys: keys.suffix(1),
            replaced: keys.dropLast(),
            root: replica.identity.root
        )
    }
}
