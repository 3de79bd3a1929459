import Foundation
package import GRDB
package import Review

/// SQL with its values in their places, as it is written: they are bound, and the text is prepared
/// once for all of them.
///
/// GRDB's own literals are taken apart anew for each use, which costs more than the statement does.
package struct PreparedSQL: ExpressibleByStringInterpolation {
    let text: String
    let values: [DatabaseValue]

    package init(stringLiteral text: String) {
        self.text = text
        values = []
    }

    package init(stringInterpolation parts: Parts) {
        text = parts.text
        values = parts.values
    }

    /// What a literal consists of: text, and a mark where a value stands.
    package struct Parts: StringInterpolationProtocol {
        fileprivate var text = ""
        fileprivate var values: [DatabaseValue] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount)
            values.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        package mutating func appendInterpolation(_ text: String?) { bind(text?.databaseValue) }
        package mutating func appendInterpolation(_ number: Int?) { bind(number?.databaseValue) }
        package mutating func appendInterpolation(_ number: Int64?) { bind(number?.databaseValue) }
        package mutating func appendInterpolation(_ flag: Bool) { bind(flag.databaseValue) }
        package mutating func appendInterpolation(_ digest: Digest?) {
            bind(digest?.blob.databaseValue)
        }
        package mutating func appendInterpolation(_ bytes: [UInt8]?) {
            bind(bytes.map { Data($0).databaseValue })
        }

        /// A list, to stand after `IN`.
        package mutating func appendInterpolation(_ texts: [String]) {
            text += "("
            for (index, value) in texts.enumerated() {
                if index > 0 { text += ", " }
                bind(value.databaseValue)
            }
            text += ")"
        }

        private mutating func bind(_ value: DatabaseValue?) {
            text += "?"
            values.append(value ?? .null)
        }
    }
}

extension Database {
    /// The statement with its values, ready to be executed or fetched from.
    package func prepared(_ sql: PreparedSQL) throws -> GRDB.Statement {
        let statement = try cachedStatement(sql: sql.text)
        statement.setUncheckedArguments(StatementArguments(sql.values))
        return statement
    }
}
