import Crypto
import Foundation
package import Storage
package import Sync

/// The folder of one node: its replica, and the key of this device.
package struct NodeHome: Sendable {
    package let folder: String

    package init(folder: String) { self.folder = folder }

    package var replicaPath: String { folder + "/replica.sqlite" }
    var keyPath: String { folder + "/device.key" }
    /// What bundles for this device are sealed to, its private half.
    var agreementPath: String { folder + "/agreement.key" }
    var enrolmentPath: String { folder + "/enrolment.json" }
    /// Attachments, by their content.
    package var blobs: BlobFolder { BlobFolder(path: folder + "/blobs") }
    /// Held by whoever syncs; the kernel lets go of it when that process dies.
    package var lockPath: String { folder + "/sync.lock" }

    /// Makes the folder where it is missing, for its owner alone.
    func make() throws {
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// Writes a file that only its owner may read, whole or not at all.
    func writeSecret(_ bytes: [UInt8], to path: String) throws {
        let temporary = path + ".new"
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
        let descriptor = open(temporary, flags, 0o600)
        guard descriptor >= 0 else { throw NodeError.cannotWrite(path: path, reason: lastReason()) }
        let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        let synced = fsync(descriptor)
        close(descriptor)
        guard written == bytes.count, synced == 0, rename(temporary, path) == 0 else {
            throw NodeError.cannotWrite(path: path, reason: lastReason())
        }
    }

    private func lastReason() -> String { String(cString: strerror(errno)) }
}

/// This device's Ed25519 key, which never leaves its file.
package struct DeviceKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    init() { key = Curve25519.Signing.PrivateKey() }

    init(_ bytes: [UInt8]) throws {
        key = try Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
    }

    package init(of home: NodeHome) throws {
        guard let data = FileManager.default.contents(atPath: home.keyPath) else {
            throw NodeError.keyMissing(path: home.keyPath)
        }
        try self.init([UInt8](data))
    }

    var bytes: [UInt8] { [UInt8](key.rawRepresentation) }
    var publicKey: [UInt8] { [UInt8](key.publicKey.rawRepresentation) }

    package var sign: Signing {
        { [key] message in
            guard let signature = try? key.signature(for: message) else {
                preconditionFailure("Ed25519 signs any message")
            }
            return [UInt8](signature)
        }
    }
}
