#if Postgres
import Review

/// A statement, and values that never become part of its text.
///
///     "SELECT seq FROM log WHERE device = \(device)"
///
/// Words are bytes to PostgreSQL, as blobs are: compared as they are, whatever the server's locale.
struct Query: ExpressibleByStringInterpolation {
    fileprivate enum Piece {
        case text(String)
        case value(Value)
    }

    private var pieces: [Piece]

    init(stringLiteral text: String) { self.init(text: text) }

    init(text: String) { pieces = [.text(text)] }

    init(stringInterpolation: Interpolation) { pieces = stringInterpolation.pieces }

    mutating func append(text: String) { pieces.append(.text(text)) }

    mutating func append(_ value: Value) { pieces.append(.value(value)) }

    /// Numbers its values, each by its place.
    var text: String {
        var text = ""
        var count = 0
        for piece in pieces {
            switch piece {
            case .text(let words): text += words
            case .value:
                count += 1
                text += "$\(count)"
            }
        }
        return text
    }

    var values: [Value] {
        pieces.compactMap { piece in
            if case .value(let value) = piece { value } else { nil }
        }
    }
}

extension Query {
    struct Interpolation: StringInterpolationProtocol {
        fileprivate var pieces: [Piece] = []

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ text: String) {
            if !text.isEmpty { pieces.append(.text(text)) }
        }

        mutating func appendInterpolation(_ value: Value) { pieces.append(.value(value)) }

        /// Part of a statement, with its own values.
        mutating func appendInterpolation(_ part: Query) { pieces += part.pieces }

        mutating func appendInterpolation(_ value: Int64?) { appendInterpolation(Value(value)) }

        mutating func appendInterpolation(_ value: Int) { appendInterpolation(Int64(value)) }

        mutating func appendInterpolation(_ value: Bool) { appendInterpolation(value ? 1 : 0) }

        mutating func appendInterpolation(_ value: [UInt8]?) { appendInterpolation(Value(value)) }

        mutating func appendInterpolation(_ value: String?) {
            appendInterpolation(Value(value.map { Array($0.utf8) }))
        }

        mutating func appendInterpolation(_ value: Digest?) {
            appendInterpolation(Value(value?.bytes))
        }

        mutating func appendInterpolation(_ values: some Sequence<String>) {
            appendInterpolation(Value(list: values.map { Array($0.utf8) }))
        }

        mutating func appendInterpolation(_ values: some Sequence<Digest>) {
            appendInterpolation(Value(list: values.map(\.bytes)))
        }
    }
}
#endif
