/// A SHA-256 value, which names content: a revision, an entry (its uid), a policy, an outcome.
///
/// Written `sha256:` and 64 hexadecimal digits. Sorts as its bytes do.
package struct Digest: Hashable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// The digest of exactly 32 bytes, or nil for any other number of them.
    package init?(bytes: [UInt8]) {
        guard let digest = bytes.withUnsafeBytes({ Digest($0) }) else { return nil }
        self = digest
    }

    /// The same of bytes that lie in memory, so that a store need not copy them first.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 32 else { return nil }
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
        }
        words = (word(0), word(1), word(2), word(3))
    }

    /// Reads `sha256:` and 64 lower-case hexadecimal digits, or returns nil.
    package init?(_ text: some StringProtocol) {
        var text = String(text)
        guard let digest = text.withUTF8({ Self.read($0) }) else { return nil }
        self = digest
    }

    private static func read(_ text: UnsafeBufferPointer<UInt8>) -> Digest? {
        let start = Self.scheme.utf8CodeUnitCount
        guard text.count == start + 64 else { return nil }
        for index in 0..<start where text[index] != Self.scheme.utf8Start[index] { return nil }
        var isRead = true
        func word(_ number: Int) -> UInt64 {
            var word: UInt64 = 0
            for index in start + 16 * number..<start + 16 * (number + 1) {
                let value = nibble(text[index])
                isRead = isRead && value != nil
                word = word << 4 | UInt64(value ?? 0)
            }
            return word
        }
        let words = (word(0), word(1), word(2), word(3))
        return isRead ? Digest(words: words) : nil
    }

    private init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    private static let scheme: StaticString = "sha256:"

    package var bytes: [UInt8] {
        withUnsafeBytes(
            of: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
        ) { Array($0) }
    }

    package static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)  // A quarter of a SHA-256 spreads as well as the whole.
    }
}

extension Digest: Comparable {
    package static func < (left: Digest, right: Digest) -> Bool { left.words < right.words }
}

extension Digest: CustomStringConvertible {
    package var description: String {
        let start = Self.scheme.utf8CodeUnitCount
        return String(unsafeUninitializedCapacity: start + 64) { out in
            for index in 0..<start { out[index] = Self.scheme.utf8Start[index] }
            func write(_ word: UInt64, _ number: Int) {
                for digit in 0..<16 {
                    let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * digit)) & 15
                    out[start + 16 * number + digit] = hexDigit(nibble)
                }
            }
            write(words.0, 0)
            write(words.1, 1)
            write(words.2, 2)
            write(words.3, 3)
            return start + 64
        }
    }

    package var json: JSON { .string(description) }

    /// The first eight digits, for people: enough to tell entries on a screen apart.
    package var short: String { String(bytes.prefix(4).hexadecimal) }
}

/// How SHA-256 reaches the targets that think: a function, brought by those that touch.
package typealias Hashing = @Sendable ([UInt8]) -> Digest

extension Collection<UInt8> {
    /// Lower-case hexadecimal digits, two a byte.
    package var hexadecimal: String {
        String(unsafeUninitializedCapacity: 2 * count) { out in
            var at = 0
            for byte in self {
                out[at] = hexDigit(byte >> 4)
                out[at + 1] = hexDigit(byte & 15)
                at += 2
            }
            return at
        }
    }
}

extension [UInt8] {
    /// The bytes that lower-case hexadecimal digits spell, or nil where they do not.
    package init?(hexadecimal digits: some Collection<UInt8>) {
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        var high: UInt8?
        for digit in digits {
            guard let value = nibble(digit) else { return nil }
            if let first = high { bytes.append(first << 4 | value) }
            high = high == nil ? value : nil
        }
        self = bytes
    }
}

/// What a lower-case hexadecimal digit stands for.
private func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
}
