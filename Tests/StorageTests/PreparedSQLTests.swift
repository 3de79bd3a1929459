import Foundation
import GRDB
import Review
import Storage
import Testing

@Suite("SQL with its values")
struct PreparedSQLTests {
    @Test func `binds every value as it is, and prepares one text`() throws {
        try DatabaseQueue().write { database in
            try database.execute(sql: "CREATE TABLE t (a ANY, b ANY, c ANY, d ANY, e ANY) STRICT")
            let hostile = "'); DROP TABLE t; --"
            let missing: String? = nil
            for number in [1, 2] {
                try database.prepared(
                    """
                    INSERT INTO t (a, b, c, d, e)
                    VALUES (\(hostile), \(number), \(missing), \([0, 255] as [UInt8]), \(true))
                    """
                ).execute()
            }
            let row = try Row.fetchOne(database.prepared("SELECT * FROM t WHERE b = \(2)"))
            #expect(row == ["a": hostile, "b": 2, "c": nil, "d": Data([0, 255]), "e": 1])
            let found = try Int.fetchAll(
                database.prepared("SELECT b FROM t WHERE a IN \(["x", hostile]) ORDER BY b")
            )
            #expect(found == [1, 2])
        }
    }

    @Test func `takes the same text with other values`() throws {
        try DatabaseQueue().read { database in
            func echo(_ digest: Digest?) throws -> Bool? {
                try Bool.fetchOne(database.prepared("SELECT \(digest) IS NULL"))
            }
            let missing = try echo(nil)
            let given = try echo(Digest(bytes: [UInt8](repeating: 7, count: 32)))
            #expect(missing == true && given == false)
        }
    }
}
