import Crypto
import Foundation

/// An X25519 key: what others seal a bundle to, and this opens it with.
package struct AgreementKey: Sendable {
    let key: Curve25519.KeyAgreement.PrivateKey

    package init() { key = Curve25519.KeyAgreement.PrivateKey() }

    /// A key that was kept, 32 bytes.
    package init(_ bytes: [UInt8]) throws {
        key = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: bytes)
    }

    package var bytes: [UInt8] { [UInt8](key.rawRepresentation) }
    package var publicKey: [UInt8] { [UInt8](key.publicKey.rawRepresentation) }
}
