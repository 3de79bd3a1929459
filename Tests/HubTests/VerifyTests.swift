import Foundation
import GRDB
import Hub
import HubStore
import Review
import Sync
import Testing

@Suite("Verifying a hub")
struct VerifyTests {
    /// A hub with a sealed case, a disputed one, a rejected act, a delta and a fork.
    private func story() throws -> TemporaryHub {
        let hub = try TemporaryHub()
        for id in ["T-1", "T-2"] { _ = try hub.intake(refund(id)) }
        for (reviewer, label) in [("anna", "deny"), ("ben", "approve")] {
            var node = try hub.node(of: reviewer)
            try node.sync(with: hub)
            try node.answer("refunds/T-1", "deny", by: reviewer)
            try node.answer("refunds/T-2", label, by: reviewer)
            if reviewer == "ben" { try node.answer("refunds/T-1", "perhaps", by: reviewer) }
            try node.sync(with: hub)
        }
        hub.wait(minutes: 10)
        try hub.office.sweep()
        return hub
    }

    @Test func `finds nothing wrong with a hub at work`() throws {
        let found = try story().verification()
        #expect(found["failures"] == [])
        // Two verdicts were counted on T-1 and two on T-2, and one that was rejected stands in
        // ben's log as his last on T-1; the recount has one count, of the sealed T-1.
        let expected: JSON = [
            "tallies": 4, "compensation": -3, "recount": 1, "equal": true, "provisional": 0,
        ]
        #expect(found["deltas"] == expected)
        #expect(found["feeds"] == 3 && found["receipts"] == 3)
        #expect(found["entries"] == found["signatures"])
    }

    /// Columns, each with what names a row of its table.
    @Test(arguments: [
        ("entry", "line", "hub_seq"), ("entry", "signature", "hub_seq"),
        ("entry", "payload", "hub_seq"), ("entry", "payload_hash", "hub_seq"),
        ("entry", "uid", "hub_seq"), ("entry", "prev", "hub_seq"), ("entry", "result", "hub_seq"),
        ("entry", "code", "hub_seq"), ("entry", "reviewer", "hub_seq"),
        ("entry", "kind", "hub_seq"), ("entry", "epoch", "hub_seq"),
        ("entry", "case_key", "hub_seq"), ("log", "head", "device || epoch"),
        ("feed", "prefix", "name"), ("feed_row", "prefix", "feed || seq"),
        ("feed_row", "uid", "feed || seq"), ("device", "key", "id"), ("device", "reviewer", "id"),
        ("\"case\"", "state", "key"), ("\"case\"", "sealed", "key"),
        ("\"case\"", "contribution", "key"), ("total", "count", "workflow || bin || class"),
    ])
    func `finds a byte that was changed`(table: String, column: String, key: String) throws {
        let hub = try story()
        let queue = try DatabaseQueue(path: hub.folder.database)
        let rows = try queue.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT \(key) AS name, \(column) AS value FROM \(table)
                    WHERE \(column) <> '' ORDER BY length(\(column)), \(key)
                    """
            )
        }
        #expect(!rows.isEmpty)
        let step = max(1, rows.count / 5)
        for row in stride(from: 0, to: rows.count, by: step).map({ rows[$0] }) {
            let (name, value): (DatabaseValue, DatabaseValue) = (row["name"], row["value"])
            func put(_ value: DatabaseValue) throws {
                try queue.writeWithoutTransaction { database in
                    try database.execute(sql: "PRAGMA foreign_keys = OFF")
                    try database.execute(
                        sql: "UPDATE \(table) SET \(column) = ? WHERE \(key) = ?",
                        arguments: [value, name]
                    )
                }
            }
            try put(Self.changed(value))
            #expect(Self.isFound(hub), "\(table).\(column) of \(name)")
            try put(value)
        }
        #expect(try hub.office.verify().holds, "all is as it was")
    }

    /// Either `verify` lists it, or the database cannot even be read, which is told too.
    private static func isFound(_ hub: TemporaryHub) -> Bool {
        guard let found = try? HubOffice(in: hub.folder).verify() else { return true }
        return !found.holds
    }

    /// The value with one bit of its last byte changed.
    private static func changed(_ value: DatabaseValue) -> DatabaseValue {
        switch value.storage {
        case .int64(let number): return (number ^ 1).databaseValue
        case .string(let text):
            var bytes = Array(text.utf8)
            bytes[bytes.count - 1] ^= 1
            return String(decoding: bytes, as: UTF8.self).databaseValue
        case .blob(var data):
            data[data.count - 1] ^= 1
            return data.databaseValue
        case .null, .double: return value
        }
    }
}
