package import Review

/// A node's signature over its request: HTTP Message Signatures (RFC 9421) with a Content-Digest
/// (RFC 9530), over method, path, body and hub, with time and nonce.
package struct RequestSignature: Sendable, Equatable {
    package let method: String
    package let path: String
    package let hub: String
    /// SHA-256 of the body.
    package let digest: Digest
    /// Hub time, in whole seconds.
    package let created: Int64
    package let nonce: String
    package let log: LogName

    /// How far `created` may be from the hub's time.
    package static let toleranceSeconds: Int64 = 300
    package static let hubHeader = "countersign-hub"
    private static let components = "(\"@method\" \"@path\" \"content-digest\" \"\(hubHeader)\")"

    package init(
        method: String,
        path: String,
        hub: String,
        digest: Digest,
        created: Int64,
        nonce: String,
        log: LogName
    ) {
        self.method = method
        self.path = path
        self.hub = hub
        self.digest = digest
        self.created = created
        self.nonce = nonce
        self.log = log
    }

    /// The signature base of RFC 9421, section 2.5: what is signed.
    package var base: [UInt8] {
        Array(
            """
            "@method": \(method)
            "@path": \(path)
            "content-digest": \(contentDigest)
            "\(Self.hubHeader)": \(hub)
            "@signature-params": \(parameters)
            """.utf8
        )
    }

    private var contentDigest: String { Self.contentDigest(digest) }

    /// What `content-digest` says of a body with this digest.
    package static func contentDigest(_ digest: Digest) -> String {
        "sha-256=:\(Base64.encode(digest.bytes)):"
    }

    private var parameters: String {
        "\(Self.components);created=\(created);nonce=\"\(nonce)\""
            + ";keyid=\"\(log.device) \(log.epoch)\";alg=\"ed25519\""
    }

    /// The header fields of a request signed with `sign`.
    package func headers(sign: Signing) -> [(name: String, value: String)] {
        [
            ("content-digest", contentDigest), (Self.hubHeader, hub),
            ("signature-input", "sig1=\(parameters)"),
            ("signature", "sig1=:\(Base64.encode(sign(base))):"),
        ]
    }

    /// Reads the header fields of a request back, strictly as `headers` writes them; nil otherwise.
    ///
    /// `digest` is the hub's own of the body that came: a header that tells another is refused.
    package static func read(
        method: String,
        path: String,
        digest: Digest,
        header: (String) -> String?
    ) -> (signature: RequestSignature, bytes: [UInt8])? {
        guard let input = header("signature-input"), input.hasPrefix("sig1=" + components + ";"),
            let hub = header(hubHeader), let value = header("signature"),
            value.hasPrefix("sig1=:"), value.hasSuffix(":"),
            let bytes = Base64.decode(value.dropFirst(6).dropLast())
        else { return nil }
        var fields: [Substring: Substring] = [:]
        for part in input.dropFirst(6 + components.count).split(separator: ";") {
            guard let equals = part.firstIndex(of: "=") else { return nil }
            fields[part[..<equals]] = part[part.index(after: equals)...].trimmingQuotes
        }
        let key = fields["keyid"]?.split(separator: " ") ?? []
        guard key.count == 2, let created = fields["created"].flatMap({ Int64($0) }),
            (-JSON.largestInteger...JSON.largestInteger).contains(created),
            let nonce = fields["nonce"]
        else { return nil }
        let signature = RequestSignature(
            method: method,
            path: path,
            hub: hub,
            digest: digest,
            created: created,
            nonce: String(nonce),
            log: LogName(device: String(key[0]), epoch: String(key[1]))
        )
        guard header("content-digest") == signature.contentDigest,
            input == "sig1=" + signature.parameters
        else { return nil }
        return (signature, bytes)
    }
}

extension Substring {
    fileprivate var trimmingQuotes: Substring {
        hasPrefix("\"") && hasSuffix("\"") && count >= 2 ? dropFirst().dropLast() : self
    }
}

/// Plain base64 with padding (RFC 4648, section 4), as HTTP's byte sequences are written.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        let text = Base64URL.encode(bytes).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        return String(text) + String(repeating: "=", count: (4 - text.count % 4) % 4)
    }

    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let plain = text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        return Base64URL.decode(String(plain.prefix { $0 != "=" }))
    }
}
