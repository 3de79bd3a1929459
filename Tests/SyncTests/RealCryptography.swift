import Crypto
import Review
import Sync

extension Cryptography {
    /// SHA-256 and Ed25519 as the programs use them.
    static let real = Cryptography(
        hash: { bytes in
            guard let digest = Review.Digest(bytes: Array(SHA256.hash(data: bytes))) else {
                preconditionFailure("SHA-256 is 32 bytes")
            }
            return digest
        },
        verify: { signature, message, key in
            (try? Curve25519.Signing.PublicKey(rawRepresentation: key))
                .map { $0.isValidSignature(signature, for: message) } ?? false
        }
    )
}

/// The RFC 8032 key that `names.json` lists at a place: 0 for the hub, 1 for the device.
struct VectorKey {
    let secret: Curve25519.Signing.PrivateKey

    init(_ index: Int) throws {
        let json = try vector("names")["keys"]?.array?[index]["secret"]?.string ?? ""
        secret = try Curve25519.Signing.PrivateKey(
            rawRepresentation: [UInt8](hexadecimal: Array(json.utf8)) ?? []
        )
    }

    var bytes: [UInt8] { Array(secret.publicKey.rawRepresentation) }

    var sign: Signing {
        { [secret] message in (try? secret.signature(for: message)).map(Array.init) ?? [] }
    }
}
