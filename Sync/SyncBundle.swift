package import Review

/// A body in a file, carried by hand: a clear header, a signature, and what only its recipients open.
///
///     countersign-bundle 1\n
///     HEADER\n        canonical JSON: from whom, to whom, and the content key sealed to each
///     SIGNATURE\n     base64url, the sender's, over the header and the hash of what is sealed
///     SEALED          the body, under the content key, with the header as its associated data
package struct SyncBundle: Sendable, Equatable {
    package let header: BundleHeader
    /// The header as it stands in the file.
    package let headerBytes: [UInt8]
    package let signature: [UInt8]
    package let sealed: [UInt8]

    private static let magic = Array("countersign-bundle 1\n".utf8)
    /// What a file may hold at the most: a body of the largest size, and its header.
    package static let limit = Limits.carried + (1 << 20)

    /// Puts a signature on what was sealed.
    package init(_ header: BundleHeader, sealed: [UInt8], hash: Hashing, sign: Signing) {
        self.header = header
        headerBytes = header.json.canonicalBytes
        signature = sign(Self.message(headerBytes, sealed, hash))
        self.sealed = sealed
    }

    /// Reads a file; nothing in it is believed yet.
    package init(file: [UInt8]) throws(BundleError) {
        guard file.starts(with: Self.magic) else { throw .notOurs }
        guard file.count <= Self.limit else { throw .damaged("it is larger than any may be") }
        let rest = file.dropFirst(Self.magic.count)
        guard let end = rest.firstIndex(of: 0x0A),
            let signed = rest[(end + 1)...].firstIndex(of: 0x0A)
        else { throw .damaged("it is cut short") }
        let headerBytes = Array(rest[..<end])
        guard let json = try? JSON(parsing: headerBytes), json.canonicalBytes == headerBytes,
            let header = BundleHeader(json: json)
        else { throw .damaged("its header cannot be read") }
        guard
            let signature = Base64URL.decode(
                String(decoding: rest[(end + 1)..<signed], as: UTF8.self)
            )
        else { throw .damaged("its signature cannot be read") }
        self.header = header
        self.headerBytes = headerBytes
        self.signature = signature
        sealed = Array(rest[(signed + 1)...])
    }

    /// The file.
    package var file: [UInt8] {
        Self.magic + headerBytes + [0x0A] + Array(Base64URL.encode(signature).utf8) + [0x0A]
            + sealed
    }

    /// Whether one of the keys signed it, and not a byte has changed since.
    package func isSigned(by keys: [[UInt8]], _ cryptography: Cryptography) -> Bool {
        let message = Self.message(headerBytes, sealed, cryptography.hash)
        return keys.contains { cryptography.verify(signature, message, $0) }
    }

    private static func message(
        _ header: [UInt8],
        _ sealed: [UInt8],
        _ hash: Hashing
    ) -> [UInt8] {
        var framing = Framing("countersign bundle v1")
        framing.append(header)
        framing.append(hash(sealed))
        return framing.bytes
    }
}

/// Why a file is no bundle, or none that holds.
package enum BundleError: Error, Equatable {
    case notOurs
    case damaged(String)
    /// It was sealed to other keys than those that are here.
    case notForUs
}

extension BundleError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notOurs: "the file is not a bundle"
        case .damaged(let reason): "the bundle is damaged: \(reason)"
        case .notForUs: "the bundle was sealed for somebody else"
        }
    }
}
