#if Postgres
import CPostgres

/// What a statement is given, in PostgreSQL's binary form; nil bytes are NULL.
struct Value {
    /// Numbers that PostgreSQL gave its types once and for all (`pg_type.dat`).
    private enum Kind {
        static let bytes: Oid = 17
        static let integer: Oid = 20
        static let listOfBytes: Oid = 1001
    }

    let type: Oid
    let bytes: [UInt8]?

    init(_ integer: Int64?) {
        type = Kind.integer
        bytes = integer.map { Self.bytes(of: $0) }
    }

    init(_ bytes: [UInt8]?) {
        type = Kind.bytes
        self.bytes = bytes
    }

    /// An array of one dimension: dimensions, whether any is NULL, what they are, how many there
    /// are and the first one's number; then each with its length.
    init(list: [[UInt8]]) {
        type = Kind.listOfBytes
        let dimensions: Int32 = list.isEmpty ? 0 : 1
        var form =
            Self.bytes(of: dimensions) + Self.bytes(of: Int32(0))
            + Self.bytes(of: Int32(Kind.bytes))
        if !list.isEmpty {
            form += Self.bytes(of: Int32(list.count)) + Self.bytes(of: Int32(1))
        }
        for element in list { form += Self.bytes(of: Int32(element.count)) + element }
        bytes = form
    }

    private static func bytes(of integer: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: integer.bigEndian) { Array($0) }
    }
}
#endif
