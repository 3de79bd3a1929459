import Review
import Simulator
import Sync
import TestSupport
import Testing

extension NodeEndTests {
    private var rows: [FeedHead] {
        applied(of: Record.body([greeting(Sample.digest(1))] + pages().joined()), from: start)
    }

    /// A node that was handed a file, standing at a cursor.
    private func reader(at cursor: Cursor, lastRequest: Digest? = nil) -> NodeEnd {
        var end = NodeEnd(
            hub: NodeEnd.KnownHub(id: hub.name.id, keys: [hub.key.bytes]),
            cryptography: .cheap
        )
        end.take(carriedFor: log.device, lastRequest: lastRequest, cursors: [cursor])
        return end
    }

    /// Where the feed stood after each page that a file made the node apply.
    private func applied(of body: [UInt8], from cursor: Cursor) -> [FeedHead] {
        var end = reader(at: cursor)
        return end.take(body).compactMap { effect in
            if case .apply(_, let cursor) = effect { cursor.head } else { nil }
        }
    }

    @Test func `what was carried here holds again, late, and for any request`() {
        let body = Record.body(
            [greeting(Sample.digest(1))] + pages().joined() + [.word(.end, [:])]
        )
        let rows = rows
        #expect(rows.map(\.seq) == [1, 2])
        for (number, place) in ([start.head] + rows).enumerated() {
            let cursor = Cursor(hubEpoch: hub.name.epoch, feed: "hub", head: place)
            var end = reader(at: cursor)
            let effects = end.take(body) + end.closed("cut off")
            #expect(effects.last == .finished(more: false))
            #expect(applied(of: body, from: cursor).last ?? place == rows[1], "from \(number)")
        }
    }

    @Test func `only the answer to what was handed in last moves a cursor back`() {
        let request = Sample.digest(1)
        let body = Record.body(
            [greeting(request), .word(.reset, ["feed": "hub"])] + pages().joined()
                + [.word(.end, [:])]
        )
        let cursor = Cursor(hubEpoch: hub.name.epoch, feed: "hub", head: rows[1])
        for (last, isReset) in [(nil, false), (Sample.digest(2), false), (request, true)] {
            var end = reader(at: cursor, lastRequest: last)
            #expect(end.take(body).contains(.reset(feed: "hub", start)) == isReset)
        }
    }

    @Test func `feeds of a hub that began anew begin anew`() {
        let old = Cursor(
            hubEpoch: "0.0",
            feed: "hub",
            head: FeedHead(seq: 9, prefix: Sample.digest(9))
        )
        var end = reader(at: old)
        let body = Record.body([greeting(Sample.digest(1))] + pages().joined())
        #expect(end.take(body).contains(.reset(feed: "hub", start)))
        #expect(applied(of: body, from: old).map(\.seq) == [1, 2])
    }

    @Test func `damage to a body is never applied, and never a crash`() {
        let body = Record.body(
            [greeting(Sample.digest(1))] + pages().joined() + [.word(.end, [:])]
        )
        var undamaged = reader(at: start)
        let whole = undamaged.take(body) + undamaged.closed("cut off")
        var random = SplitMix64(seed: RunSeed.value)
        for _ in 0..<500 {
            var damaged = body
            let at = random.below(body.count)
            if random.chance(1, in: 3) { damaged.removeLast(at + 1) } else { damaged[at] ^= 1 }
            var end = reader(at: start)
            let effects = end.take(damaged) + end.closed("cut off")
            if effects == whole { continue }  // Packing has bits that say nothing.
            guard case .failed? = effects.last else {
                Issue.record("damage at \(at) was taken; \(RunSeed.replay(RunSeed.value))")
                return
            }
        }
    }
}
