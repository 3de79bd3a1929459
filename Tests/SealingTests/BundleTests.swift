import Crypto
import Foundation
import Review
import Sealing
import Sync
import TestSupport
import Testing

@Suite("A bundle")
struct BundleTests {
    private let device = Curve25519.Signing.PrivateKey()
    private let working = AgreementKey()
    private let root = AgreementKey()
    private let parties = BundleHeader.Parties(up: "d1", hub: "h1")
    private let body = Array("what was decided on the mountain".utf8)

    private var publicKey: [UInt8] { [UInt8](device.publicKey.rawRepresentation) }

    private func bundle() throws -> SyncBundle {
        let device = device
        return try SyncBundle.seal(
            body,
            parties,
            for: [working.publicKey, root.publicKey],
            hash: realCryptography.hash,
            sign: { (try? device.signature(for: $0)).map { [UInt8]($0) } ?? [] }
        )
    }

    @Test func `opens with each key it was sealed to, and shows nothing of what is in it`() throws {
        let file = try bundle().file
        let read = try SyncBundle(file: file)
        #expect(read.header.parties == parties)
        #expect(read.isSigned(by: [publicKey], realCryptography))
        #expect(try read.open(with: [working]) == body)
        #expect(try read.open(with: [AgreementKey(), root]) == body)
        #expect(throws: BundleError.notForUs) { try read.open(with: [AgreementKey()]) }
        #expect(!String(decoding: file, as: UTF8.self).contains("mountain"))
    }

    @Test func `is another each time it is made`() throws {
        #expect(try bundle().sealed != bundle().sealed)
    }

    @Test func `does not open as another's`() throws {
        let made = try bundle()
        let device = device
        let other = SyncBundle(
            BundleHeader(BundleHeader.Parties(up: "d2", hub: "h1"), keys: made.header.keys),
            sealed: made.sealed,
            hash: realCryptography.hash,
            sign: { (try? device.signature(for: $0)).map { [UInt8]($0) } ?? [] }
        )
        #expect(throws: BundleError.self) { try other.open(with: [working]) }
    }

    @Test func `is never believed after a byte of it changed, and never crashes its reader`() throws
    {
        let file = try bundle().file
        var random = SplitMix64(seed: RunSeed.value)
        for _ in 0..<2_000 {
            var damaged = file
            switch random.next() % 3 {
            case 0: damaged.removeLast(Int(random.next() % UInt64(file.count)) + 1)
            case 1: damaged[Int(random.next() % UInt64(file.count))] ^= 1 << (random.next() % 8)
            default:
                let at = Int(random.next() % UInt64(file.count))
                damaged.insert(UInt8(truncatingIfNeeded: random.next()), at: at)
            }
            guard let read = try? SyncBundle(file: damaged),
                read.isSigned(by: [publicKey], realCryptography)
            else { continue }
            // Base64 has bits that say nothing: the same bytes then.
            #expect(read == (try SyncBundle(file: file)), "\(RunSeed.replay(RunSeed.value))")
        }
    }
}

private let realCryptography = Cryptography(
    hash: { bytes in
        guard let digest = Review.Digest(bytes: Array(SHA256.hash(data: bytes))) else {
            preconditionFailure("SHA-256 has 32 bytes")
        }
        return digest
    },
    verify: { signature, message, key in
        (try? Curve25519.Signing.PublicKey(rawRepresentation: key))?
            .isValidSignature(signature, for: message) ?? false
    }
)
