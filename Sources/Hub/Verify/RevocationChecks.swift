import HubStore
import Review
import Sync

extension HubOffice {
    /// **RevokedIsInert**: a device is revoked as its revocation says, and the hub has said of every
    /// act beyond the good ends whether it counts.
    func checkRevocations(_ verification: inout Verification) throws {
        var said: [String: Revocation] = [:]
        let entries = try store.entries(
            after: 0,
            kinds: [.revocation],
            caseKey: nil,
            limit: .max
        )
        for accepted in entries where accepted.document.entry.log.device == store.hubID {
            let revocation = try Revocation(json: accepted.document.content())
            said[revocation.device] = said[revocation.device] ?? revocation
        }
        for device in try store.read(Wanted()).devices.values.sorted(by: { $0.id < $1.id }) {
            if device.revocation != said[device.id] {
                verification.fail("device", device.id, "it is not revoked as its revocation says")
            }
            guard let revocation = device.revocation else { continue }
            var wanted = Wanted()
            wanted.writers = [device.id]
            let held = try store.read(wanted)
            for link in held.written[device.id, default: []].beyond(revocation.good) {
                let dossier = held.cases[link.caseKey]?.dossier ?? Dossier()
                let counts = dossier.considerable.contains(link.uid)
                if counts, dossier.rulingOnActs[link.uid] == nil {
                    verification.fail("revocation", link.uid, "it counts, and nobody approved it")
                }
            }
        }
    }
}
