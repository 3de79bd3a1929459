import Replica
import Review
package import Sync

extension Desk {
    /// Opens a new epoch of this device's log where the hub holds a head of the present one that is
    /// not here, and says whether it did.
    ///
    /// Both branches are kept: what was written here goes up as a fork, and counts (**ForksKept**).
    package func openEpoch(ifWithout told: [Through]) throws -> Bool {
        guard let through = try told.first(where: replica.lacks) else { return false }
        return try replica.commit(on: nil, at: now()) { view in
            guard view.log.epoch == through.epoch else { return (Commitment(), false) }
            let next = KeyName.epoch(after: view.log.epoch, random: systemRandomness)
            var pen = self.pen(LogName(device: view.log.device, epoch: next), LogHead())
            var commitment = Commitment()
            commitment.documents = [
                pen.write(.epoch, epochContent(after: view.log, view.head, because: "copied"))
            ]
            return (commitment, true)
        }
    }
}
