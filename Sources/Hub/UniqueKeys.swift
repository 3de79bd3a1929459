import Yams

/// Text whose repeated keys are told apart, since Yams stops at the first one and says no more.
///
/// Whenever it complains, the first character of the key it points at is exchanged for one of a
/// private plane and remembered; the reader then sees both keys, with their places, and goes on.
struct UniqueKeys {
    private var text: String
    private var exchanged: [Unicode.Scalar] = []
    /// Nodes refer to its anchors without owning them.
    private var parser: Parser?
    private static let first: UInt32 = 0xF0000
    private static let limit = 50

    init(_ text: String) { self.text = text }

    mutating func compose() throws -> Node? {
        while true {
            do {
                let parser = try Parser(yaml: text)
                self.parser = parser
                return try parser.singleRoot()
            } catch YamlError.duplicatedKeysInMapping(
                let duplicates,
                let context
            ) {
                guard exchange(at: context.mark) else {
                    throw YamlError.duplicatedKeysInMapping(
                        duplicates: duplicates,
                        context: context
                    )
                }
            }
        }
    }

    private mutating func exchange(at mark: Mark) -> Bool {
        var scalars = Array(text.unicodeScalars)
        var index = 0
        for _ in 1..<mark.line {
            guard let end = scalars[index...].firstIndex(of: "\n") else { return false }
            index = end + 1
        }
        index += mark.column - 1
        if scalars.indices.contains(index), scalars[index] == "\"" || scalars[index] == "'" {
            index += 1
        }
        guard exchanged.count < Self.limit, scalars.indices.contains(index),
            scalars[index].properties.isAlphabetic,
            let replacement = Unicode.Scalar(Self.first + UInt32(exchanged.count)),
            !scalars.contains(replacement)
        else { return false }
        exchanged.append(scalars[index])
        scalars[index] = replacement
        text = String(String.UnicodeScalarView(scalars))
        return true
    }

    /// A key as it stood in the file.
    func original(_ key: String) -> String {
        guard let scalar = key.unicodeScalars.first, scalar.value >= Self.first,
            scalar.value < Self.first + UInt32(exchanged.count)
        else { return key }
        return String(Character(exchanged[Int(scalar.value - Self.first)]))
            + String(key.unicodeScalars.dropFirst())
    }
}
