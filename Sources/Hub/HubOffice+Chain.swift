import HubStore
import Review
import Sealing
import Sync

// The root key's word for the working keys, which nodes learn from the `hub` feed.

extension HubOffice {
    /// What was published last of the present working key.
    var chain: HubChain? {
        get throws {
            let key = JSON.string(Base64URL.encode(keys.working))
            return try lastContent(of: .hubKey) { $0["key"] == key }
                .flatMap { HubChain(json: try $0.content()) }
        }
    }

    /// Publishes the keys that bundles are sealed to, where a hub of before never did.
    ///
    /// Without the root key beside them nobody could vouch for them: then they stay unpublished.
    package func publishAgreement() throws {
        guard let agreement = keys.agreement,
            try chain?.agreement?.working != agreement.publicKey, folder.has("root.key")
        else { return }
        let chain = try RootKey(in: folder).chain(for: keys)
        try decide { $0.publish(chain) }
    }
}
