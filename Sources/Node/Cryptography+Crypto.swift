import Crypto
import Review
package import Sync

extension Cryptography {
    /// SHA-256 and Ed25519 by swift-crypto.
    package static let system = Cryptography(
        hash: { bytes in
            guard let digest = Digest(bytes: Array(SHA256.hash(data: bytes))) else {
                preconditionFailure("SHA-256 has 32 bytes")
            }
            return digest
        },
        verify: { signature, message, key in
            guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key) else {
                return false
            }
            return key.isValidSignature(signature, for: message)
        }
    )
}

/// Random bytes from the system.
package let systemRandomness: Randomness = { count in
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
}
