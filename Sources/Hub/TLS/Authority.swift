import Crypto
import Foundation
import Review
import SwiftASN1
import X509

/// The hub's own certificate authority: what vouches for the certificates that it serves with.
///
/// Nodes pin its certificate at enrolment, for good. Nothing that it issues has a well-defined
/// expiry (RFC 5280, section 4.1.2.5), so that a wrong clock locks nobody out.
struct Authority: Sendable {
    static let fileName = "authority.pem"

    private let key: Certificate.PrivateKey
    private let certificate: Certificate

    /// What nodes pin is the SHA-256 of these bytes.
    let certificateBytes: [UInt8]

    var fingerprint: Review.Digest { sha256(certificateBytes) }

    /// Reads the authority of a folder, key and certificate in one file; nil where there is none.
    init?(in folder: HubFolder) throws {
        guard let bytes = folder.read(Self.fileName) else { return nil }
        do {
            (key, certificate, certificateBytes) = try Self.read(bytes)
        } catch {
            throw HubFailure(
                "keyMissing",
                "\(folder.file(Self.fileName)) is damaged (\(error)); nothing was changed",
                hint: "put it back from a backup: nodes that enrolled know this authority alone",
                kind: .badInput
            )
        }
    }

    private static func read(
        _ bytes: [UInt8]
    ) throws -> (
        Certificate.PrivateKey, Certificate, [UInt8]
    ) {
        let parts = try PEMDocument.parseMultiple(pemString: String(decoding: bytes, as: UTF8.self))
        guard parts.count == 2 else { throw NotAuthority() }
        let certificate = try Certificate(pemDocument: parts[1])
        let key = try Certificate.PrivateKey(pemDocument: parts[0])
        guard key.publicKey == certificate.publicKey else { throw NotAuthority() }
        return (key, certificate, parts[1].derBytes)
    }

    private struct NotAuthority: Error, CustomStringConvertible {
        var description: String { "it does not hold a key and its certificate" }
    }
}

// MARK: - Making and issuing

extension Authority {
    /// The authority in a folder, made first where there is none; under the folder's lock.
    ///
    /// Its key follows from the root key: nodes that pinned it find a rebuilt hub again, whose
    /// certificate has the same key and name as theirs.
    static func make(in folder: HubFolder, hub: String) throws -> Authority {
        if let authority = try Authority(in: folder) { return authority }
        let root = try? RootKey(in: folder)
        let key = Certificate.PrivateKey(root?.authorityKey ?? P256.Signing.PrivateKey())
        let name = try DistinguishedName { CommonName("Countersign authority of \(hub)") }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: key.publicKey,
            notValidBefore: always.lowerBound,
            notValidAfter: always.upperBound,
            issuer: name,
            subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key
        )
        try folder.write(pem(key, certificate), to: fileName)
        guard let authority = try Authority(in: folder) else {
            preconditionFailure("what was written is there")
        }
        return authority
    }

    /// A new key and a certificate for `names`, as PEM.
    func issue(for names: [HostName]) throws -> [UInt8] {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: key.publicKey,
            notValidBefore: Self.always.lowerBound,
            notValidAfter: Self.always.upperBound,
            issuer: self.certificate.subject,
            subject: try DistinguishedName { CommonName("Countersign hub") },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(names.map(\.generalName))
                AuthorityKeyIdentifier(
                    keyIdentifier: SubjectKeyIdentifier(hash: self.key.publicKey).keyIdentifier
                )
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: self.key
        )
        return try Self.pem(key, certificate)
    }

    /// From 1970 to the end of 9999, which RFC 5280 reads as "no expiry".
    private static let always =
        Date(timeIntervalSince1970: 0)...Date(timeIntervalSince1970: 253_402_300_799)

    private static func pem(
        _ key: Certificate.PrivateKey,
        _ certificate: Certificate
    ) throws -> [UInt8] {
        let parts = [try key.serializeAsPEM(), try certificate.serializeAsPEM()]
        return Array(parts.map { $0.pemString + "\n" }.joined().utf8)
    }
}
