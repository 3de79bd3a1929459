import Foundation
import Node
import Replica
import Review
import Sync
import Synchronization
import Testing

@Suite("A sync, driven")
struct SyncRunTests {
    /// Time that passes when somebody sleeps, or says so.
    private final class Clock: Sendable {
        private let time = Mutex<Int64>(0)

        var elapsed: Int64 { time.withLock { $0 } }

        func pass(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }

        var pace: Pace {
            Pace(elapsed: { [self] in elapsed }, sleep: { [self] in pass($0) })
        }
    }

    private let clock = Clock()
    private let laptop: Laptop

    init() throws { laptop = try Laptop() }

    private func run(
        _ order: SyncOrder = SyncOrder(),
        trace: Trace? = nil,
        on desk: Desk? = nil,
        _ exchange: @escaping Exchange
    ) throws -> SyncSummary {
        var run = SyncRun(
            desk ?? laptop.desk,
            order,
            pace: clock.pace,
            trace: trace,
            exchange: exchange
        )
        return try run.run()
    }

    private let ok = WireHead(status: 200, mediaType: "application/vnd.countersign.sync")

    private func seqs() throws -> [Int64] { try laptop.desk.replica.cursors().map(\.head.seq) }

    // MARK: What stands between

    private func problem(_ status: Int, _ code: String) -> (WireHead, [UInt8]) {
        (
            WireHead(status: status, mediaType: "application/problem+json"),
            Array(#"{"code": "\#(code)", "detail": "x", "retryable": true}"#.utf8)
        )
    }

    @Test(arguments: ["replayed", "damagedRequest"])
    func `what was said twice or spoiled on the way is sent anew, once`(code: String) throws {
        var bodies: [[(name: String, value: String)]] = []
        let summary = try run { request, onPiece in
            bodies.append(request.headers)
            guard bodies.count > 1 else {
                let (head, body) = problem(400, code)
                try onPiece(head, body)
                return head
            }
            try onPiece(ok, try laptop.hub.answer(request.body))
            return ok
        }
        #expect(summary.isCaughtUp && bodies.count == 2)
        #expect(bodies[0].last?.value != bodies[1].last?.value, "it has a nonce of its own")
        var count = 0
        let error = #expect(throws: NodeError.self) {
            try run { request, onPiece in
                count += 1
                let (head, body) = problem(400, code)
                try onPiece(head, body)
                return head
            }
        }
        #expect(count == 2 && error.map { NodeFailure($0).kind } == .tryLater)
    }

    @Test func `where less fits through than the hub takes, it goes up in parts`() throws {
        try laptop.receives("T-1")
        for number in 1...100 {
            let line = #"{"case": "refunds/T-1", "label": "deny", "note": "\#(number)"}"#
            #expect(laptop.desk.decide(Array(line.utf8), number: number).failure == nil)
        }
        var sizes: [Int] = []
        let summary = try run { request, onPiece in
            sizes.append(request.body.count)
            guard request.body.count <= 12_000 else {
                return WireHead(status: 413, mediaType: "text/html")
            }
            try onPiece(ok, try laptop.hub.answer(request.body))
            return ok
        }
        #expect(summary.upEntries == 101 && summary.outbox == 0)
        #expect(sizes.filter { $0 > 12_000 }.count < 5, "\(sizes)")
        let error = #expect(throws: SyncError.self) {
            try run { _, _ in WireHead(status: 413, mediaType: "text/html") }
        }
        guard case .tooLarge? = error else { throw SyncError.unread(reason: "\(error as Any)") }
    }

    @Test func `what is decided while it runs goes up as well`() throws {
        try laptop.receives("T-1")
        var trips = 0
        let summary = try run { request, onPiece in
            trips += 1
            try onPiece(ok, try laptop.hub.answer(request.body))
            if trips == 1 {
                for number in 1...3 {
                    let line = #"{"case": "refunds/T-1", "label": "deny", "note": "\#(number)"}"#
                    #expect(laptop.desk.decide(Array(line.utf8), number: number).failure == nil)
                }
            }
            return ok
        }
        #expect(summary.isCaughtUp && summary.upEntries == 4 && trips == 2)
    }

    // MARK: Budgets

    @Test func `out of time it stops after whole pages, and goes on from there`() throws {
        let pages = laptop.hub.pages(3)
        var order = SyncOrder()
        order.maxMilliseconds = 10_000
        let summary = try run(order) { request, onPiece in
            for byte in try laptop.hub.answer(request.body, pages) {
                clock.pass(20)
                try onPiece(ok, [byte])
            }
            Issue.record("the reply was taken to its end")
            return ok
        }
        #expect(summary.end == .budget && !summary.isCaughtUp)
        #expect(summary.downRows == 1 && summary.outbox == 0)
        #expect(try seqs() == [1])
        #expect(try laptop.desk.status().status.notes.caughtUp == false)

        let rest = try run { request, onPiece in
            let cursors = try HubRequest(body: request.body, hash: Cryptography.system.hash).cursors
            #expect(cursors.map(\.head.seq) == [1])
            try onPiece(ok, try laptop.hub.answer(request.body, Array(pages.dropFirst())))
            return ok
        }
        #expect(rest.isCaughtUp && rest.downRows == 2)
        #expect(try seqs() == [3])
    }

    @Test func `the transport is told how long it may wait`() throws {
        var order = SyncOrder()
        order.maxMilliseconds = 4_000
        clock.pass(70_000)  // Before it began.
        _ = try run(order) { request, onPiece in
            #expect(request.patienceMilliseconds == 4_000)
            try onPiece(ok, try laptop.hub.answer(request.body))
            return ok
        }
    }

    @Test func `with a budget it asks for less, and hands in before it fetches`() throws {
        var order = SyncOrder()
        order.maxBytes = 2_000
        var asked: [HubRequest] = []
        let summary = try run(order) { request, onPiece in
            asked.append(try HubRequest(body: request.body, hash: Cryptography.system.hash))
            try onPiece(ok, try laptop.hub.answer(request.body))
            return ok
        }
        #expect(asked.map(\.budget.bytes) == [0], "an entry moved, and there is no room for a page")
        #expect(asked.map(\.documents.count) == [1] && summary.end == .budget)
    }

    @Test func `counts alone go without entries and cursors, and catch nothing up`() throws {
        try laptop.receives("T-1")
        let line = #"{"case": "refunds/T-1", "label": "deny"}"#
        _ = laptop.desk.decide(Array(line.utf8), number: 1)
        var order = SyncOrder()
        order.deltasOnly = true
        let summary = try run(order) { request, onPiece in
            let read = try HubRequest(body: request.body, hash: Cryptography.system.hash)
            #expect(read.documents.isEmpty && read.cursors.isEmpty && !read.budget.wantsPages)
            #expect(read.deltas.count == 1)
            try onPiece(ok, try laptop.hub.answer(request.body))
            return ok
        }
        #expect(summary.deltas == 1 && summary.outbox == 2 && !summary.isCaughtUp)
        #expect(summary.report.json.contains(#""result":"partial""#))
    }

    // MARK: One at a time

    @Test func `waits for another sync as long as it may`() throws {
        let lock = try SyncLock(of: laptop.home, patience: 0, clock.pace)
        var order = SyncOrder()
        func refused() { #expect(throws: NodeError.syncRunning) { try run(order) { _, _ in ok } } }
        refused()
        #expect(clock.elapsed == 0)
        order.waits = true
        order.maxMilliseconds = 1_234
        refused()
        #expect(clock.elapsed == 1_234)
        withExtendedLifetime(lock) {}
    }

    // MARK: Keeping a distance

    @Test func `what the hub asks for is kept for every process until a sync succeeds`() throws {
        let busy = WireHead(status: 429, mediaType: "text/plain", retryAfterSeconds: 60)
        let until = Laptop.noon.advanced(byMilliseconds: 60_000)
        #expect(throws: NodeError.hubBusy(until: until)) { try run { _, _ in busy } }
        let other = try Desk(home: laptop.home, now: { until.advanced(byMilliseconds: -1) })
        #expect(try other.status().hubAsksUntil == until)
        #expect(throws: NodeError.hubBusy(until: until)) {
            try run(on: other) { _, _ in
                Issue.record("it was asked all the same")
                return ok
            }
        }
        let later = try Desk(home: laptop.home, now: { until })
        #expect(try later.status().hubAsksUntil == nil)
        let summary = try run(on: later) { request, onPiece in
            try onPiece(ok, try laptop.hub.answer(request.body))
            return ok
        }
        #expect(summary.isCaughtUp)
        #expect(try laptop.desk.replica.backOff() == BackOff())
    }

    @Test func `a failure holds back what nobody asked for`() throws {
        struct Offline: Error {}
        #expect(throws: Offline.self) { try run { _, _ in throw Offline() } }
        var order = SyncOrder()
        order.isUnattended = true
        let due = try #require(try laptop.desk.replica.backOff().nextUnattended)
        if due > Laptop.noon {  // Full jitter may draw no wait at all.
            #expect(throws: NodeError.notYet(until: due)) { try run(order) { _, _ in ok } }
        }
        #expect(throws: Offline.self) { try run { _, _ in throw Offline() } }
        #expect(try laptop.desk.replica.backOff().failures == 2)
    }

    // MARK: Traces

    @Test func `a trace replays to the same effects`() throws {
        let path = laptop.home.folder + "/trace"
        var reply: [UInt8] = []
        var sent: [UInt8] = []
        _ = try run(trace: try Trace(path: path)) { request, onPiece in
            sent = request.body
            reply = try laptop.hub.answer(request.body, laptop.hub.pages(2))
            for byte in reply { try onPiece(ok, [byte]) }
            return ok
        }
        let text = [UInt8](try #require(FileManager.default.contents(atPath: path)))
        let bodies = try Replay.bodies(text)
        #expect(bodies.count == 2)
        #expect(Record.body(bodies[0]) == sent)
        var (played, _) = try Replay.start(Record.body(bodies[0]), laptop.known)
        var (real, _) = try Replay.start(sent, laptop.known)
        let effects = played.take(Record.body(bodies[1]))
        #expect(effects == real.take(reply))
        #expect(effects.count { if case .apply = $0 { true } else { false } } == 2)
        #expect(effects.last == .finished(more: false))
    }

    @Test func `a trace tells of a sign-in page that it came, and not what it said`() throws {
        let path = laptop.home.folder + "/trace"
        let page = WireHead(status: 200, mediaType: "text/html")
        #expect(throws: SyncError.self) {
            try run(trace: try Trace(path: path)) { _, onPiece in
                try onPiece(page, Array("<html>\u{1B}[2J".utf8))
                try onPiece(page, Array("</html>".utf8))
                return page
            }
        }
        let text = String(
            decoding: try #require(FileManager.default.contents(atPath: path)),
            as: UTF8.self
        )
        #expect(text.hasSuffix("http {\"mediaType\":\"text/html\",\"status\":200}\n"))
        #expect(!text.contains("html>"))
    }
}

/// Plays a trace again.
private enum Replay {
    /// The bodies of a trace: each begins with who speaks.
    static func bodies(_ trace: [UInt8]) throws -> [[Record]] {
        try Record.read(frame: trace).reduce(into: []) { bodies, record in
            switch record {
            case .word(.hello, _), .word(.hub, _): bodies.append([record])
            default: bodies[bodies.count - 1].append(record)
            }
        }
    }

    /// A node's end that has sent just this request.
    static func start(
        _ body: [UInt8],
        _ hub: NodeEnd.KnownHub
    ) throws -> (NodeEnd, [NodeEnd.Effect]) {
        let request = try HubRequest(body: body, hash: Cryptography.system.hash)
        var end = NodeEnd(hub: hub, cryptography: .system)
        let effects = end.start(
            request.hello,
            outbox: request.documents,
            deltas: request.deltas,
            cursors: request.cursors,
            asking: request.budget
        )
        #expect(effects == [.send(body)])
        return (end, effects)
    }
}

extension Laptop {
    fileprivate var known: NodeEnd.KnownHub {
        NodeEnd.KnownHub(id: hub.name.id, keys: [hub.publicKey])
    }
}
