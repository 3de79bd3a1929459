import GRDB
package import Review
import Storage
package import Sync

// An epoch of this device's log ends where continuity cannot be proved (`sync.md`, epochs).

extension ReplicaFile {
    /// This device's log in its present epoch: that of the `epoch` entry it wrote last.
    package func log() throws -> LogName { try pool.read(log) }

    func log(_ database: Database) throws -> LogName {
        let epoch = try String.fetchOne(
            database.prepared(
                """
                SELECT epoch FROM entry WHERE own = 1 AND kind = 'epoch'
                ORDER BY id DESC LIMIT 1
                """
            )
        )
        guard let epoch else { throw ReplicaError.notEnrolled }
        return LogName(device: identity.device, epoch: epoch)
    }

    /// Whether the hub's head of the present epoch is missing here: this replica was copied, or
    /// went back in time.
    package func lacks(_ through: Through) throws -> Bool {
        try pool.read { try lacks(through, $0) }
    }

    func lacks(_ through: Through, _ database: Database) throws -> Bool {
        guard through.epoch == (try log(database)).epoch else { return false }
        return try heldSeq(through.head, through.epoch, database) == nil
    }
}
