package import Review

/// What the deciding targets need of cryptography, as functions; Node and Hub bring swift-crypto.
package struct Cryptography: Sendable {
    /// SHA-256.
    package let hash: Hashing
    /// Whether an Ed25519 signature over a message was made with a raw 32-byte public key.
    package let verify: @Sendable (_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8]) -> Bool

    package init(
        hash: @escaping Hashing,
        verify:
            @escaping @Sendable (_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8]) -> Bool
    ) {
        self.hash = hash
        self.verify = verify
    }
}

/// Signs a message with a key that stays with whoever made the function (Ed25519).
package typealias Signing = @Sendable (_ message: [UInt8]) -> [UInt8]

/// Gives as many random bytes as it is asked for.
package typealias Randomness = @Sendable (_ count: Int) -> [UInt8]

/// The parts that are hashed and signed, each preceded by its length (`formats.md`).
///
/// The domain is the first part, so that bytes signed for one purpose say nothing for another.
package struct Framing: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init(_ domain: String) { append(Array(domain.utf8)) }

    package mutating func append(_ part: [UInt8]) {
        bytes += UInt32(part.count).bigEndianBytes
        bytes += part
    }

    /// A digest counts as its 32 bytes.
    package mutating func append(_ digest: Digest) { append(digest.bytes) }

    /// An integer counts as a big-endian u64.
    package mutating func append(_ integer: Int64) {
        append(UInt64(bitPattern: integer).bigEndianBytes)
    }
}

extension FixedWidthInteger {
    var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}
