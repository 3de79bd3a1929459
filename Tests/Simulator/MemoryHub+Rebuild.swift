package import Review
package import Sync
import TestSupport

// A hub that lost everything but its root key, which here is its working key too.

extension MemoryHub {
    /// The same hub, made anew.
    package static func rebuilt(now: Timestamp, random: @escaping Randomness) -> MemoryHub {
        var hub = MemoryHub()
        let epoch = KeyName.epoch(HubDraft.generationAfterLoss, random: random)
        hub.name = HubName(id: hub.name.id, epoch: epoch)
        let key = hub.key
        let chain = HubChain(
            key: key.bytes,
            certification: key.sign(workingKeyMessage(key.bytes))
        )
        hub.ingest(Wanted(), now: now, random: random) { $0.rebuild(chain) }
        return hub
    }

    /// The device that a request shows to be let in by this hub.
    func introduced(in request: HubRequest) -> Device? {
        certified(in: request.documents)[request.hello.log.device]
    }

    /// The devices whose certificates are among what is handed in.
    func certified(in documents: [Document]) -> [String: Device] {
        Introduction.devices(in: documents, of: name.id, signedBy: [key.bytes], .cheap)
    }
}
