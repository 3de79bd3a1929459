package import Review
package import Sync

// Stands in for SHA-256 and Ed25519 where speed matters and nobody attacks. Not cryptography.

/// 32 bytes that depend on every byte of the message, from four lanes of multiply and mix.
package func cheapHash(_ bytes: [UInt8]) -> Digest {
    var lanes: [4 of UInt64] = [1, 2, 3, 4]
    for lane in 0..<4 { lanes[lane] = SplitMix64.mix(lanes[lane] &+ UInt64(bytes.count)) }
    bytes.withUnsafeBytes { bytes in
        for start in stride(from: 0, to: bytes.count, by: 8) {
            let isWhole = start + 8 <= bytes.count
            let word =
                isWhole
                ? UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
                : bytes[start...].reduce(0) { $0 << 8 | UInt64($1) }
            let lane = start / 8 % 4
            lanes[lane] = SplitMix64.mix(lanes[lane] ^ word) &* 0x100_0000_01B3
        }
    }
    for round in 0..<8 {
        let next = (round + 1) % 4
        lanes[next] = SplitMix64.mix(lanes[next] &+ lanes[round % 4])
    }
    for lane in 0..<4 { lanes[lane] = lanes[lane].bigEndian }
    guard let digest = withUnsafeBytes(of: lanes, { Digest($0) }) else {
        preconditionFailure("four words are 32 bytes")
    }
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
