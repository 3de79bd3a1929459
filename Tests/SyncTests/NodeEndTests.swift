import Review
import Simulator
import Sync
import TestSupport
import Testing

@Suite("The node's end of a sync")
struct NodeEndTests {
    let hub = MemoryHub()
    let stranger = CheapKey("stranger")
    let log = LogName(device: "d1", epoch: "1.0")
    var start: Cursor {
        let head = FeedHead(hub: hub.name, feed: "hub", hash: cheapHash)
        return Cursor(hubEpoch: hub.name.epoch, feed: "hub", head: head)
    }

    /// A node that has just sent its request, and the digest of that.
    func waiting() throws -> (end: NodeEnd, request: Digest) {
        var end = NodeEnd(
            hub: NodeEnd.KnownHub(id: hub.name.id, keys: [hub.key.bytes]),
            cryptography: .cheap
        )
        let effects = end.start(Hello(log: log), outbox: [], deltas: [], cursors: [start])
        guard case .send(let body)? = effects.first else { throw WireError.notOurs }
        return (end, cheapHash(body))
    }

    func greeting(_ request: Digest, id: String? = nil, by key: CheapKey? = nil) -> Record {
        let greeting = Greeting(
            hub: HubName(id: id ?? hub.name.id, epoch: hub.name.epoch),
            time: Sample.noon,
            watermark: 0,
            request: request
        )
        let sign = (key ?? hub.key).sign
        return .word(.hub, SignedRecord.sign(greeting.json, as: .hub, by: sign))
    }

    /// Two rows of the feed, on two pages.
    func pages(by key: CheapKey? = nil) -> [[Record]] {
        var pen = Pen(
            log: hub.name.log,
            head: LogHead(),
            cryptography: .cheap,
            sign: hub.key.sign,
            random: seededRandomness(1)
        )
        var head = start.head
        return (1...2).map { number in
            let document = pen.write(.policy, ["number": .integer(number)])
            let next = head.appending(document.entry.uid, hash: cheapHash)
            defer { head = next }
            let page = PageHead(
                hubEpoch: hub.name.epoch,
                feed: "hub",
                from: head,
                to: next,
                more: number == 1
            )
            let row = FeedRow(seq: next.seq, hubSeq: Int64(number), document: document)
            return Page(head: page, rows: [row]).records(sign: (key ?? hub.key).sign)
        }
    }

    /// What a reply makes the node do.
    func effects(_ reply: (Digest) -> [Record]) throws -> [NodeEnd.Effect] {
        var (end, request) = try waiting()
        return end.take(Record.body(reply(request))) + end.closed("cut off")
    }

    func failure(_ effects: [NodeEnd.Effect]) -> SyncError? {
        guard case .failed(let error)? = effects.last else { return nil }
        return error
    }

    func applied(_ effects: [NodeEnd.Effect]) -> [Int64] {
        effects.compactMap {
            guard case .apply(_, let cursor) = $0 else { return nil }
            return cursor.head.seq
        }
    }

    // MARK: Who answers

    @Test func `takes a whole reply, and says whether there is more`() throws {
        let effects = try effects { request in
            [greeting(request)] + pages().joined() + [.word(.end, [:])]
        }
        #expect(applied(effects) == [1, 2])
        #expect(effects.last == .finished(more: false), "the last page of the feed says so")
        let part = try self.effects { [greeting($0)] + pages()[0] + [.word(.end, [:])] }
        #expect(part.last == .finished(more: true))
    }

    @Test func `a sign-in page is not the hub`() throws {
        var (end, _) = try waiting()
        let effects = end.take(Array("<!DOCTYPE html><html>Welcome</html>".utf8))
        #expect(effects == [.failed(.notTheHub(reason: "the body is not a sync"))])
        #expect(end.take(Array("more".utf8)).isEmpty)
        #expect(end.closed("done").isEmpty)
    }

    @Test func `nothing is believed before the greeting`() throws {
        let effects = try effects { _ in pages().joined() + [.word(.end, [:])] }
        #expect(effects == [.failed(.notTheHub(reason: "no greeting came first"))])
    }

    @Test func `nor from another hub, under another key, or to another request`() throws {
        let other = try effects { [greeting($0, id: "h0")] + pages().joined() }
        #expect(other == [.failed(.notTheHub(reason: "another hub answered"))])
        let forged = try effects { [greeting($0, by: stranger)] + pages().joined() }
        #expect(forged == [.failed(.badSignature(what: "a greeting"))])
        let old = try effects { _ in [greeting(Sample.digest(1))] + pages().joined() }
        #expect(old == [.failed(.badSignature(what: "an answer to another request"))])
    }

    @Test func `a greeting changed after it was signed is refused`() throws {
        let effects = try effects { request in
            guard case .word(let word, let json) = greeting(request), var members = json.object
            else { return [] }
            members["time"] = 0
            return [.word(word, .object(members))]
        }
        #expect(effects == [.failed(.badSignature(what: "a greeting"))])
    }

    // MARK: Damage

    @Test(arguments: 0..<8)
    func `a flipped bit never applies what was not sent`(batch: Int) throws {
        let (fresh, request) = try waiting()
        let body = Record.body(
            [greeting(request), receipt(results)] + results.map { .word(.result, $0.json) }
                + pages().joined() + [.word(.end, [:])]
        )
        var whole = fresh
        let honest = whole.take(body)
        for number in 0..<400 {
            let seed = RunSeed.seed(batch * 400 + number)
            var random = SplitMix64(seed: seed)
            var damaged = body
            damaged[random.below(damaged.count)] ^= 1 << UInt8(random.below(8))
            var end = fresh
            for effect in end.take(damaged) + end.closed("cut off") {
                if case .failed = effect { continue }
                if case .finished = effect { continue }
                let wasSent = honest.contains(effect)
                #expect(wasSent, "\(RunSeed.replay(seed)): \(effect)")
            }
        }
    }

    @Test(arguments: [
        SyncError.unreachable(reason: "stalled"), .notTheHub(reason: "html"),
        .damaged(reason: "cut"), .badSignature(what: "a page"),
        .brokenFeed(feed: "hub", after: 7), .unread(reason: "a page"),
    ])
    func `ends with what happened, what is safe and what to type`(error: SyncError) {
        #expect(error.description.split(separator: "; ").count == 3)
    }

    @Test func `traps when it is started twice`() async {
        await #expect(processExitsWith: .failure) {
            var end = NodeEnd(
                hub: NodeEnd.KnownHub(id: "h", keys: []),
                cryptography: .cheap
            )
            let hello = Hello(log: LogName(device: "d", epoch: "1.0"))
            _ = end.start(hello, outbox: [], deltas: [], cursors: [])
            _ = end.start(hello, outbox: [], deltas: [], cursors: [])
        }
    }
}
