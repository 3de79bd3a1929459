import Foundation
import GRDB
@testable import HubStore
import Review
import Storage
import Sync
import Synchronization
import Testing

@Suite("Every store")
struct StoreTests {
    @Test(arguments: Kind.allCases)
    func `writes all that was decided, or nothing when the decision fails`(kind: Kind) throws {
        let place = try Place(kind)
        let store = try place.open()
        struct Refused: Error {}
        #expect(throws: Refused.self) {
            try store.ingest(Wanted()) { held -> (Writes, Void) in
                var draft = HubDraft(held)
                draft.publish(HubChain(key: [1], certification: [2]))
                throw Refused()
            }
        }
        #expect(try store.read(Wanted()).hubSeq == 0)
        try store.act { $0.publish(HubChain(key: [1], certification: [2])) }
        let held = try store.read(Wanted())
        #expect(held.hubSeq == 1 && held.hubHead.seq == 1)
        #expect(held.feeds["hub"]?.seq == 1)
    }

    @Test(arguments: Kind.allCases)
    func `counts what a log lacks before its last entry`(kind: Kind) throws {
        let store = try Place(kind).open()
        var elsewhere = HubDraft(Held(hub: HubName(id: "h1", epoch: "7.0123456789abcdef")))
        for number in 1...4 as ClosedRange<UInt8> {
            elsewhere.publish(HubChain(key: [number], certification: [0]))
        }
        let written = elsewhere.writes.entries
        try store.ingest(Wanted()) { _ in
            var writes = Writes()
            writes.entries = [written[1], written[3]]
            return (writes, ())
        }
        try store.act { $0.publish(HubChain(key: [9], certification: [9])) }
        #expect(try store.gaps() == [LogName(device: "h1", epoch: "7.0123456789abcdef"): 2])
    }

    @Test(arguments: Kind.allCases)
    func `rolls back what it had written when one write cannot be made`(kind: Kind) throws {
        let store = try Place(kind).open()
        try store.act { $0.publish(HubChain(key: [1], certification: [2])) }
        let entry = try #require(
            try store.entries(after: 0, kinds: nil, caseKey: nil, limit: 1).first
        )
        #expect(throws: (any Error).self) {
            try store.ingest(Wanted()) { held -> (Writes, Void) in
                var draft = HubDraft(held)
                draft.publish(HubChain(key: [3], certification: [4]))
                var writes = draft.writes
                writes.entries.append(entry)  // The same uid a second time.
                return (writes, ())
            }
        }
        #expect(try store.read(Wanted()).hubSeq == 1)
        #expect(try store.read(Wanted()).feeds["hub"]?.seq == 1)
    }

    @Test(arguments: Kind.allCases)
    func `is seen at once by another that is open on the same place`(kind: Kind) throws {
        let place = try Place(kind)
        let (one, other) = (try place.open(), try place.open())
        try one.act { $0.publish(HubChain(key: [1], certification: [2])) }
        #expect(try other.read(Wanted()).hubSeq == 1)
        try other.act { $0.publish(HubChain(key: [3], certification: [4])) }
        let held = try one.read(Wanted())
        #expect(held.hubSeq == 2)
        let first = try one.entries(after: 0, kinds: nil, caseKey: nil, limit: 2).map(\.document)
        #expect(first[1].entry.prev == first[0].entry.uid)
        #expect(try one.hub() == other.hub())
    }

    @Test(arguments: Kind.allCases)
    func `lets writers take turns`(kind: Kind) throws {
        let place = try Place(kind)
        let stores = [try place.open(), try place.open()]
        DispatchQueue.concurrentPerform(iterations: 20) { number in
            try? stores[number % 2].act { $0.publish(HubChain(key: [1], certification: [2])) }
        }
        let entries = try stores[0].entries(after: 0, kinds: nil, caseKey: nil, limit: 100)
        #expect(entries.map(\.hubSeq) == Array(1...20))
        #expect(entries.map(\.document.entry.seq) == Array(1...20))
        #expect(
            entries.dropFirst().map(\.document.entry.prev)
                == entries.dropLast().map(\.document.entry.uid)
        )
    }

    @Test(arguments: Kind.allCases)
    func `gives entries at every edge`(kind: Kind) throws {
        let store = try Place(kind).open()
        try store.act { draft in
            for _ in 0..<4 { draft.publish(HubChain(key: [1], certification: [2])) }
            try draft.enlist(Reviewer(name: "anna", workflows: nil, role: .reviewer))
        }
        func seqs(_ after: Int64, _ kinds: [Entry.Kind]?, _ limit: Int) throws -> [Int64] {
            try store.entries(after: after, kinds: kinds, caseKey: nil, limit: limit).map(\.hubSeq)
        }
        #expect(try seqs(0, nil, .max) == [1, 2, 3, 4, 5])
        #expect(try seqs(0, nil, 0) == [])
        #expect(try seqs(1, nil, 1) == [2])
        #expect(try seqs(4, nil, 10) == [5])
        #expect(try seqs(5, nil, 10) == [])
        #expect(try seqs(0, [.reviewer], 10) == [5])
        #expect(try seqs(0, [], 10) == [])
    }

    @Test(arguments: Kind.allCases)
    func `gives pages at every edge, each following on the last`(kind: Kind) throws {
        let store = try Place(kind).open()
        let count: Int64 = 5
        try store.act { draft in
            for _ in 0..<count { draft.publish(HubChain(key: [1], certification: [2])) }
        }
        let start = FeedHead(hub: try store.hub(), feed: "hub", hash: fingerprint)
        var heads = [start]
        for row in try store.feedHeads("hub", after: 0, limit: 100) {
            #expect(row.head == heads[heads.count - 1].appending(row.uid, hash: fingerprint))
            heads.append(row.head)
        }
        #expect(heads.count == Int(count) + 1)
        for (from, head) in heads.enumerated() {
            let whole = try #require(try store.page("hub", after: head, bytes: .max))
            #expect(whole.rows.count == Int(count) - from && !whole.head.more)
            #expect(whole.end(after: head, hash: fingerprint) == heads[Int(count)])
            let least = try #require(try store.page("hub", after: head, bytes: 0))
            #expect(least.rows.count == min(1, Int(count) - from))
            #expect(least.head.more == (from < Int(count) - 1))
            #expect(least.end(after: head, hash: fingerprint) == heads[min(from + 1, Int(count))])
        }
    }

    @Test(arguments: Kind.allCases)
    func `gives an empty page of a feed that nobody wrote to yet`(kind: Kind) throws {
        let store = try Place(kind).open()
        let start = FeedHead(hub: try store.hub(), feed: "reviewer/anna", hash: fingerprint)
        let page = try #require(try store.page("reviewer/anna", after: start, bytes: 100))
        #expect(page.rows.isEmpty && !page.head.more)
        #expect(page.end(after: start, hash: fingerprint) == start)
        let beyond = FeedHead(seq: 1, prefix: start.prefix)
        #expect(try store.page("reviewer/anna", after: beyond, bytes: 100) == nil)
    }

    @Test(arguments: Kind.allCases)
    func `gives no page after a place that is not the feed's`(kind: Kind) throws {
        let store = try Place(kind).open()
        try store.act { draft in
            for _ in 0..<3 { draft.publish(HubChain(key: [1], certification: [2])) }
        }
        for seq in 1...4 {
            let foreign = FeedHead(seq: Int64(seq), prefix: fingerprint([UInt8(seq)]))
            #expect(try store.page("hub", after: foreign, bytes: 100) == nil, "\(seq)")
        }
    }

    /// What another machine hands in first stands beyond the end of its author's log.
    @Test(arguments: Kind.allCases)
    func `tells what is held beyond the end of a log`(kind: Kind) throws {
        let store = try Place(kind).open()
        try store.ingest(.everyFeed) { held in
            var draft = HubDraft(held)
            draft.openEpoch(because: "restored")
            return (draft.writes, ())
        }
        let log = LogName(device: "d1", epoch: "1.00000000000000aa")
        var pen = Pen(
            log: log,
            head: LogHead(),
            cryptography: .fingerprints,
            sign: { _ in [0] },
            random: { Array(repeating: 1, count: $0) }
        )
        let documents = (1...4).map { pen.write(.note, ["number": .integer($0)]) }
        let device = Device(id: "d1", reviewer: "anna", name: "laptop", key: [1])
        let back = [documents[3], documents[1]].map { Recovered($0, keys: [[1]], .fingerprints) }
        try store.ingest(Wanted(recovering: back)) { held in
            var draft = HubDraft(held)
            _ = draft.recover(back, from: device)
            return (draft.writes, ())
        }
        let wanted = Wanted(pushing: documents.map(\.entry))
        #expect(
            try store.read(wanted).beyond[log] == [
                documents[0].entry.uid: LogHead(seq: 2, uid: documents[1].entry.uid),
                documents[2].entry.uid: LogHead(seq: 4, uid: documents[3].entry.uid),
            ]
        )
        let first = [Pushed(documents[0], of: device, .fingerprints)]
        try store.ingest(wanted) { held in
            var draft = HubDraft(held)
            _ = draft.push(first, from: device)
            return (draft.writes, ())
        }
        let held = try store.read(wanted)
        #expect(held.logs[log] == LogHead(seq: 2, uid: documents[1].entry.uid))
        #expect(held.beyond[log]?.keys.map { $0 } == [documents[2].entry.uid])
    }

    @Test(arguments: Kind.allCases)
    func `remembers who may come in, and who came`(kind: Kind) throws {
        let store = try Place(kind).open()
        var token = Credential(
            hash: fingerprint([1]),
            purpose: .enrolment,
            name: "anna",
            expires: Timestamp(milliseconds: 5)
        )
        try store.keep(token)
        #expect(try store.credential(token.hash) == token)
        #expect(try store.credential(fingerprint([2])) == nil)
        #expect(try store.use(token.hash, by: "d1"))
        token.usedBy = "d1"
        #expect(try store.credential(token.hash) == token)
        #expect(try store.use(token.hash, by: "d1"))
        #expect(try !store.use(token.hash, by: "d2"))
        #expect(try !store.use(fingerprint([2]), by: "d1"))
        #expect(try store.credential(token.hash) == token)
        let key = Credential(hash: fingerprint([3]), purpose: .caller, name: "b", expires: nil)
        try store.keep(key)
        #expect(try store.credential(key.hash) == key)
    }

    @Test(arguments: Kind.allCases)
    func `lets one of many in by a token`(kind: Kind) throws {
        let place = try Place(kind)
        let stores = [try place.open(), try place.open()]
        let token = Credential(
            hash: fingerprint([1]),
            purpose: .enrolment,
            name: "anna",
            expires: nil
        )
        try stores[0].keep(token)
        let winners = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 10) { number in
            let device = "d\(number)"
            if (try? stores[number % 2].use(token.hash, by: device)) == true {
                winners.withLock { $0.append(device) }
            }
        }
        let winner = try stores[1].credential(token.hash)?.usedBy
        #expect(winners.withLock { $0 } == [winner])
    }

    @Test(arguments: Kind.allCases)
    func `adds totals up, and drops none that others added`(kind: Kind) throws {
        let store = try Place(kind).open()
        let scope = Stamps.Scope(workflow: "w", modelVersion: "m@1", segment: "", policyEpoch: 1)
        func tally(_ count: Int64, bin: Int?, _ kind: VerdictClass) -> Tally {
            var tally = Tally()
            tally.add(count, to: Tally.Bucket(bin: bin, k: 1, blind: false, kind: kind), in: scope)
            return tally
        }
        for change in [
            tally(2, bin: 85, .agree), tally(3, bin: nil, .overturn), tally(-1, bin: 85, .agree),
        ] {
            try store.ingest(Wanted()) { _ in
                var writes = Writes()
                writes.totals = change
                return (writes, ())
            }
        }
        #expect(try store.totals() == tally(1, bin: 85, .agree) + tally(3, bin: nil, .overturn))
    }

    @Test(arguments: Kind.allCases)
    func `keeps people, devices and workflows as they were last written`(kind: Kind) throws {
        let store = try Place(kind).open()
        try store.act { draft in
            try draft.enlist(Reviewer(name: "anna", workflows: ["w"], role: .reviewer))
            try draft.enlist(Reviewer(name: "anna", workflows: nil, role: .senior))
            draft.activate(
                workflow: "w",
                policy: fingerprint([1]),
                phase: 2,
                yaml: "",
                tree: .null,
                by: "b"
            )
            draft.activate(
                workflow: "w",
                policy: fingerprint([2]),
                phase: 3,
                yaml: "",
                tree: .null,
                by: "b"
            )
        }
        let held = try store.read(Wanted())
        #expect(held.roster.reviewers == [Reviewer(name: "anna", workflows: nil, role: .senior)])
        let workflow = try #require(held.workflows["w"])
        #expect(workflow.policy == fingerprint([2]) && workflow.phase == 2 && workflow.epoch == 2)
        #expect(try store.device("d") == nil)
    }
}

@Suite("The SQLite store's file")
struct SQLiteFileTests {
    @Test func `waits for the disk before it says that something is written`() throws {
        let place = try Place(.sqlite)
        let store = try SQLiteStore(path: place.path, creating: place.hub)
        let mode = try store.pool.writeWithoutTransaction { database in
            (
                try Int.fetchOne(database, sql: "PRAGMA synchronous"),
                try String.fetchOne(database, sql: "PRAGMA journal_mode")
            )
        }
        #expect(mode.0 == 2 && mode.1 == "wal")
    }

    @Test(arguments: ["not a database, only some text that is long enough to be one", ""])
    func `is left as it is where it is not ours`(content: String) throws {
        let place = try Place(.sqlite)
        try Data(content.utf8).write(to: URL(fileURLWithPath: place.path))
        #expect(throws: StorageFileError.notOurs(path: place.path)) {
            try SQLiteStore(path: place.path, creating: place.hub)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: place.path)) == Data(content.utf8))
    }

    @Test func `of another program is left as it is`() throws {
        let place = try Place(.sqlite)
        try DatabaseQueue(path: place.path).write { database in
            try database.execute(sql: "CREATE TABLE theirs (x)")
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: place.path))
        #expect(throws: StorageFileError.notOurs(path: place.path)) {
            try SQLiteStore(path: place.path)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: place.path)) == before)
    }

    @Test func `of a newer version is left as it is`() throws {
        let place = try Place(.sqlite)
        try place.open().act { $0.publish(HubChain(key: [1], certification: [2])) }
        try DatabaseQueue(path: place.path).write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: from the future')")
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: place.path))
        #expect(throws: StorageFileError.tooNew(path: place.path)) {
            try SQLiteStore(path: place.path)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: place.path)) == before)
    }

    @Test func `that is missing is made only on request`() throws {
        let place = try Place(.sqlite)
        #expect(throws: StorageFileError.notOurs(path: place.path)) {
            try SQLiteStore(path: place.path)
        }
        #expect(!FileManager.default.fileExists(atPath: place.path))
    }
}
