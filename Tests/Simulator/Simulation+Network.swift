import Review
import Sync
import TestSupport

// What is between a node and its hub.

extension Simulation {
    /// What a node hears after it has asked.
    enum Answer {
        case nothing
        case status(Int, retryAfterSeconds: Int64?)
        /// Status 200; `isWhole` where it is what the hub said.
        case body([UInt8], isWhole: Bool)
    }

    /// Brings a request to the hub and its reply back, or not, or in part.
    mutating func carry(_ body: [UInt8], from index: Int) -> Answer {
        let who = nodes[index].device.name
        if offline[index] ?? milliseconds > milliseconds { return .nothing }
        if strikes(.loseRequest) {
            note("\(who) request lost")
            mark(.requestLost)
            return .nothing
        }
        if strikes(.delayRequest) {
            note("\(who) request delayed")
            mark(.requestDelayed)
            delayed.append(body)
            return .nothing
        }
        if strikes(.strangeAnswer) {
            mark(.strangeAnswer)
            return .body(Array("<!DOCTYPE html><title>Sign in</title>".utf8), isWhole: false)
        }
        if strikes(.refuse) {
            mark(.refused)
            let status = random.pick([408, 413, 426, 429, 500, 502, 503, 507])
            return .status(status, retryAfterSeconds: random.pick([nil, 1, 60, 1_000_000]))
        }
        guard var reply = ask(body) else {
            return random.pick([.nothing, .status(500, retryAfterSeconds: nil)])
        }
        if strikes(.repeatRequest) {
            mark(.requestRepeated)
            guard let again = ask(body) else { return .nothing }
            reply = again
        }
        note("\(who) sent \(cheapHash(body).short), got \(cheapHash(reply).short)")
        if deaf[index] ?? milliseconds > milliseconds {
            mark(.heardNothing)
            return .nothing
        }
        return harm(reply)
    }

    private mutating func harm(_ reply: [UInt8]) -> Answer {
        if strikes(.loseReply) {
            mark(.replyLost)
            return .nothing
        }
        var reply = reply
        var isWhole = true
        if strikes(.cutReply) {
            reply.removeLast(1 + random.below(reply.count))
            mark(.replyCut)
            isWhole = false
        }
        if strikes(.flipBit), !reply.isEmpty {
            reply[random.below(reply.count)] ^= 1 << UInt8(random.below(8))
            mark(.replyDamaged)
            isWhole = false
        }
        return .body(reply, isWhole: isWhole)
    }

    /// The hub answers, unless its process or its store fails on the way.
    private mutating func ask(_ body: [UInt8]) -> [UInt8]? {
        let dies = strikes(.killHub)
        let fails = strikes(.failHubStore)
        let after = dies || fails ? random.below(6) : nil
        do {
            return try hub.answer(
                body,
                now: now,
                pace: pace,
                dyingAfter: after,
                random: randomness()
            )
        } catch .failed {
            note("the hub \(dies ? "killed" : "could not write") on the way")
            mark(dies ? .hubKilled : .hubStoreFailed)
            if dies { hub.die() }
        } catch {
            note("the hub refused a request: \(error)")
        }
        return nil
    }

    /// Requests that were under way for long arrive, in any order; nobody hears their replies.
    mutating func deliverDelayed() {
        for body in delayed.shuffled(using: &random) {
            note("late request \(cheapHash(body).short)")
            _ = ask(body)
        }
        delayed = []
    }
}
