import Foundation
import GRDB
import Storage

/// One table of a hub's records: every kind of store has the same tables, with the same columns.
package struct StoreTable: Sendable, Equatable {
    package enum Kind: Sendable { case integer, text, bytes }

    package struct Column: Sendable, Equatable {
        package let name: String
        package let kind: Kind
    }

    package let name: String
    package let columns: [Column]
}

/// A value of a row, on its way from one kind of store to another.
package enum StoreCell: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
}

extension SQLiteStore {
    /// Hands over every row, as of one moment, and what others refer to before them.
    package func eachRow(_ take: (StoreTable, [StoreCell]) throws -> Void) throws {
        try pool.read { database in
            for table in try Self.tables(database) {
                let rows = try Row.fetchCursor(database, sql: "SELECT * FROM \"\(table.name)\"")
                while let row = try rows.next() {
                    try take(table, row.databaseValues.map { try StoreCell($0) })
                }
            }
        }
    }

    /// Makes a file at `path` of what another kind of store hands over: whole, or not at all.
    ///
    /// `rows` is asked for the rows of one table after the other.
    package static func make(
        at path: String,
        rows: (StoreTable, _ add: ([StoreCell]) throws -> Void) throws -> Void
    ) throws {
        let file = try StorageFile.open(
            path,
            application: applicationID,
            Migrations.all,
            patienceSeconds: 30
        )
        try file.write { database in
            for table in try tables(database) {
                let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
                let statement = try database.makeStatement(
                    sql: "INSERT INTO \"\(table.name)\" VALUES (\(marks))"
                )
                try rows(table) { cells in
                    try statement.execute(arguments: StatementArguments(cells.map(\.value)))
                }
            }
        }
        try file.close()
    }

    /// All tables, in the order in which they were made.
    static func tables(_ database: Database) throws -> [StoreTable] {
        let names = try String.fetchAll(
            database,
            sql: """
                SELECT name FROM sqlite_master
                WHERE type = 'table' AND name <> 'grdb_migrations' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
                ORDER BY rowid
                """
        )
        return try names.map { name in
            StoreTable(
                name: name,
                columns: try database.columns(in: name).map {
                    StoreTable.Column(name: $0.name, kind: try StoreTable.Kind($0))
                }
            )
        }
    }
}

extension StoreTable.Kind {
    fileprivate init(_ column: ColumnInfo) throws {
        switch column.type {
        case "INTEGER": self = .integer
        case "TEXT": self = .text
        case "BLOB": self = .bytes
        default: throw StorageFileError.damaged(column: column.name)
        }
    }
}

extension StoreCell {
    fileprivate init(_ value: DatabaseValue) throws {
        switch value.storage {
        case .null: self = .null
        case .int64(let integer): self = .integer(integer)
        case .string(let text): self = .text(text)
        case .blob(let bytes): self = .bytes([UInt8](bytes))
        case .double: throw StorageFileError.damaged(column: "a number")
        }
    }

    fileprivate var value: (any DatabaseValueConvertible)? {
        switch self {
        case .null: nil
        case .integer(let integer): integer
        case .text(let text): text
        case .bytes(let bytes): Data(bytes)
        }
    }
}
