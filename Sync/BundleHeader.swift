package import Review

/// What a bundle shows to whoever carries it: from whom, to whom, and nothing of what is in it.
package struct BundleHeader: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// A node's: what it would push, and where it stands.
        case up
        /// A hub's: receipts, results and pages.
        case down
    }

    /// Who wrote it for whom.
    package struct Parties: Sendable, Equatable {
        package let kind: Kind
        package let hub: String
        package let from: String
        package let to: String

        /// What a node brings to its hub.
        package init(up device: String, hub: String) {
            kind = .up
            self.hub = hub
            from = device
            to = hub
        }

        /// What a hub sends to a device.
        package init(down device: String, hub: String) {
            kind = .down
            self.hub = hub
            from = hub
            to = device
        }

        /// What a content key is sealed for, so that it opens nothing else.
        package var purpose: [UInt8] {
            var framing = Framing("countersign bundle key v1")
            for part in [kind.rawValue, hub, from, to] { framing.append(Array(part.utf8)) }
            return framing.bytes
        }
    }

    /// The content key as one recipient can open it (HPKE).
    package struct SealedKey: Sendable, Equatable {
        /// The recipient's X25519 public key.
        package let recipient: [UInt8]
        package let encapsulated: [UInt8]
        package let key: [UInt8]

        package init(recipient: [UInt8], encapsulated: [UInt8], key: [UInt8]) {
            self.recipient = recipient
            self.encapsulated = encapsulated
            self.key = key
        }
    }

    package let parties: Parties
    package let keys: [SealedKey]

    package init(_ parties: Parties, keys: [SealedKey]) {
        self.parties = parties
        self.keys = keys
    }
}

// MARK: - As JSON

extension BundleHeader {
    package var json: JSON {
        [
            "kind": .string(parties.kind.rawValue), "hub": .string(parties.hub),
            "from": .string(parties.from), "to": .string(parties.to), "v": 1,
            "keys": .array(
                keys.map {
                    [
                        "to": .string(Base64URL.encode($0.recipient)),
                        "encapsulated": .string(Base64URL.encode($0.encapsulated)),
                        "key": .string(Base64URL.encode($0.key)),
                    ]
                }
            ),
        ]
    }

    package init?(json: JSON) {
        guard json["v"] == 1, let kind = json["kind"]?.string.flatMap(Kind.init),
            let hub = json["hub"]?.string, let from = json["from"]?.string,
            let to = json["to"]?.string, let keys = json["keys"]?.array, keys.count <= 8
        else { return nil }
        let parties =
            kind == .up ? Parties(up: from, hub: hub) : Parties(down: to, hub: hub)
        guard parties.from == from, parties.to == to else { return nil }
        self.parties = parties
        var sealed: [SealedKey] = []
        for json in keys {
            guard let key = SealedKey(json: json) else { return nil }
            sealed.append(key)
        }
        self.keys = sealed
    }
}

extension BundleHeader.SealedKey {
    fileprivate init?(json: JSON) {
        guard let recipient = json["to"]?.string.flatMap(Base64URL.decode),
            let encapsulated = json["encapsulated"]?.string.flatMap(Base64URL.decode),
            let key = json["key"]?.string.flatMap(Base64URL.decode)
        else { return nil }
        self.init(recipient: recipient, encapsulated: encapsulated, key: key)
    }
}
