import HubStore
import Review
import Sync

// Devices that this hub let in and lost, and its own earlier keys: by what they show of it.

extension HubOffice {
    /// The device of that name, by a certificate of this hub among what is handed in.
    func introduced(_ id: String, in documents: [Document]) throws -> Device? {
        certified(in: documents, signedBy: try hubKeys(or: documents))[id]
    }

    /// The devices whose certificates are among what is handed in.
    func certified(in documents: [Document], signedBy hubKeys: [[UInt8]]) -> [String: Device] {
        Introduction.devices(in: documents, of: store.hubID, signedBy: hubKeys, .crypto)
    }

    /// The keys this hub has signed with: what the root vouches for, of what is held and what is
    /// handed in.
    func hubKeys(or documents: [Document]) throws -> [[UInt8]] {
        let held = try store.entries(after: 0, kinds: [.hubKey], caseKey: nil, limit: .max)
        let earlier = Introduction.keys(
            in: held.map(\.document) + documents,
            of: store.hubID,
            under: keys.root,
            .crypto
        )
        return [keys.working] + earlier.filter { $0 != keys.working }
    }
}
