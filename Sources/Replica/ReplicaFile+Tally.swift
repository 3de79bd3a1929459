import Foundation
import GRDB
import Review
import Storage
package import Sync

// The counts of this device's log, kept up by what each act changes for its case.

extension ReplicaFile {
    func count(_ change: Tally, since: Timestamp, _ database: Database) throws {
        let epoch = identity.log.epoch
        for (scope, buckets) in change.counts {
            for (bucket, count) in buckets {
                try database.cachedStatement(
                    literal: """
                        INSERT INTO tally (epoch, workflow, model_version, segment, policy_epoch,
                            bin, k, blind, class, count)
                        VALUES (\(epoch), \(scope.workflow), \(scope.modelVersion),
                            \(scope.segment), \(scope.policyEpoch), \(bucket.bin ?? -1),
                            \(bucket.k), \(bucket.blind), \(bucket.kind.rawValue), \(count))
                        ON CONFLICT DO UPDATE SET count = count + excluded.count
                        """
                ).execute()
            }
            try database.cachedStatement(
                literal: """
                    INSERT INTO tally_unsent (epoch, workflow, model_version, segment,
                        policy_epoch, since)
                    VALUES (\(epoch), \(scope.workflow), \(scope.modelVersion), \(scope.segment),
                        \(scope.policyEpoch), \(since.milliseconds))
                    ON CONFLICT DO NOTHING
                    """
            ).execute()
        }
    }

    /// The deltas the hub has not been told yet, signed, counted through the end of the log.
    package func unsentDeltas(sign: Signing) throws -> [Delta] {
        try pool.read { database in
            let head = try Row.fetchOne(
                database,
                sql:
                    "SELECT seq, uid FROM entry WHERE own = 1 AND epoch = ? ORDER BY seq DESC LIMIT 1",
                arguments: [identity.log.epoch]
            )
            guard let head else { return [] }
            let scopes = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM tally_unsent WHERE epoch = ?
                    ORDER BY workflow, model_version, segment, policy_epoch
                    """,
                arguments: [identity.log.epoch]
            )
            return try scopes.map { row in
                let scope = Stamps.Scope(row: row)
                return Delta(
                    log: identity.log,
                    scope: scope,
                    through: head["seq"],
                    head: try head.digest("uid"),
                    counts: try counts(scope, database),
                    sign: sign
                )
            }
        }
    }

    private func counts(
        _ scope: Stamps.Scope,
        _ database: Database
    ) throws -> [Tally.Bucket: Int64] {
        var tally = Tally()
        let rows = try SQLRequest<Row>(
            literal: """
                SELECT * FROM tally WHERE epoch = \(identity.log.epoch)
                    AND workflow = \(scope.workflow) AND model_version = \(scope.modelVersion)
                    AND segment = \(scope.segment) AND policy_epoch = \(scope.policyEpoch)
                    AND count <> 0
                """
        ).fetchAll(database)
        for row in rows { try tally.add(row: row) }
        return tally.counts[scope] ?? [:]
    }
}
