import Crypto
import Foundation
package import Review
package import Sync

// The one place that encrypts: HPKE (RFC 9180) and ChaCha20-Poly1305, both by swift-crypto.

extension SyncBundle {
    private static let suite = HPKE.Ciphersuite.Curve25519_SHA256_ChachaPoly

    /// Seals a body under a new key, that key to each recipient, and signs the whole.
    package static func seal(
        _ body: [UInt8],
        _ parties: BundleHeader.Parties,
        for recipients: [[UInt8]],
        hash: Hashing,
        sign: Signing
    ) throws -> SyncBundle {
        let content = SymmetricKey(size: .bits256)
        let keys = try recipients.map { recipient in
            var sender = try HPKE.Sender(
                recipientKey: Curve25519.KeyAgreement.PublicKey(rawRepresentation: recipient),
                ciphersuite: suite,
                info: Data(parties.purpose)
            )
            let key = try sender.seal(content.withUnsafeBytes { Data($0) })
            return BundleHeader.SealedKey(
                recipient: recipient,
                encapsulated: [UInt8](sender.encapsulatedKey),
                key: [UInt8](key)
            )
        }
        let header = BundleHeader(parties, keys: keys)
        let sealed = try ChaChaPoly.seal(
            body,
            using: content,
            authenticating: header.json.canonicalBytes
        )
        return SyncBundle(header, sealed: [UInt8](sealed.combined), hash: hash, sign: sign)
    }

    /// The body, for whoever holds one of the keys that it was sealed to.
    package func open(with keys: [AgreementKey]) throws(BundleError) -> [UInt8] {
        for key in keys {
            for sealedKey in header.keys where sealedKey.recipient == key.publicKey {
                guard let body = try? open(sealedKey, with: key) else {
                    throw .damaged("it does not open with its key")
                }
                return body
            }
        }
        throw .notForUs
    }

    private func open(
        _ sealedKey: BundleHeader.SealedKey,
        with key: AgreementKey
    ) throws -> [UInt8] {
        var recipient = try HPKE.Recipient(
            privateKey: key.key,
            ciphersuite: Self.suite,
            info: Data(header.parties.purpose),
            encapsulatedKey: Data(sealedKey.encapsulated)
        )
        let content = SymmetricKey(data: try recipient.open(sealedKey.key))
        let box = try ChaChaPoly.SealedBox(combined: sealed)
        return [UInt8](try ChaChaPoly.open(box, using: content, authenticating: headerBytes))
    }
}
