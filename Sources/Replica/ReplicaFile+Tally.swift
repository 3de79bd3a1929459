import GRDB
import Review
import Storage
package import Sync

// The counts of this device's log, kept up by what each act changes for its case.

extension ReplicaFile {
    func count(
        _ change: Tally,
        in log: LogName,
        since: Timestamp,
        _ database: Database
    ) throws {
        let epoch = log.epoch
        for (scope, buckets) in change.counts {
            for (bucket, count) in buckets {
                try database.prepared(
                    """
                    INSERT INTO tally (epoch, workflow, model_version, segment, policy_epoch,
                        bin, k, blind, class, count)
                    VALUES (\(epoch), \(scope.workflow), \(scope.modelVersion),
                        \(scope.segment), \(scope.policyEpoch), \(bucket.bin ?? -1),
                        \(bucket.k), \(bucket.blind), \(bucket.kind.rawValue), \(count))
                    ON CONFLICT DO UPDATE SET count = count + excluded.count
                    """
                ).execute()
            }
            try database.prepared(
                """
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
    ///
    /// Of the present epoch: the hub counts an earlier one by its entries.
    package func unsentDeltas(sign: Signing) throws -> [Delta] {
        try pool.read { database in
            let log = try log(database)
            let head = try head(of: log, database)
            guard let uid = head.uid else { return [] }
            let scopes = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM tally_unsent WHERE epoch = ?
                    ORDER BY workflow, model_version, segment, policy_epoch
                    """,
                arguments: [log.epoch]
            )
            return try scopes.map { row in
                let scope = Stamps.Scope(row: row)
                return Delta(
                    log: log,
                    scope: scope,
                    through: head.seq,
                    head: uid,
                    counts: try counts(scope, of: log, database),
                    sign: sign
                )
            }
        }
    }

    private func counts(
        _ scope: Stamps.Scope,
        of log: LogName,
        _ database: Database
    ) throws -> [Tally.Bucket: Int64] {
        var tally = Tally()
        let rows = try SQLRequest<Row>(
            literal: """
                SELECT * FROM tally WHERE epoch = \(log.epoch)
                    AND workflow = \(scope.workflow) AND model_version = \(scope.modelVersion)
                    AND segment = \(scope.segment) AND policy_epoch = \(scope.policyEpoch)
                    AND count <> 0
                """
        ).fetchAll(database)
        for row in rows { try tally.add(row: row) }
        return tally.counts[scope] ?? [:]
    }
}
