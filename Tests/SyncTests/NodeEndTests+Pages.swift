import Review
import Simulator
import Sync
import TestSupport
import Testing

extension NodeEndTests {
    @Test func `a reply cut anywhere keeps its whole pages and nothing else`() throws {
        let (fresh, request) = try waiting()
        let body = Record.body([greeting(request)] + pages().joined() + [.word(.end, [:])])
        var seen: Set<[Int64]> = []
        for cut in 0..<body.count {
            var end = fresh
            let effects = end.take(body.prefix(cut)) + end.closed("cut off")
            seen.insert(applied(effects))
            #expect(failure(effects) == .unreachable(reason: "cut off"))
        }
        #expect(seen == [[], [1]])  // The last page shares its frame with the end.
    }

    @Test func `a page under another key is refused, and the one before it kept`() throws {
        let effects = try effects { request in
            [greeting(request)] + pages()[0] + pages(by: stranger)[1] + [.word(.end, [:])]
        }
        #expect(applied(effects) == [1])
        #expect(failure(effects) == .badSignature(what: "a page"))
    }

    @Test func `a page that does not follow on is refused`() throws {
        let effects = try effects { [greeting($0)] + pages()[1] + [.word(.end, [:])] }
        #expect(effects.last == .failed(.brokenFeed(feed: "hub", after: 0)))
        #expect(applied(effects).isEmpty)
    }

    @Test func `after a reset the feed begins anew`() throws {
        var (end, _) = try waiting()
        end = NodeEnd(
            hub: NodeEnd.KnownHub(id: hub.name.id, keys: [hub.key.bytes]),
            cryptography: .cheap
        )
        let strange = FeedHead(seq: 9, prefix: Sample.digest(9))
        let sent = end.start(
            Hello(log: log),
            outbox: [],
            deltas: [],
            cursors: [Cursor(hubEpoch: "0.0", feed: "hub", head: strange)]
        )
        guard case .send(let body)? = sent.first else { return }
        let effects = end.take(
            Record.body(
                [greeting(cheapHash(body)), .word(.reset, ["feed": "hub"])] + pages().joined()
                    + [.word(.end, [:])]
            )
        )
        #expect(effects.contains(.reset(feed: "hub", start)))
        #expect(applied(effects) == [1, 2])
    }

    @Test func `a payload that its entry does not name is refused`() throws {
        let effects = try effects { request in
            [greeting(request)]
                + pages()[0].map { record in
                    guard case .payload(let hash, var bytes) = record else { return record }
                    bytes[0] ^= 1
                    return .payload(hash, bytes)
                } + [.word(.end, [:])]
        }
        #expect(applied(effects).isEmpty)
        #expect(
            failure(effects) == .damaged(reason: "a payload that its entry does not name")
        )
    }
}
