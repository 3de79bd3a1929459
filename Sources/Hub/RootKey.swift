import Crypto
import Foundation
import Sealing
import Sync

/// A hub's root key, for as long as it is needed: it vouches for working keys, and opens any bundle
/// that was made for the hub.
struct RootKey {
    /// The Ed25519 seed.
    let seed: [UInt8]
    let agreement: AgreementKey
    private let signing: Curve25519.Signing.PrivateKey

    /// Reads it where it was made; it may have been taken away, to be kept offline.
    init(in folder: HubFolder) throws {
        guard let bytes = folder.read("root.key"), bytes.count == 64 else {
            throw HubFailure(
                "rootMissing",
                "\(folder.file("root.key")) is not there or damaged, and is needed once to vouch for "
                    + "the keys that bundles are sealed to; nothing was changed",
                hint: "put the root key back for this command, and away again after it",
                kind: .notFound
            )
        }
        try self.init(bytes)
    }

    /// The key as `init` wrote it: an Ed25519 seed, and an X25519 key.
    init(_ bytes: [UInt8]) throws {
        guard bytes.count == 64 else {
            throw HubFailure(
                "notARootKey",
                "the file is not the root key of a hub: that has 64 bytes, and this has "
                    + "\(bytes.count); nothing was made",
                hint: "name the copy of root.key that was kept when the hub was made",
                kind: .badInput
            )
        }
        seed = Array(bytes.prefix(32))
        signing = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        agreement = try AgreementKey(Array(bytes.suffix(32)))
    }

    var publicKey: [UInt8] { [UInt8](signing.publicKey.rawRepresentation) }

    /// The key of the hub's own TLS authority: HKDF-SHA256 of the root key, the first that is one.
    var authorityKey: P256.Signing.PrivateKey? {
        (0..<UInt8.max).lazy.compactMap { [seed] number in
            let bytes = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: seed),
                info: Array("countersign authority v1".utf8) + [number],
                outputByteCount: 32
            )
            return try? bytes.withUnsafeBytes { try P256.Signing.PrivateKey(rawRepresentation: $0) }
        }.first
    }

    /// Its word for the working keys of a hub.
    func chain(for keys: HubKeys) throws -> HubChain {
        let agreement = try keys.agreement.map { working in
            let message = agreementKeysMessage(
                keys.working,
                working: working.publicKey,
                root: self.agreement.publicKey
            )
            return HubChain.Agreement(
                working: working.publicKey,
                root: self.agreement.publicKey,
                certification: [UInt8](try signing.signature(for: message))
            )
        }
        return HubChain(
            key: keys.working,
            certification: [UInt8](try signing.signature(for: workingKeyMessage(keys.working))),
            agreement: agreement
        )
    }
}
