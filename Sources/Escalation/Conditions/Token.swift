/// The smallest piece of a condition, and where it starts.
struct Token {
    enum Kind: Equatable {
        /// The digits of a whole number; a minus before it is its own token.
        case int(UInt64)
        case uint(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        case word(String)
        /// A field name in backticks, which may hold more than a word can.
        case quotedWord(String)
        case symbol(String)
        case end
    }

    let kind: Kind
    /// In bytes from the beginning of the condition.
    let offset: Int
}

/// Why a condition does not read, and where in it.
package struct ConditionError: Error, Sendable, Equatable {
    package let message: String
    /// In bytes from the beginning of the condition.
    package let offset: Int

    init(_ message: String, at offset: Int) {
        self.message = message
        self.offset = offset
    }
}

extension ConditionError: CustomStringConvertible {
    package var description: String { message }
}
