import Review

/// What shows a hub, which may have lost it, whom it let in: its own certificates, and the root key's
/// word for the keys that signed them.
package enum Introduction {
    /// The working keys that the root vouches for, by what a hub said of them itself.
    package static func keys(
        in documents: [Document],
        of hub: String,
        under root: [UInt8],
        _ cryptography: Cryptography
    ) -> [[UInt8]] {
        documents.compactMap { document in
            guard document.entry.kind == .hubKey, document.entry.log.device == hub,
                let chain = (try? document.content()).flatMap({ HubChain(json: $0) }),
                (try? document.verify(by: chain.key, cryptography)) != nil,
                chain.holds(under: root, cryptography)
            else { return nil }
            return chain.key
        }
    }

    /// The devices that certificates of the hub name, each under its id; signed with one of `keys`.
    package static func devices(
        in documents: [Document],
        of hub: String,
        signedBy keys: [[UInt8]],
        _ cryptography: Cryptography
    ) -> [String: Device] {
        var devices: [String: Device] = [:]
        for document in documents
        where document.entry.kind == .certificate && document.entry.log.device == hub {
            guard keys.contains(where: { (try? document.verify(by: $0, cryptography)) != nil }),
                let content = try? document.content(), let id = content["device"]?.string,
                let reviewer = content["reviewer"]?.string,
                let key = content["key"]?.string.flatMap(Base64URL.decode),
                id == KeyName.device(key, hash: cryptography.hash)
            else { continue }
            devices[id] = Device(id: id, reviewer: reviewer, name: id, key: key)
        }
        return devices
    }
}
