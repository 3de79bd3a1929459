import Crypto
import Foundation
package import Review
package import Sync

extension Cryptography {
    /// SHA-256 and Ed25519 by swift-crypto: the one place that says so at the hub.
    package static let crypto = Cryptography(hash: sha256) { signature, message, key in
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key) else {
            return false
        }
        return key.isValidSignature(signature, for: message)
    }
}

/// SHA-256, as the targets that think take it.
package let sha256: Hashing = { bytes in
    let hash = SHA256.hash(data: bytes)
    guard let digest = Review.Digest(bytes: Array(hash)) else {
        preconditionFailure("SHA-256 has 32 bytes")
    }
    return digest
}

/// Random bytes from the system, fit for keys and salts.
package let systemRandomness: Randomness = { count in
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
}

/// The time of this machine.
package let systemTime: @Sendable () -> Timestamp = {
    Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
}
