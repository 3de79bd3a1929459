package import Review
package import Sync

// Stands in for SHA-256 and Ed25519 where speed matters and nobody attacks. Not cryptography.

/// 32 bytes that depend on every byte of the message, from four lanes of multiply and mix.
package func cheapHash(_ bytes: [UInt8]) -> Digest {
    var lanes: [UInt64] = [1, 2, 3, 4].map { SplitMix64.mix($0 &+ UInt64(bytes.count)) }
    var word: UInt64 = 0
    for (index, byte) in bytes.enumerated() {
        word = word << 8 | UInt64(byte)
        if index % 8 == 7 || index == bytes.count - 1 {
            let lane = index / 8 % 4
            lanes[lane] = SplitMix64.mix(lanes[lane] ^ word) &* 0x100_0000_01B3
            word = 0
        }
    }
    for round in 0..<8 {
        let next = (round + 1) % 4
        lanes[next] = SplitMix64.mix(lanes[next] &+ lanes[round % 4])
    }
    let digest = Digest(
        bytes: lanes.flatMap { lane in (0..<8).map { UInt8(lane >> (56 - 8 * $0) & 255) } }
    )
    guard let digest else { preconditionFailure("four words are 32 bytes") }
    return digest
}

/// A key pair of which only the public half is needed: a signature is a hash over it.
package struct CheapKey: Sendable {
    package let bytes: [UInt8]

    package init(_ name: String) { bytes = cheapHash(Array("key \(name)".utf8)).bytes }

    package var sign: Signing {
        { [bytes] message in cheapHash(bytes + message).bytes }
    }
}

extension Cryptography {
    package static let cheap = Cryptography(hash: cheapHash) { signature, message, key in
        signature == cheapHash(key + message).bytes
    }
}
