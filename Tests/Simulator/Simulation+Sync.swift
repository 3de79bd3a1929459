import Review
import Sync
import TestSupport

// One sync of a node, as `Node.SyncRun` drives it.

extension Simulation {
    /// How a round trip ended.
    private enum Trip {
        case more, whole
        /// The process is gone, with what it remembered.
        case killed
        case failed(retryAfterSeconds: Int64?)
        /// The hub says that the request was signed at another time than its own.
        case otherTime
    }

    /// A sync that somebody or a timer begins, and that may be cut short.
    mutating func syncOnce(_ index: Int) {
        let isUnattended = random.chance(1, in: 2)
        let node = nodes[index]
        let at = now.advanced(byMilliseconds: node.clockOffset)
        if node.backOff.wait(at: at, isUnattended: isUnattended) != nil {
            note("\(node.device.name) waits")
            return mark(.leftAlone)
        }
        var budget = Budget()
        if strikes(.limitSync) {
            mark(.syncLimited)
            budget.bytes = random.pick([1, 4_000, 6_000, 20_000])
            budget.milliseconds = random.pick([nil, 1, 5_000])
        }
        sync(index, within: budget, trips: random.pick([1, 2, 20]))
    }

    /// Round trips until nothing is left to move; whether it came to that.
    @discardableResult
    mutating func sync(_ index: Int, within whole: Budget = Budget(), trips: Int) -> Bool {
        nodes[index].recovery = NodeRecovery()
        var left = whole
        var isCorrected = false
        for trip in 0..<trips {
            if trip > 0, left.isSpent { break }
            switch roundTrip(index, &left) {
            case .more: continue
            case .otherTime where !isCorrected: isCorrected = true
            case .whole:
                nodes[index].backOff = BackOff()
                return true
            case .killed: return false
            case .failed(let seconds):
                keepDistance(index, seconds)
                return false
            case .otherTime:
                keepDistance(index, nil)
                return false
            }
        }
        return false
    }

    private mutating func keepDistance(_ index: Int, _ seconds: Int64?) {
        let at = now.advanced(byMilliseconds: nodes[index].clockOffset)
        nodes[index].backOff = nodes[index].backOff.failed(
            at: at,
            retryAfterSeconds: seconds,
            isLasting: random.chance(1, in: 10),
            random: random.next()
        )
    }

    private mutating func roundTrip(_ index: Int, _ budget: inout Budget) -> Trip {
        let node = nodes[index]
        let claimed = milliseconds + node.clockOffset - node.toldOffset
        if abs(claimed - milliseconds) / 1000 > RequestSignature.toleranceSeconds {
            note("\(node.device.name) has another time than the hub")
            mark(.clockRefused)
            nodes[index].toldOffset = node.clockOffset
            return .otherTime
        }
        let opening = node.opening(bytes: random.pick([1, 3_000, 1_000_000]))
        if let held = opening.held {
            note(
                "\(node.device.name) hands in \(held.documents.count) of before, \(held.more) later"
            )
        }
        let waiting = node.outbox.count
        let deltas = random.chance(1, in: 2) ? node.deltas : []
        var (end, body, reply) = begin(node, opening, deltas, budget)
        let answer = carry(body, from: index)
        budget = budget.after(bytes: body.count, milliseconds: pace.pageMilliseconds)
        switch answer {
        case .nothing: return .failed(retryAfterSeconds: nil)
        case .status(let status, let seconds):
            return .failed(retryAfterSeconds: [429, 503].contains(status) ? seconds : nil)
        case .body(let bytes, let isWhole):
            budget = budget.after(bytes: bytes.count, milliseconds: 0)
            var reception = Reception(isWhole: isWhole)
            guard receive(bytes, index, &end, &reception) else { return .killed }
            guard let rest = reception.more else { return .failed(retryAfterSeconds: nil) }
            for delta in deltas { nodes[index].told[delta.scope] = delta.head }
            nodes[index].handedIn(opening)
            let more = rest || !reply.wantsPages
            let isRecovering = nodes[index].recovery.finished(
                opening,
                more: more,
                mayHold: nodes[index].mayHold
            )
            let remaining = nodes[index].outbox.count
            return isRecovering || reception.newEpoch || more
                || (remaining > 0 && remaining < waiting) ? .more : .whole
        }
    }

    /// A request from what waits, as much as fits; at least one entry, where there is one.
    private mutating func begin(
        _ node: MemoryNode,
        _ opening: NodeRecovery.Opening,
        _ deltas: [Delta],
        _ budget: Budget
    ) -> (NodeEnd, [UInt8], ReplyBudget) {
        let waiting = node.outbox
        var outbox = Array(waiting.prefix(random.pick([1, 3, max(1, waiting.count)])))
        func open(_ reply: ReplyBudget) -> (NodeEnd, [UInt8], ReplyBudget) {
            var end = NodeEnd(
                hub: NodeEnd.KnownHub(id: hub.name.id, keys: [hub.key.bytes]),
                cryptography: .cheap
            )
            let effects = end.start(
                opening.hello(leaving: waiting.count - outbox.count),
                outbox: outbox,
                held: introduction(of: node) + (opening.held?.documents ?? []),
                receipts: opening.receipts,
                deltas: deltas,
                cursors: node.cursors.values.sorted { $0.feed < $1.feed },
                asking: reply
            )
            guard case .send(let body)? = effects.first else {
                preconditionFailure("a sync begins by sending")
            }
            return (end, body, reply)
        }
        var opened = open(.whole)
        while opened.1.count > budget.request, outbox.count > 1 {
            outbox.removeLast(outbox.count / 2)
            opened = open(.whole)
        }
        let reply = budget.reply(toRequestOf: opened.1.count, handsIn: !outbox.isEmpty)
        return reply == .whole ? opened : open(reply)
    }
}

// MARK: - The reply

extension Simulation {
    /// What a reply brought so far.
    private struct Reception {
        let isWhole: Bool
        /// Whether there is more to come; nil until the reply has come to its end.
        var more: Bool?
        var newEpoch = false
    }

    /// Takes a reply in pieces, each effect durable before the next; false where it died between
    /// two.
    private mutating func receive(
        _ reply: [UInt8],
        _ index: Int,
        _ end: inout NodeEnd,
        _ reception: inout Reception
    ) -> Bool {
        var rest = reply[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 + random.below(2_000))
            rest = rest.dropFirst(piece.count)
            for effect in end.take(piece) {
                if strikes(.killNode) {
                    note("\(nodes[index].device.name) killed")
                    mark(.nodeKilled)
                    nodes[index].executeHalf(effect)
                    nodes[index].die()
                    return false
                }
                if strikes(.failNodeStore) {
                    note("\(nodes[index].device.name) could not write")
                    mark(.nodeStoreFailed)
                    nodes[index].executeHalf(effect)
                    return false
                }
                carryOut(effect, index, &reception)
            }
        }
        for effect in end.closed("the reply was over") { carryOut(effect, index, &reception) }
        return true
    }

    private mutating func carryOut(
        _ effect: NodeEnd.Effect,
        _ index: Int,
        _ reception: inout Reception
    ) {
        if nodes[index].execute(effect, random: randomness()) { reception.newEpoch = true }
        keepCount(of: index, after: effect)
        switch effect {
        case .greeted: nodes[index].toldOffset = nodes[index].clockOffset
        case .finished(let more): reception.more = more
        case .failed(let error):
            note("\(nodes[index].device.name) failed: \(error)")
            if reception.isWhole {
                flaw = Broken(
                    "NoGaps",
                    "\(nodes[index].device.name) refused a whole reply: \(error)"
                )
            }
        case .apply(let page, _): note("applied \(page.head.feed) to \(page.head.to.seq)")
        default: break
        }
    }
}

// MARK: - Healing

extension Simulation {
    /// Stops all faults and lets every node sync wholly, `rounds` times; then all must agree.
    mutating func heal(rounds: Int = 3) {
        random = SplitMix64(seed: SplitMix64.mix(history.seed))
        faults = .none
        offline = [:]
        deaf = [:]
        milliseconds += 2 * BackOff.longestWish
        deliverDelayed()
        for _ in 0..<rounds {
            for index in nodes.indices { sync(index, trips: 1_000) }
            // A hub that nothing was told in a round has nothing left to tell.
            if (try? checkConverges()) != nil, hub.state.awaited.isEmpty { break }
        }
        note("healed at \(hub.hubSeq)")
    }
}
