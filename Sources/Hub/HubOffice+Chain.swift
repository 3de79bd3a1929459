import HubStore
import Sealing
import Sync

// The root key's word for the working keys, which nodes learn from the `hub` feed.

extension HubOffice {
    /// What was published last.
    var chain: HubChain? {
        get throws {
            try lastContent(of: .hubKey) { _ in true }.flatMap { HubChain(json: try $0.content()) }
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
