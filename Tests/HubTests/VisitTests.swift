import Foundation
@testable import Hub
import HubStore
import Review
import Testing

@Suite("Who comes too often, or twice")
struct VisitTests {
    private static let noon = Timestamp(milliseconds: 1_800_000_000_000)

    private func visit(_ number: Int, after milliseconds: Int64 = 0) -> Visit {
        Visit(
            at: Self.noon.advanced(byMilliseconds: milliseconds),
            visitor: .device("d1"),
            mark: "\(number)"
        )
    }

    private func stranger(after milliseconds: Int64 = 0) -> Visit {
        Visit(
            at: Self.noon.advanced(byMilliseconds: milliseconds),
            visitor: .stranger(address: "192.0.2.1"),
            mark: ""
        )
    }

    @Test func `a burst is welcome, and then one more each tenth of a second`() {
        var visits = RecentVisits()
        for number in 0..<600 { #expect(visits.take(visit(number)) == .welcome) }
        #expect(visits.take(visit(600)) == .tooOften(seconds: 1))
        #expect(visits.take(visit(601, after: 99)) == .tooOften(seconds: 1))
        #expect(visits.take(visit(602, after: 100)) == .welcome)
        #expect(visits.take(visit(603, after: 100)) == .tooOften(seconds: 1))
        #expect(visits.take(visit(604, after: -50_000)) == .tooOften(seconds: 1), "clock put back")
    }

    @Test func `ten requests a second are welcome for ever`() {
        var visits = RecentVisits()
        for number in 0..<20_000 {
            #expect(visits.take(visit(number, after: Int64(number) * 100)) == .welcome)
        }
    }

    @Test func `a stranger gets thirty guesses, then one each two seconds`() {
        var visits = RecentVisits()
        for _ in 0..<30 { #expect(visits.take(stranger()) == .welcome) }
        #expect(visits.take(stranger()) == .tooOften(seconds: 2))
        #expect(visits.take(stranger(after: 1500)) == .tooOften(seconds: 1))
        #expect(visits.take(stranger(after: 2000)) == .welcome)
        #expect(visits.take(visit(1)) == .welcome, "who proves themselves is not a stranger")
    }

    /// A request signed five minutes ahead of the hub is good for ten.
    @Test func `a request is known again for as long as it would be good`() {
        var visits = RecentVisits()
        #expect(visits.take(visit(-1)) == .welcome)
        for number in 0..<2000 {
            #expect(visits.take(visit(number, after: Int64(number) * 299)) == .welcome)
        }
        #expect(visits.take(visit(-1, after: 599_999)) == .replayed)
    }

    @Test func `a restart forgives and forgets nothing`() throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        try folder.make()
        func code(_ visit: Visit) -> String? {
            do {
                try VisitBook(in: folder).enter(visit)
                return nil
            } catch { return HubFailure(error).code }
        }
        for _ in 0..<30 { #expect(code(stranger()) == nil) }
        #expect(code(stranger()) == "tooOften")
        #expect(code(visit(1)) == nil && code(visit(1)) == "replayed")
        // The file gives way to a new one, and what it says still counts.
        #expect(code(visit(2, after: 599_000)) == nil)
        #expect(code(visit(3, after: 601_000)) == nil)
        #expect(FileManager.default.fileExists(atPath: folder.path + "/visits.old"))
        #expect(code(visit(2, after: 602_000)) == "replayed")
        #expect(code(visit(3, after: 602_000)) == "replayed")
    }

    @Test func `a device's request has its effect once`() throws {
        let hub = try TemporaryHub()
        let call = try hub.node(of: "anna").request(hub: try hub.office.store.hub(), at: hub.now)
        _ = try hub.office.sync(call)
        for _ in 0..<2 {
            let failure = try #require(throws: HubFailure.self) { try hub.office.sync(call) }
            #expect(failure.code == "replayed" && failure.kind == .refused)
            #expect(!failure.isRetryable)
        }
    }

    @Test func `a device that never stops is asked to wait`() throws {
        let hub = try TemporaryHub()
        let node = try hub.node(of: "anna")
        func ask() throws {
            _ = try hub.office.sync(node.request(hub: try hub.office.store.hub(), at: hub.now))
        }
        for _ in 0..<600 { try ask() }
        let failure = try #require(throws: HubFailure.self) { try ask() }
        #expect(failure.code == "tooOften" && failure.kind == .tooOften && failure.isRetryable)
        #expect(failure.details["retryAfter"] == 1)
        hub.wait(minutes: 1)
        try ask()
    }
}
