import Foundation
@testable import HubStore
import Review
import Sync

/// The stores that pass the suite.
enum Kind { case sqlite, postgres }

extension Kind: CaseIterable {
    /// PostgreSQL where this was built with it, and a server is there (`Tests/EndToEnd/postgres.py`).
    static var allCases: [Kind] { hasServer ? [.sqlite, .postgres] : [.sqlite] }
}

/// Where a store of some kind lives, and goes away with the test.
final class Place {
    let hub = HubName(id: "h1", epoch: "1.0123456789abcdef")
    let path: String
    private let kind: Kind
    private let folder: String
    private let number = UUID().uuidString.lowercased().filter { $0 != "-" }

    init(_ kind: Kind) throws {
        self.kind = kind
        let temporary = FileManager.default.temporaryDirectory.path
        folder = temporary + "/countersign-store-\(number)"
        path = folder + "/hub.sqlite"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if kind == .postgres { try serverSays("CREATE DATABASE hub\(number)") }
    }

    /// A database stays, and goes away with its server: a store may still use it.
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Where its database is, if it is one.
    var address: String { "\(serverAddress) dbname=hub\(number)" }

    func open() throws -> any Store {
        switch kind {
        case .sqlite: try SQLiteStore(path: path, creating: hub)
        case .postgres: try openPostgres(at: address, .new(hub))
        }
    }
}

/// A stand-in for SHA-256 (FNV-1a, four times): stores never look inside a hash.
let fingerprint: Hashing = { bytes in
    var out: [UInt8] = []
    for lane in 0..<4 as Range<UInt64> {
        var state = 0xCBF2_9CE4_8422_2325 ^ lane
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        out += (0..<8).map { UInt8(truncatingIfNeeded: state >> (8 * $0)) }
    }
    guard let digest = Digest(bytes: out) else { preconditionFailure("a hash has 32 bytes") }
    return digest
}

extension Cryptography {
    /// Hashes that are fingerprints, and signatures that all hold.
    static let fingerprints = Cryptography(hash: fingerprint, verify: { _, _, _ in true })
}

extension HubDraft {
    /// A draft whose signatures are nothing and whose salts are all different.
    init(_ held: Held) {
        self.init(
            held,
            now: Timestamp(milliseconds: 1000),
            cryptography: .fingerprints,
            sign: { _ in [0] },
            random: { count in (0..<count).map { _ in UInt8.random(in: .min ... .max) } }
        )
    }
}

extension Store {
    /// Decides with `act` and writes.
    func act(_ act: (inout HubDraft) throws -> Void) throws {
        try ingest(Wanted()) { held in
            var draft = HubDraft(held)
            try act(&draft)
            return (draft.writes, ())
        }
    }
}
