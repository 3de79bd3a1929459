import Review
import Sync
import TestSupport

extension Simulation {
    /// One round trip of one node, with whatever goes wrong; whether there is more to move.
    @discardableResult
    package mutating func sync(_ index: Int) -> Bool {
        var end = NodeEnd(
            hub: NodeEnd.KnownHub(id: hub.name.id, keys: [hub.key.bytes]),
            cryptography: .cheap
        )
        let node = nodes[index]
        let outbox = node.outbox
        let opening = node.opening
        let effects = end.start(
            opening.hello,
            outbox: Array(outbox.prefix(random.pick([1, 3, outbox.count]))),
            held: opening.held,
            receipts: opening.receipts,
            deltas: random.chance(1, in: 2) ? node.deltas : [],
            cursors: node.cursors.values.sorted { $0.feed < $1.feed }
        )
        guard case .send(let body)? = effects.first, let reply = carry(body, node.device.name)
        else { return true }
        let handsIn = opening.hello.holds == 0 && node.mayHold ? node.hubEpoch : nil
        let more = receive(reply, index, &end, handsIn: handsIn)
        return more || nodes[index].mayHold || nodes[index].opening.receipts != opening.receipts
    }

    /// Brings a request to the hub and its reply back, or not, or in part.
    private mutating func carry(_ body: [UInt8], _ who: String) -> [UInt8]? {
        if random.strikes(faults.loseRequest) {
            note("\(who) request lost")
            return nil
        }
        if random.strikes(faults.delayRequest) {
            note("\(who) request delayed")
            delayed.append(body)
            return nil
        }
        guard var reply = ask(body) else { return nil }
        if random.strikes(faults.repeatRequest), let again = ask(body) { reply = again }
        note("\(who) sent \(cheapHash(body).short), got \(cheapHash(reply).short)")
        if random.strikes(faults.loseReply) { return nil }
        if random.strikes(faults.cutReply) { reply.removeLast(1 + random.below(reply.count)) }
        if random.strikes(faults.flipBit), !reply.isEmpty {
            reply[random.below(reply.count)] ^= 1 << UInt8(random.below(8))
        }
        return reply
    }

    private mutating func ask(_ body: [UInt8]) -> [UInt8]? {
        hub.answer(body, now: now, pageBytes: pageBytes, random: randomness())
    }

    /// Requests that were under way for long arrive, in any order; nobody hears their replies.
    mutating func deliverDelayed() {
        for body in delayed.shuffled(using: &random) {
            note("late request \(cheapHash(body).short)")
            _ = ask(body)
        }
        delayed = []
    }

    /// Takes a reply in pieces, each effect durable before the next, and maybe dies between two.
    private mutating func receive(
        _ reply: [UInt8],
        _ index: Int,
        _ end: inout NodeEnd,
        handsIn: String?
    ) -> Bool {
        var more = true
        var rest = reply[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 + random.below(2_000))
            rest = rest.dropFirst(piece.count)
            for effect in end.take(piece) {
                if random.strikes(faults.killNode) {
                    note("\(nodes[index].device.name) killed")
                    return true
                }
                nodes[index].execute(effect, random: randomness())
                keepCount(of: index, after: effect)
                switch effect {
                case .finished(let told):
                    more = told
                    if let handsIn { nodes[index].handedIn(in: handsIn) }
                case .failed(let error): note("\(nodes[index].device.name) failed: \(error)")
                case .apply(let page, _): note("applied \(page.head.feed) to \(page.head.to.seq)")
                default: break
                }
            }
        }
        if !end.closed("the reply was over").isEmpty { note("a reply cut") }
        return more
    }

    /// Stops all faults and lets every node sync wholly, `rounds` times; then all must agree.
    package mutating func heal(rounds: Int = 3) {
        faults = .none
        deliverDelayed()
        for _ in 0..<rounds {
            for index in nodes.indices {
                for _ in 0..<1_000 {
                    let more = sync(index)
                    if !more, nodes[index].outbox.isEmpty { break }
                }
            }
        }
        note("healed at \(hub.hubSeq)")
    }
}
