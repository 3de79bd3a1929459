/// The hub's word that a device is trusted no longer, and how far what it wrote still holds.
package struct Revocation: Sendable, Equatable {
    package enum Reason: String, Sendable, CaseIterable { case retired, lost, compromised }

    package let device: String
    package let reason: Reason
    /// Ends of the device's logs and branches: their ancestors keep their effect, nothing else does
    /// without an administrator's word.
    package let good: [Digest]

    package init(device: String, reason: Reason, good: [Digest]) {
        self.device = device
        self.reason = reason
        self.good = good
    }
}

extension Revocation {
    package var json: JSON {
        [
            "device": .string(device), "because": .string(reason.rawValue),
            "good": good.sortedJSON,
        ]
    }

    package init(json: JSON) throws(PayloadError) {
        let fields = try Fields(json)
        device = try fields.text("device")
        reason = try fields.word("because")
        good = try fields.digests("good")
    }
}
