import GRDB
import Node
import Review
import Testing

@Suite("Verifying a replica")
struct VerifyTests {
    /// **Verifiable**: changing any stored byte is found.
    @Test(arguments: [
        "UPDATE entry SET line = CAST(replace(CAST(line AS TEXT), '\"v\":1', '\"v\":2') AS BLOB)",
        "UPDATE entry SET signature = zeroblob(64) WHERE kind = 'verdict'",
        "UPDATE entry SET payload = CAST(replace(CAST(payload AS TEXT), 'deny', 'dene') AS BLOB) WHERE kind = 'verdict'",
        "UPDATE entry SET kind = 'note' WHERE kind = 'verdict'",
        "UPDATE entry SET prev = zeroblob(32) WHERE own = 1 AND seq = 2",
        "DELETE FROM entry WHERE own = 1 AND seq = 1",
        "UPDATE feed SET prefix = zeroblob(32)",
        "DELETE FROM feed_row WHERE seq = 2",
    ])
    func `finds what was changed`(change: String) throws {
        let laptop = try Laptop()
        let name = try laptop.receives("T-1")
        _ = try laptop.desk.act(Act(.label("deny"), via: .decide), on: name)
        #expect(try laptop.desk.verifyReport().holds)
        let database = try DatabaseQueue(path: laptop.home.replicaPath)
        try database.write { database in
            try database.execute(sql: "PRAGMA defer_foreign_keys = ON")
            try database.execute(sql: change)
        }
        #expect(try !laptop.desk.verifyReport().holds)
    }
}
