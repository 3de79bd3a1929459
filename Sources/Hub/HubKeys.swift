import Crypto
import Foundation
package import Review
import Sealing
package import Sync

/// A hub's keys: who it is, what it signs with, and what it draws samples with.
///
/// The root key vouches for the working key and may be kept offline: a running hub only needs
/// `root.pub`, `hub.key` and `draw.key`.
package struct HubKeys: Sendable {
    /// The root key's public half, whose hash is the hub's name and what nodes pin.
    package let root: [UInt8]
    package let working: [UInt8]
    package let sign: Signing
    /// What bundles for this hub open with; nil in a folder of before that lacks it.
    let agreement: AgreementKey?
    private let drawKey: SymmetricKey

    /// Reads the keys in a folder; an unreadable or missing one is never made anew.
    init(in folder: HubFolder) throws {
        func key(_ name: String, sizes: Set<Int> = [32]) throws -> [UInt8] {
            guard let bytes = folder.read(name), sizes.contains(bytes.count) else {
                throw HubFailure(
                    "keyMissing",
                    "\(folder.file(name)) is missing or damaged; nothing was changed",
                    hint: "put it back from a backup: without it this hub cannot go on",
                    kind: .badInput
                )
            }
            return bytes
        }
        root = try key("root.pub")
        let seeds = try key("hub.key", sizes: [32, 64])
        let working = try Curve25519.Signing.PrivateKey(rawRepresentation: seeds.prefix(32))
        agreement = seeds.count == 64 ? try AgreementKey(Array(seeds.suffix(32))) : nil
        self.working = [UInt8](working.publicKey.rawRepresentation)
        sign = { message in
            guard let signature = try? working.signature(for: message) else {
                preconditionFailure("an Ed25519 key signs any message")
            }
            return [UInt8](signature)
        }
        drawKey = SymmetricKey(data: try key("draw.key"))
    }

    /// The hub's name, from its root key.
    package var hub: String { KeyName.hub(root, hash: sha256) }
}

// MARK: - Making them

extension HubKeys {
    /// Makes the keys that are missing, and returns the root's word for the working keys.
    ///
    /// Only for a folder that has no hub yet, and under its lock.
    static func make(in folder: HubFolder) throws -> HubChain {
        if folder.read("root.key")?.count != 64 {
            let signing = Curve25519.Signing.PrivateKey().rawRepresentation
            try folder.write([UInt8](signing) + AgreementKey().bytes, to: "root.key")
        }
        if !folder.has("hub.key") {
            let working = Curve25519.Signing.PrivateKey().rawRepresentation
            try folder.write([UInt8](working) + AgreementKey().bytes, to: "hub.key")
        }
        let root = try RootKey(in: folder)
        try folder.write(root.publicKey, to: "root.pub")
        try folder.write(drawKey(fromRoot: root.seed), to: "draw.key")
        try complete(in: folder)
        return try root.chain(for: HubKeys(in: folder))
    }

    /// Gives the working key of a folder of before the half that bundles are sealed to.
    ///
    /// Only where the root key is there to vouch for it.
    static func complete(in folder: HubFolder) throws {
        guard folder.read("hub.key")?.count == 32, folder.has("root.key") else { return }
        try folder.locked {
            guard let working = folder.read("hub.key"), working.count == 32 else { return }
            try folder.write(working + AgreementKey().bytes, to: "hub.key")
        }
    }

    /// HKDF-SHA256 of the root key: a hub that is rebuilt with it draws as before.
    static func drawKey(fromRoot seed: [UInt8]) -> [UInt8] {
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: seed),
            info: Array("countersign draw v1".utf8),
            outputByteCount: 32
        )
        return key.withUnsafeBytes { Array($0) }
    }
}

// MARK: - Drawing

extension HubKeys {
    /// A case's permanent random number for a purpose (`statistics.md`, section 2).
    package func draw(_ name: CaseName, _ purpose: String) -> UInt32 {
        Self.draw(name, purpose, key: drawKey)
    }

    /// The first four bytes, big-endian, of HMAC-SHA-256(key, workflow ‖ 0 ‖ id ‖ 0 ‖ purpose).
    static func draw(_ name: CaseName, _ purpose: String, key: SymmetricKey) -> UInt32 {
        let message =
            Array(name.workflow.utf8) + [0] + Array(name.id.utf8) + [0] + Array(purpose.utf8)
        return HMAC<SHA256>.authenticationCode(for: message, using: key).prefix(4)
            .reduce(0) { $0 << 8 | UInt32($1) }
    }
}
