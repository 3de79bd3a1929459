#if Postgres
import CPostgres
import HubStore
import Review
import Sync

/// What a statement answers: the sole owner of libpq's copy of it.
final class Rows {
    fileprivate let pointer: OpaquePointer?

    init(_ pointer: OpaquePointer?) { self.pointer = pointer }

    deinit { PQclear(pointer) }

    var status: ExecStatusType { PQresultStatus(pointer) }

    /// The statement that was carried out, in a word, as the server names it.
    var word: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }

    /// How many rows it changed.
    var changed: Int { PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// A field of what went wrong; nil also where the server said nothing any more.
    func problem(_ field: Int32) -> String? {
        PQresultErrorField(pointer, field).map { String(cString: $0) }
    }
}

extension Rows: RandomAccessCollection {
    var startIndex: Int { 0 }
    var endIndex: Int { Int(PQntuples(pointer)) }
    subscript(index: Int) -> Row { Row(rows: self, index: Int32(index)) }
}

/// One row, its values by the names of their columns.
struct Row {
    fileprivate let rows: Rows
    fileprivate let index: Int32

    /// The bytes of a value, for as long as the rows are there; nil for NULL.
    private func value(_ column: String) throws -> UnsafeRawBufferPointer? {
        let place = PQfnumber(rows.pointer, column)
        guard place >= 0 else { throw Self.damaged(column) }
        if PQgetisnull(rows.pointer, index, place) != 0 { return nil }
        let count = Int(PQgetlength(rows.pointer, index, place))
        return UnsafeRawBufferPointer(start: PQgetvalue(rows.pointer, index, place), count: count)
    }

    func maybeInteger(_ column: String) throws -> Int64? {
        guard let value = try value(column) else { return nil }
        guard value.count == 8 else { throw Self.damaged(column) }
        return Int64(bigEndian: value.loadUnaligned(as: Int64.self))
    }

    func maybeBytes(_ column: String) throws -> [UInt8]? { try value(column).map { Array($0) } }

    func maybeText(_ column: String) throws -> String? {
        try value(column).map { String(decoding: $0, as: UTF8.self) }
    }

    func maybeDigest(_ column: String) throws -> Digest? {
        guard let value = try value(column) else { return nil }
        return try present(Digest(value), column)
    }

    static func damaged(_ column: String) -> StoreError { .damaged(reason: "column \(column)") }

    private func present<Value>(_ value: Value?, _ column: String) throws -> Value {
        guard let value else { throw Self.damaged(column) }
        return value
    }
}

// MARK: - What is never NULL, and what has parts

extension Row {
    func integer(_ column: String) throws -> Int64 { try present(maybeInteger(column), column) }

    func number(_ column: String) throws -> Int { Int(try integer(column)) }

    /// Kept as 0 or 1.
    func isTrue(_ column: String) throws -> Bool { try integer(column) != 0 }

    func bytes(_ column: String) throws -> [UInt8] { try present(maybeBytes(column), column) }

    func text(_ column: String) throws -> String { try present(maybeText(column), column) }

    func digest(_ column: String) throws -> Digest { try present(maybeDigest(column), column) }

    func time(_ column: String) throws -> Timestamp {
        Timestamp(milliseconds: try integer(column))
    }

    func maybeTime(_ column: String) throws -> Timestamp? {
        try maybeInteger(column).map(Timestamp.init)
    }

    func json(_ column: String) throws -> JSON { try JSON(parsing: text(column)) }

    func word<Word: RawRepresentable<String>>(
        _ column: String,
        as type: Word.Type
    ) throws -> Word {
        try present(Word(rawValue: text(column)), column)
    }
}
#endif
