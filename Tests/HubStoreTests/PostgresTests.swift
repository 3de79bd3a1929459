#if Postgres
import Foundation
import GRDB
@testable import HubStore
@testable import HubStorePostgres
import Review
import Sync
import Testing

@Suite("The PostgreSQL store", .enabled(if: hasServer, "there is no server"))
struct PostgresTests {
    private let place: Place

    init() throws { place = try Place(.postgres) }

    private func open(_ beginning: StoreBeginning) throws -> PostgresStore {
        try PostgresStore(at: place.address, beginning)
    }

    @Test func `has the tables of SQLite, column by column`() throws {
        let store = try open(.new(place.hub))
        let file = try SQLiteStore(path: place.path, creating: place.hub)
        for table in try file.pool.read(SQLiteStore.tables) {
            let columns = try store.pool.use { connection in
                try connection.rows(
                    """
                    SELECT column_name::text::bytea AS name, data_type::text::bytea AS type
                    FROM information_schema.columns
                    WHERE table_schema = 'countersign' AND table_name::text::bytea = \(table.name)
                    """
                ).map { row in
                    "\(try row.text("name")) \(try row.text("type") == "bigint")"
                }
            }
            let wanted = table.columns.map { "\($0.name) \($0.kind == .integer)" }
            #expect(columns.sorted() == wanted.sorted(), "\(table.name)")
        }
    }

    @Test func `is a SQLite file when it is copied, and again a database when that is put back`()
        throws
    {
        let store = try open(.new(place.hub))
        try store.act { draft in
            try draft.enlist(Reviewer(name: "änna", workflows: nil, role: .reviewer))
            for _ in 0..<700 { draft.publish(HubChain(key: [1], certification: [2])) }
        }
        let key = Credential(hash: fingerprint([3]), purpose: .caller, name: "b", expires: nil)
        try store.keep(key)
        try store.copy(to: place.path)
        let file = try SQLiteStore(path: place.path)
        #expect(try contents(of: file) == contents(of: store))

        #expect(throws: StoreError.self) { try open(.copy(of: file)) }
        let other = try Place(.postgres)
        let restored = try PostgresStore(at: other.address, .copy(of: file))
        #expect(try contents(of: restored) == contents(of: store))
        #expect(try restored.credential(key.hash) == key)
        try restored.act { $0.publish(HubChain(key: [1], certification: [2])) }
        #expect(try restored.read(Wanted()).hubSeq == 702)
    }

    private func contents(of store: any Store) throws -> [String] {
        let held = try store.read(.everyFeed)
        let entries = try store.entries(after: 0, kinds: nil, caseKey: nil, limit: .max)
        let feeds = held.feedRows.sorted { $0.key < $1.key }
        return entries.map { "\($0)" } + feeds.map { "\($0)" } + ["\(held.roster)"]
    }

    @Test func `is made only on request, and not by looking`() throws {
        #expect(throws: StoreError.self) { try open(.present) }
        try Connection(Address(place.address)).execute("CREATE TABLE public.theirs (x int)")
        #expect(throws: StoreError.self) { try open(.present) }
        #expect(try open(.new(place.hub)).hubID == "h1")
        #expect(try open(.new(HubName(id: "h2", epoch: "1.00"))).hubID == "h1")
        #expect(try open(.present).hubID == "h1")
    }

    @Test func `of a newer version is left as it is`() throws {
        _ = try open(.new(place.hub))
        try Connection(Address(place.address)).execute(
            "INSERT INTO migration VALUES ('99: from the future')"
        )
        for beginning in [StoreBeginning.present, .new(place.hub)] {
            let error = #expect(throws: StoreError.self) { try open(beginning) }
            #expect(error.map { "\($0)".contains("newer version") } == true)
        }
    }

    @Test func `writes nothing of what a lost connection was about, and goes on with another`()
        throws
    {
        let store = try open(.new(place.hub))
        try store.act { $0.publish(HubChain(key: [1], certification: [2])) }
        let error = #expect(throws: StoreError.self) {
            try store.ingest(Wanted()) { held in
                var draft = HubDraft(held)
                draft.publish(HubChain(key: [3], certification: [4]))
                try endConnections()
                return (draft.writes, ())
            }
        }
        guard case .unreachable? = error else { throw try #require(error) }
        #expect(try store.read(Wanted()).hubSeq == 1)
        try store.act { $0.publish(HubChain(key: [3], certification: [4])) }
        try endConnections()  // This time while it rests: nobody notices.
        #expect(try store.read(Wanted()).hubSeq == 2)
    }

    private func endConnections() throws {
        let database = place.address.split(separator: "=").last.map(String.init) ?? ""
        try serverSays(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '\(database)'"
        )
    }

    @Test func `waits for the disk, also where the server is set up not to`() throws {
        let store = try open(.new(place.hub))
        let database = place.address.split(separator: "=").last.map(String.init) ?? ""
        try serverSays("ALTER DATABASE \(database) SET synchronous_commit = off")
        let again = try open(.present)
        for store in [store, again] {
            let answer = try store.pool.use { connection in
                try connection.rows(
                    "SELECT current_setting('synchronous_commit')::bytea AS mode"
                ).first?.text("mode")
            }
            #expect(answer == "on")
        }
    }

    @Test func `keeps and compares text as bytes`() throws {
        let store = try open(.new(place.hub))
        let names = ["b", "a", "Z", "ä", "a\u{301}", "ß", "É"]
        try store.act { draft in
            for name in names {
                try draft.enlist(Reviewer(name: name, workflows: nil, role: .reviewer))
            }
        }
        let bytewise = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(try store.read(Wanted()).roster.reviewers.map(\.name) == bytewise)
        let odd = Credential(
            hash: fingerprint([1]),
            purpose: .caller,
            name: "a\0b'; DROP TABLE hub; --",
            expires: Timestamp(milliseconds: .min)
        )
        try store.keep(odd)
        #expect(try store.credential(odd.hash) == odd)
    }

    @Test(arguments: [
        "postgresql://anna:se%cret@h/x", "host='se%cret", "se%cret", "", " \n",
    ])
    func `repeats nothing of an address that it cannot read`(address: String) {
        let error = #expect(throws: StoreError.self) { try PostgresStore(at: address, .present) }
        #expect(error == .badAddress)
        #expect(!"\(String(describing: error))".contains("cret"))
    }

    @Test func `tells of an address what is no secret`() throws {
        let address = try Address(" postgresql://anna:secret@db.example.org:5433/hub \n")
        #expect(address.place == "hub at db.example.org:5433")
        #expect(address.text.hasSuffix("/hub"))
        let error = #expect(throws: StoreError.self) {
            try PostgresStore(at: "postgresql://anna:secret@127.0.0.1:1/hub", .present)
        }
        guard case .unreachable(let reason)? = error else { throw try #require(error) }
        #expect(!reason.contains("secret") && !reason.contains("\n"), "\(reason)")
    }
}
#endif
