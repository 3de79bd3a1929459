/// Why bytes are not JSON that we accept, and where.
package struct JSONError: Error, Equatable {
    package enum Reason: Sendable, Equatable {
        case unexpectedEnd
        case unexpected(Character)
        case invalidUTF8
        case duplicateKey(String)
        case numberTooLarge(String)
        case notANumber(String)
        case controlCharacter
        case badEscape
        case loneSurrogate
        case tooDeep
        case trailing
    }

    package let reason: Reason
    /// Both count from 1; the column counts bytes.
    package let line: Int
    package let column: Int
}

extension JSONError: CustomStringConvertible {
    package var description: String { "line \(line), column \(column): \(sentence)" }

    private var sentence: String {
        switch reason {
        case .unexpectedEnd: "the JSON ends too early"
        case .unexpected(let character): "\(character.debugDescription) is not expected here"
        case .invalidUTF8: "the text is not valid UTF-8"
        case .duplicateKey(let key): "the key \(key.debugDescription) stands twice in one object"
        case .numberTooLarge(let text):
            "\(text) is beyond 2^53 and would lose digits; send it as text"
        case .notANumber(let text): "\(text) is not a JSON number"
        case .controlCharacter: "a control character must be written as an escape"
        case .badEscape: "this escape is not one of JSON's"
        case .loneSurrogate: "half of a surrogate pair stands alone"
        case .tooDeep: "the JSON is nested more than \(JSON.depthLimit) levels deep"
        case .trailing: "something follows the end of the JSON value"
        }
    }
}
