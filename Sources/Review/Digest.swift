/// A SHA-256 value, which names content: a revision, an entry (its uid), a policy, an outcome.
///
/// Written `sha256:` and 64 hexadecimal digits. Sorts as its bytes do.
package struct Digest: Hashable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// The digest of exactly 32 bytes, or nil for any other number of them.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in bytes.enumerated() {
            words[index / 8] = words[index / 8] << 8 | UInt64(byte)
        }
        self.words = (words[0], words[1], words[2], words[3])
    }

    /// Reads `sha256:` and 64 lower-case hexadecimal digits, or returns nil.
    package init?(_ text: some StringProtocol) {
        let utf8 = Array(text.utf8)
        let prefix = Array("sha256:".utf8)
        guard utf8.count == prefix.count + 64, utf8.starts(with: prefix),
            let bytes = [UInt8](hexadecimal: utf8.dropFirst(prefix.count))
        else { return nil }
        self.init(bytes: bytes)
    }

    package var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
        }
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
    package var description: String { "sha256:" + bytes.hexadecimal }

    package var json: JSON { .string(description) }

    /// The first eight digits, for people: enough to tell entries on a screen apart.
    package var short: String { String(bytes.prefix(4).hexadecimal) }
}

/// How SHA-256 reaches the targets that think: a function, brought by those that touch.
package typealias Hashing = @Sendable ([UInt8]) -> Digest

extension Sequence<UInt8> {
    /// Lower-case hexadecimal digits, two a byte.
    package var hexadecimal: String {
        String(decoding: flatMap { [hexDigit($0 >> 4), hexDigit($0 & 15)] }, as: UTF8.self)
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
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        self = bytes
    }
}
