import Foundation
import GRDB
import Replica
import Review
import Storage
import Sync
import TestSupport
import Testing

@Suite("A replica file")
struct ReplicaFileTests {
    fileprivate let path = NSTemporaryDirectory() + "replica-\(UUID().uuidString).sqlite"
    private let log = LogName(device: "d1", epoch: "1.00000000000000aa")
    private let hub = HubName(id: "h1", epoch: "1.0000000000000001")
    private let random: Randomness = { [UInt8](repeating: 7, count: $0) }

    private func pen(_ log: LogName, _ head: LogHead = LogHead()) -> Pen {
        Pen(
            log: log,
            head: head,
            cryptography: .cheap,
            sign: CheapKey(log.device).sign,
            random: random
        )
    }

    fileprivate func make() throws -> ReplicaFile {
        var pen = pen(log)
        let identity = Identity(
            reviewer: "ana",
            device: log.device,
            deviceName: "laptop",
            key: [1],
            hub: hub.id,
            url: "http://127.0.0.1:1",
            root: [2]
        )
        let first = pen.write(.epoch, ["parent": "", "reason": "enrolled"])
        try ReplicaFile.create(
            path: path,
            identity,
            first: first,
            workingKeys: [[3]],
            at: Sample.noon
        )
        return try ReplicaFile(path: path)
    }

    @Test func `keeps who it belongs to, and begins with one entry to send`() throws {
        let replica = try make()
        #expect(replica.identity.reviewer == "ana")
        #expect(try replica.outbox(bytes: 1).map(\.entry.seq) == [1])
        #expect(try replica.workingKeys() == [[3]])
    }

    /// **NothingLost**: GRDB sets NORMAL for WAL, which a power cut can take a verdict back from.
    @Test func `commits with synchronous FULL in WAL mode`() throws {
        let replica = try make()
        #expect(try replica.durability() == ["wal", "2"])
    }

    @Test func `writes nothing of a commit that throws`() throws {
        let replica = try make()
        struct Refused: Error {}
        #expect(throws: Refused.self) {
            try replica.commit(on: nil, at: Sample.noon) { view -> (Commitment, Void) in
                var pen = self.pen(self.log, view.head)
                _ = pen.write(.note, ["text": "lost"])
                throw Refused()
            }
        }
        #expect(try replica.outbox(bytes: .max).count == 1)
    }

    @Test func `continues its log across two openings`() throws {
        _ = try make()
        for _ in 0..<2 {
            let replica = try ReplicaFile(path: path)
            try replica.commit(on: nil, at: Sample.noon) { view in
                var pen = self.pen(self.log, view.head)
                var commitment = Commitment()
                commitment.documents = [pen.write(.note, ["text": "hello"])]
                return (commitment, ())
            }
        }
        let entries = try ReplicaFile(path: path).outbox(bytes: .max).map(\.entry)
        #expect(entries.map(\.seq) == [1, 2, 3])
        #expect(entries.map(\.prev) == [nil, entries[0].uid, entries[1].uid])
    }

    /// **NoGaps**: rows and the cursor that covers them are there together, or neither.
    @Test func `refuses a page that does not follow on its cursor`() throws {
        let replica = try make()
        let hash = Cryptography.cheap.hash
        var pen = pen(hub.log)
        let documents = (0..<3).map { pen.write(.policy, ["number": .integer($0)]) }
        var heads = [FeedHead(hub: hub, feed: "hub", hash: hash)]
        for document in documents {
            heads.append(heads[heads.count - 1].appending(document.entry.uid, hash: hash))
        }
        func page(_ from: Int, _ to: Int) -> (page: Page, cursor: Sync.Cursor) {
            let rows = (from..<to).map {
                FeedRow(seq: Int64($0 + 1), hubSeq: Int64($0 + 1), document: documents[$0])
            }
            let page = Page(
                head: PageHead(
                    hubEpoch: hub.epoch,
                    feed: "hub",
                    from: heads[from],
                    to: heads[to],
                    more: false
                ),
                rows: rows
            )
            return (page, Sync.Cursor(hubEpoch: hub.epoch, feed: "hub", head: heads[to]))
        }
        func apply(_ from: Int, _ to: Int) throws {
            try replica.apply(.pages([page(from, to)]), at: Sample.noon)
        }
        #expect(throws: SyncError.brokenFeed(feed: "hub", after: 0)) { try apply(1, 2) }
        #expect(throws: SyncError.brokenFeed(feed: "hub", after: 1)) {
            try replica.apply(.pages([page(0, 1), page(2, 3)]), at: Sample.noon)
        }
        #expect(try replica.cursors().isEmpty)
        try apply(0, 2)
        try apply(1, 3)  // It overlaps, and covers the cursor.
        #expect(try replica.cursors().map(\.head) == [heads[3]])
        #expect(throws: SyncError.brokenFeed(feed: "hub", after: 3)) { try apply(0, 2) }
        #expect(try replica.feedRows(replica.cursors()[0]).map(\.uid) == documents.map(\.entry.uid))
    }

    @Test func `sets a row aside that it cannot read, and goes on`() throws {
        let replica = try make()
        let hash = Cryptography.cheap.hash
        var pen = pen(hub.log)
        let bad = pen.write(.terms, caseKey: "k1", ["case": "not a name"])
        let head = FeedHead(hub: hub, feed: "reviewer/ana", hash: hash)
        let end = head.appending(bad.entry.uid, hash: hash)
        let page = Page(
            head: PageHead(
                hubEpoch: hub.epoch,
                feed: "reviewer/ana",
                from: head,
                to: end,
                more: false
            ),
            rows: [FeedRow(seq: 1, hubSeq: 1, document: bad)]
        )
        let cursor = Sync.Cursor(hubEpoch: hub.epoch, feed: "reviewer/ana", head: end)
        try replica.apply(.pages([(page, cursor)]), at: Sample.noon)
        #expect(try replica.status(dueBy: Sample.noon).quarantined == 1)
        #expect(try replica.cursors().map(\.head) == [end])
    }

    @Test func `leaves a file alone that is not its own, or is newer`() throws {
        let other = NSTemporaryDirectory() + "other-\(UUID().uuidString).sqlite"
        try DatabaseQueue(path: other).write { database in
            try database.execute(sql: "CREATE TABLE other (a)")
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: other))
        #expect(throws: StorageFileError.notOurs(path: other)) { try ReplicaFile(path: other) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: other)) == before)

        _ = try make()
        try DatabaseQueue(path: path).write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('9: from the future')")
        }
        #expect(throws: StorageFileError.tooNew(path: path)) { try ReplicaFile(path: path) }
        #expect(throws: ReplicaError.notEnrolled) { try ReplicaFile(path: path + ".missing") }
    }
}

/// **DecideAlways**: a full disk or a read-only medium keeps nobody from reading.
///
/// A link to nowhere in the place of a file that SQLite makes beside it is as good as no room for it.
extension ReplicaFileTests {
    @Test func `is read where nothing can be written beside it, and then refuses to be written`()
        throws
    {
        _ = try make()
        try FileManager.default.createSymbolicLink(
            atPath: path + "-shm",
            withDestinationPath: "/nowhere/at/all"
        )
        let replica = try ReplicaFile(path: path)
        #expect(try replica.outbox(bytes: 1).map(\.entry.seq) == [1])
        let error = #expect(throws: DatabaseError.self) {
            try replica.commit(on: nil, at: Sample.noon) { view in
                var commitment = Commitment()
                var pen = pen(view.log, view.head)
                commitment.documents = [pen.write(.note, [:])]
                return (commitment, ())
            }
        }
        #expect(error.flatMap { StorageTrouble($0) } == .full("it can be read only"))
        try FileManager.default.removeItem(atPath: path + "-shm")
        try ReplicaFile(path: path).commit(on: nil, at: Sample.noon) { _ in (Commitment(), ()) }
    }

    @Test func `is not read without what stands in its log`() throws {
        _ = try make()
        try Data([1]).write(to: URL(fileURLWithPath: path + "-wal"))
        try FileManager.default.createSymbolicLink(
            atPath: path + "-shm",
            withDestinationPath: "/nowhere/at/all"
        )
        let error = #expect(throws: StorageFileError.self) { try ReplicaFile(path: path) }
        guard case .closed(path, _)? = error else {
            Issue.record("\(error as Any)")
            return
        }
    }
}

/// A case is read by an index, however many others there are: a partial one would not be used.
@Suite("How a replica finds a case")
struct QueryPlanTests {
    @Test(arguments: [
        "SELECT * FROM entry WHERE case_key = ? ORDER BY hub_seq IS NULL, hub_seq, seq",
        #"SELECT key FROM "case" WHERE workflow = ? AND id = 'T-1'"#,
        "SELECT seq, uid FROM entry WHERE own = 1 AND epoch = ? ORDER BY seq DESC LIMIT 1",
    ])
    func `searches an index and scans no table`(query: String) throws {
        let database = try DatabaseQueue()
        try ReplicaFile.migrate(database)
        let plan = try database.read { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + query, arguments: ["k"])
                .map { $0["detail"] as String }
        }
        #expect(plan.contains { $0.hasPrefix("SEARCH") })
        #expect(!plan.contains { $0.hasPrefix("SCAN") }, "\(plan)")
    }
}
