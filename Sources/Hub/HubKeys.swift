import Crypto
import Foundation
package import Review
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
    private let drawKey: SymmetricKey

    /// Reads the keys in a folder; an unreadable or missing one is never made anew.
    init(in folder: HubFolder) throws {
        func key(_ name: String) throws -> [UInt8] {
            guard let bytes = folder.read(name), bytes.count == 32 else {
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
        let working = try Curve25519.Signing.PrivateKey(rawRepresentation: try key("hub.key"))
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
    /// Makes the keys that are missing, and returns the root's word for the working key.
    ///
    /// Only for a folder that has no hub yet, and under its lock.
    static func make(in folder: HubFolder) throws -> [UInt8] {
        if folder.read("root.key")?.count != 64 {
            let signing = Curve25519.Signing.PrivateKey().rawRepresentation
            let agreement = Curve25519.KeyAgreement.PrivateKey().rawRepresentation
            try folder.write([UInt8](signing + agreement), to: "root.key")
        }
        if !folder.has("hub.key") {
            let working = Curve25519.Signing.PrivateKey()
            try folder.write([UInt8](working.rawRepresentation), to: "hub.key")
        }
        let seed = folder.read("root.key")?.prefix(32) ?? []
        let root = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        try folder.write([UInt8](root.publicKey.rawRepresentation), to: "root.pub")
        try folder.write(drawKey(fromRoot: [UInt8](seed)), to: "draw.key")
        let working = try HubKeys(in: folder).working
        return [UInt8](try root.signature(for: workingKeyMessage(working)))
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
