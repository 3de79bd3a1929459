import Foundation
import Node
import Replica
import Review
import Storage
import Sync
import Synchronization
import Testing

@Suite("Attachments on a node")
struct AttachmentTests {
    private let laptop: Laptop
    private let bytes = Array("a receipt, in a few bytes".utf8)
    private let page = WireHead(status: 200, mediaType: "application/vnd.countersign.sync")

    init() throws { laptop = try Laptop() }

    private func digest(_ bytes: [UInt8]) -> Digest { Cryptography.system.hash(bytes) }

    private func attachment(_ bytes: [UInt8], type: String = "image/jpeg") -> JSON {
        [
            "name": "../receipt.jpg", "sha256": .string(digest(bytes).bytes.hexadecimal),
            "bytes": .integer(bytes.count), "mediaType": .string(type),
        ]
    }

    /// A hub that serves files, and remembers what it was asked for.
    private final class Files: Sendable {
        private let state: Mutex<(files: [[UInt8]], asked: [String])>

        init(_ files: [[UInt8]]) { state = Mutex((files, [])) }

        var asked: [String] { state.withLock { $0.asked } }

        /// Serves at most `count` bytes of what is asked for; then the line breaks.
        func answer(
            _ request: WireRequest,
            breakingAfter count: Int = .max,
            _ onPiece: (WireHead, [UInt8]) throws -> Void
        ) throws -> WireHead {
            let range = request.headers.first { $0.name == "range" }?.value ?? ""
            let bounds = range.dropFirst(6).split(separator: "-").compactMap { Int($0) }
            let file = state.withLock { state in
                state.asked.append(range)
                return state.files.first {
                    request.path.hasSuffix(Cryptography.system.hash($0).bytes.hexadecimal)
                }
            }
            guard let file else {
                let head = WireHead(status: 404, mediaType: "application/problem+json")
                try onPiece(head, Array(#"{"code": "blobNotHere", "detail": "x"}"#.utf8))
                return head
            }
            return try Self.serve(file, bounds, breakingAfter: count, onPiece)
        }

        static func serve(
            _ file: [UInt8],
            _ bounds: [Int],
            breakingAfter count: Int = .max,
            _ onPiece: (WireHead, [UInt8]) throws -> Void
        ) throws -> WireHead {
            let part = file[bounds[0]..<min(bounds[1] + 1, file.count)]
            let head = WireHead(
                status: 206,
                mediaType: "application/vnd.countersign.blob",
                contentRange: "bytes \(bounds[0])-\(bounds[0] + part.count - 1)/\(file.count)"
            )
            for byte in part.prefix(count) { try onPiece(head, [byte]) }
            if count < part.count { throw Broken() }
            return head
        }
    }

    private struct Broken: Error {}

    private func sync(
        _ order: SyncOrder = SyncOrder(),
        _ fetch: @escaping Exchange
    ) throws -> SyncSummary {
        let pace = Pace(elapsed: { 0 }, sleep: { _ in })
        var run = SyncRun(laptop.desk, order, pace: pace) { [page, laptop] request, onPiece in
            guard request.method == .post else { return try fetch(request, onPiece) }
            try onPiece(page, try laptop.hub.answer(request.body))
            return page
        }
        return try run.run()
    }

    @Test func `broken off after any byte, it goes on from there`() throws {
        try laptop.receives("T-1", attachments: [attachment(bytes)])
        let files = Files([bytes])
        for count in 1..<bytes.count {
            #expect(throws: Broken.self) {
                try sync { try files.answer($0, breakingAfter: count, $1) }
            }
            let summary = try sync { try files.answer($0, $1) }
            #expect(summary.isCaughtUp)
            #expect(summary.attachments.fetched == 1)
            #expect(summary.attachments.bytes == bytes.count - count)
            #expect(files.asked.last == "bytes=\(count)-\(bytes.count - 1)")
            #expect(laptop.desk.blobs.holds(digest(bytes)))
            laptop.desk.blobs.remove(digest(bytes))
        }
    }

    @Test func `small files come first, each once, and what is here is not asked for`() throws {
        let large = [UInt8](repeating: 7, count: 1000)
        try laptop.receives("T-1", attachments: [attachment(large), attachment(bytes)])
        try laptop.receives("T-2", attachments: [attachment(bytes)])
        let files = Files([bytes, large])
        let summary = try sync { try files.answer($0, $1) }
        #expect(summary.attachments.fetched == 2 && summary.attachments.bytes == 1025)
        #expect(files.asked == ["bytes=0-24", "bytes=0-999"])
        #expect(summary.sentence.contains("2 attachments, 2 KB; caught up"))
        #expect(try sync { try files.answer($0, $1) }.attachments.bytes == 0)
        #expect(files.asked.count == 2)
    }

    @Test func `within a budget all come in the end, no byte twice`() throws {
        let large = (0..<20_000).map { UInt8(truncatingIfNeeded: $0) }
        try laptop.receives("T-1", attachments: [attachment(large)])
        let files = Files([large])
        var order = SyncOrder()
        order.maxBytes = 8_000
        var came = 0
        while true {
            let summary = try sync(order) { try files.answer($0, $1) }
            let moved = summary.upBytes + summary.downBytes + summary.attachments.bytes
            #expect(moved <= 8_000 && summary.attachments.bytes > 0)
            came += summary.attachments.bytes
            if summary.isCaughtUp { break }
            #expect(summary.end == .budget)
            #expect(try laptop.desk.status().status.notes.caughtUp == false)
        }
        #expect(came == large.count && laptop.desk.blobs.holds(digest(large)))
        #expect(try laptop.desk.status().status.notes.caughtUp)
    }

    @Test func `what the hub does not have yet is told, and fetched when it has come`() throws {
        try laptop.receives("T-1", attachments: [attachment(bytes)])
        let none = try sync { try Files([]).answer($0, $1) }
        #expect(none.isCaughtUp && none.attachments.missing == 1)
        #expect(none.sentence.hasSuffix("caught up, 1 attachment not at the hub yet"))
        #expect(laptop.session().lines.contains { $0.contains("receipt.jpg  1 KB, not here yet") })
        #expect(try sync { try Files([bytes]).answer($0, $1) }.attachments.fetched == 1)
        #expect(!laptop.session().lines.contains { $0.contains("not here yet") })
    }

    @Test func `other bytes are dropped, fetched anew once, and then told`() throws {
        try laptop.receives("T-1", attachments: [attachment(bytes)])
        let bounds = [0, bytes.count - 1]
        var asked = 0
        let wrong = NodeError.wrongAttachment(digest(bytes))
        #expect(throws: wrong) {
            try sync { [bytes] _, onPiece in
                asked += 1
                return try Files.serve(bytes.reversed(), bounds, onPiece)
            }
        }
        #expect(asked == 2 && laptop.desk.blobs.partSize(of: digest(bytes)) == 0)
        #expect(NodeFailure(wrong).kind == .badInput)
        #expect(throws: wrong) {
            try sync { [bytes] _, onPiece in try Files.serve(bytes + [0], bounds, onPiece) }
        }
        #expect(try sync { try Files([bytes]).answer($0, $1) }.attachments.fetched == 1)
    }

    @Test func `a file that comes whole though a part was asked for is taken from its beginning`()
        throws
    {
        try laptop.receives("T-1", attachments: [attachment(bytes)])
        let files = Files([bytes])
        #expect(throws: Broken.self) { try sync { try files.answer($0, breakingAfter: 9, $1) } }
        let whole = WireHead(status: 200, mediaType: "application/vnd.countersign.blob")
        let summary = try sync { [bytes] _, onPiece in
            try onPiece(whole, bytes)
            return whole
        }
        #expect(summary.attachments.fetched == 1 && laptop.desk.blobs.holds(digest(bytes)))
    }

    @Test func `a sign-in page takes nothing away`() throws {
        try laptop.receives("T-1", attachments: [attachment(bytes)])
        let files = Files([bytes])
        #expect(throws: Broken.self) { try sync { try files.answer($0, breakingAfter: 9, $1) } }
        let portal = WireHead(status: 200, mediaType: "text/html")
        #expect(throws: SyncError.self) {
            try sync { _, onPiece in
                try onPiece(portal, Array("<html>".utf8))
                return portal
            }
        }
        #expect(laptop.desk.blobs.partSize(of: digest(bytes)) == 9)
    }

    @Test func `without attachments none are asked for, and of one case only its own`() throws {
        let other = Array("other".utf8)
        try laptop.receives("T-1", attachments: [attachment(bytes)])
        let name = try laptop.receives("T-2", attachments: [attachment(other)])
        var order = SyncOrder()
        order.attachments = .none
        _ = try sync(order) { _, _ in throw Broken() }
        order.attachments = .only([name])
        let summary = try sync(order) { try Files([bytes, other]).answer($0, $1) }
        #expect(summary.attachments.fetched == 1 && summary.roundTrips == 0)
        #expect(laptop.desk.blobs.all() == [digest(other)])
    }

    // MARK: Opening

    @Test func `opened by a name of ours, remembered, and read for a quarter of an hour`() throws {
        let name = try laptop.receives("T-1", attachments: [attachment(bytes)])
        let session = laptop.session()
        _ = try session.start(at: 0)
        #expect(session.handle("a 2", at: 0).lines.first?.contains("no attachment 2") == true)
        #expect(session.handle("a 1", at: 0).lines.first?.contains("not here yet") == true)
        _ = try sync { try Files([bytes]).answer($0, $1) }
        let path = laptop.desk.blobs.file(digest(bytes)) + ".jpg"
        #expect(session.handle("a 1", at: 0) == Reply([], next: .open(path: path)))
        #expect(FileManager.default.contents(atPath: path) == Data(bytes))
        _ = session.handle("\(name) deny", at: 20 * 60_000)
        let verdict = try #require(try laptop.desk.replica.find(name)?.dossier.verdicts.first)
        #expect(verdict.value.activeMilliseconds == 15 * 60_000)
        let shown = try laptop.desk.show("\(name)", columns: 80, isPlain: false)
        #expect(shown.lines.contains { $0.contains("receipt.jpg  1 KB, opened") })
    }

    @Test func `a damaged one is not opened, and fetched again`() throws {
        let name = try laptop.receives("T-1", attachments: [attachment(bytes, type: "text/html")])
        _ = try sync { try Files([bytes]).answer($0, $1) }
        let file = laptop.desk.blobs.file(digest(bytes))
        try Data(bytes.reversed()).write(to: URL(fileURLWithPath: file))
        #expect(try laptop.desk.verify().failures.map(\.what) == ["attachment"])
        #expect(throws: NodeError.attachmentDamaged(name, 1)) {
            try laptop.desk.openReport("\(name)", attachment: 1)
        }
        #expect(try sync { try Files([bytes]).answer($0, $1) }.attachments.fetched == 1)
        #expect(try laptop.desk.openReport("\(name)", attachment: 1).path == file + ".txt")
    }
}

extension Session {
    fileprivate var lines: [String] { (try? start(at: 0).lines) ?? [] }
}
