package import Review

/// What lets one device enrol as one reviewer: `cs1.` and base64url of canonical JSON.
package struct Token: Sendable, Equatable {
    package let hub: String
    /// SHA-256 of the hub's root public key, which the node pins.
    package let root: Digest
    /// SHA-256 of the TLS authority, absent for plain loopback.
    package let authority: Digest?
    /// 16 random bytes, of which the hub keeps the hash.
    package let secret: [UInt8]

    package init(hub: String, root: Digest, authority: Digest?, secret: [UInt8]) {
        self.hub = hub
        self.root = root
        self.authority = authority
        self.secret = secret
    }

    package var text: String {
        let json: JSON = .present([
            "hub": .string(hub), "root": root.json, "tls": authority?.json,
            "secret": .string(Base64URL.encode(secret)),
        ])
        return "cs1." + Base64URL.encode(json.canonicalBytes)
    }

    /// Reads a token: the last word of `text`, so that what `reviewer token` printed will do.
    package init?(_ text: String) {
        guard let word = text.split(whereSeparator: \.isWhitespace).last else { return nil }
        guard word.hasPrefix("cs1."), let bytes = Base64URL.decode(word.dropFirst(4)),
            let json = try? JSON(parsing: bytes), let hub = json["hub"]?.string,
            let root = json["root"]?.string.flatMap({ Digest($0) }),
            let secret = json["secret"]?.string.flatMap(Base64URL.decode), secret.count == 16
        else { return nil }
        let authority = json["tls"]?.string.flatMap { Digest($0) }
        // A pin that cannot be read must not become no pin.
        if json["tls"] != nil && authority == nil { return nil }
        self.init(
            hub: hub,
            root: root,
            authority: authority,
            secret: secret
        )
    }
}

/// How hubs and devices are named after their public keys (`formats.md`, names).
package enum KeyName {
    package static func device(_ key: [UInt8], hash: Hashing) -> String {
        "d" + hash(key).bytes.prefix(16).hexadecimal
    }

    package static func hub(_ root: [UInt8], hash: Hashing) -> String {
        hub(fingerprint: hash(root))
    }

    /// By what a token tells of the root key.
    package static func hub(fingerprint: Digest) -> String {
        "h" + fingerprint.bytes.prefix(16).hexadecimal
    }

    /// The epoch that follows on another.
    package static func epoch(after epoch: String, random: Randomness) -> String {
        let log = LogName(device: "", epoch: epoch)
        return self.epoch(log.generation + 1, random: random)
    }

    /// A counter and 64 random bits: an epoch of a node (`3.9f…`) or a hub's generation.
    package static func epoch(_ number: Int, random: Randomness) -> String {
        "\(number)." + random(8).hexadecimal
    }
}
