import Review
import Sync

extension Simulation {
    /// What a revoked device wrote beyond its good ends counts in no outcome, unless an administrator
    /// accepted it; a hub that holds the word that it is revoked trusts it no longer.
    func checkRevokedIsInert() throws(Broken) {
        for accepted in hub.entries where accepted.document.entry.kind == .revocation {
            guard let content = try? accepted.document.content(),
                let id = content["device"]?.string, let device = hub.devices[id]
            else { continue }
            guard let good = device.revocation?.good else {
                throw Broken("RevokedIsInert", "\(device.name) is trusted again")
            }
            for link in hub.links(of: id).beyond(good) where hub.rows[link.caseKey] != nil {
                try checkIsInert(link, of: device)
            }
        }
    }

    private func checkIsInert(_ link: Link, of device: Device) throws(Broken) {
        let dossier = hub.dossier(link.caseKey)
        let ruling = dossier.rulings.filter { $0.value.verdicts.contains(link.uid) }
            .max { ($0.log.generation, $0.seq) < ($1.log.generation, $1.seq) }
        if ruling?.value.word == .accepted { return }
        guard dossier.outcome?.counted.contains(link.uid) != true else {
            throw Broken(
                "RevokedIsInert",
                "\(link.uid.short) of \(device.name) counts on \(link.caseKey)"
            )
        }
    }
}
