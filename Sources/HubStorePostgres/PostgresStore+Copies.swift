#if Postgres
import HubStore

// A hub's records on their way from one kind of store to another: the same tables, row by row.

extension PostgresStore {
    /// How many rows are fetched at once.
    private static let portion = 500

    package func copy(to path: String) throws {
        try pool.transaction(.reading) { connection in
            try SQLiteStore.make(at: path) { table, add in
                let cursor = "\"copied \(table.name)\""
                let columns = table.columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
                try connection.rows(
                    Query(
                        text: "DECLARE \(cursor) NO SCROLL CURSOR FOR "
                            + "SELECT \(columns) FROM \"\(table.name)\""
                    )
                )
                while true {
                    let rows = try connection.rows(
                        Query(text: "FETCH \(Self.portion) FROM \(cursor)")
                    )
                    for row in rows { try add(table.columns.map { try row.cell($0) }) }
                    if rows.count < Self.portion { break }
                }
                try connection.rows(Query(text: "CLOSE \(cursor)"))
            }
        }
    }

    static func fill(_ connection: Connection, from backup: SQLiteStore) throws {
        try backup.eachRow { table, cells in
            var query = Query(text: "INSERT INTO \"\(table.name)\" (")
            for (index, column) in table.columns.enumerated() {
                query.append(text: "\(index == 0 ? "" : ", ")\"\(column.name)\"")
            }
            query.append(text: ") VALUES (")
            for (index, cell) in cells.enumerated() {
                if index > 0 { query.append(text: ", ") }
                query.append(Value(cell, of: table.columns[index].kind))
            }
            query.append(text: ")")
            try connection.send(query)
        }
        try connection.settle()
    }
}

extension Value {
    fileprivate init(_ cell: StoreCell, of kind: StoreTable.Kind) {
        switch cell {
        case .null: self = kind == .integer ? Value(nil as Int64?) : Value(nil as [UInt8]?)
        case .integer(let integer): self.init(integer)
        case .text(let text): self.init(Array(text.utf8))
        case .bytes(let bytes): self.init(bytes)
        }
    }
}

extension Row {
    fileprivate func cell(_ column: StoreTable.Column) throws -> StoreCell {
        switch column.kind {
        case .integer: try maybeInteger(column.name).map { .integer($0) } ?? .null
        case .text: try maybeText(column.name).map { .text($0) } ?? .null
        case .bytes: try maybeBytes(column.name).map { .bytes($0) } ?? .null
        }
    }
}
#endif
