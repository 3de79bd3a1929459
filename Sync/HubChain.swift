package import Review

/// A hub's working keys, and the root key's word for them: what a `hubKey` entry says.
package struct HubChain: Sendable, Equatable {
    /// What the hub signs with (Ed25519).
    package let key: [UInt8]
    /// The root key's signature for it.
    package let certification: [UInt8]
    /// What bundles are sealed to; nil in what hubs of before published.
    package let agreement: Agreement?

    /// The keys that bundles are sealed to (X25519), vouched for together with the signing key.
    package struct Agreement: Sendable, Equatable {
        package let working: [UInt8]
        package let root: [UInt8]
        package let certification: [UInt8]

        package init(working: [UInt8], root: [UInt8], certification: [UInt8]) {
            self.working = working
            self.root = root
            self.certification = certification
        }
    }

    package init(key: [UInt8], certification: [UInt8], agreement: Agreement? = nil) {
        self.key = key
        self.certification = certification
        self.agreement = agreement
    }

    /// Whether the root key vouches for all of it.
    package func holds(under root: [UInt8], _ cryptography: Cryptography) -> Bool {
        guard cryptography.verify(certification, workingKeyMessage(key), root) else { return false }
        guard let agreement else { return true }
        let message = agreementKeysMessage(key, working: agreement.working, root: agreement.root)
        return cryptography.verify(agreement.certification, message, root)
    }
}

// MARK: - As a payload

extension HubChain {
    package var json: JSON {
        .present([
            "key": .string(Base64URL.encode(key)),
            "certification": .string(Base64URL.encode(certification)),
            "agreement": agreement.map { agreement in
                [
                    "working": .string(Base64URL.encode(agreement.working)),
                    "root": .string(Base64URL.encode(agreement.root)),
                    "certification": .string(Base64URL.encode(agreement.certification)),
                ]
            },
        ])
    }

    package init?(json: JSON) {
        guard let key = json["key"]?.string.flatMap(Base64URL.decode),
            let certification = json["certification"]?.string.flatMap(Base64URL.decode)
        else { return nil }
        self.init(
            key: key,
            certification: certification,
            agreement: json["agreement"].flatMap { Agreement(json: $0) }
        )
    }
}

extension HubChain.Agreement {
    fileprivate init?(json: JSON) {
        guard let working = json["working"]?.string.flatMap(Base64URL.decode),
            let root = json["root"]?.string.flatMap(Base64URL.decode),
            let certification = json["certification"]?.string.flatMap(Base64URL.decode)
        else { return nil }
        self.init(working: working, root: root, certification: certification)
    }
}

// MARK: - What the root key signs

/// What the root key signs to vouch for a working key.
package func workingKeyMessage(_ key: [UInt8]) -> [UInt8] {
    var framing = Framing("countersign hubKey v1")
    framing.append(key)
    return framing.bytes
}

/// What the root key signs to vouch for the keys that bundles are sealed to, beside a working key.
package func agreementKeysMessage(
    _ key: [UInt8],
    working: [UInt8],
    root: [UInt8]
) -> [UInt8] {
    var framing = Framing("countersign agreement v1")
    framing.append(key)
    framing.append(working)
    framing.append(root)
    return framing.bytes
}
