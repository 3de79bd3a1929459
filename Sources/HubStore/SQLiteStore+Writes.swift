import GRDB
import Review
import Storage
import Sync

extension SQLiteStore {
    /// Does what was decided, in the open transaction.
    func execute(_ writes: Writes, _ database: Database) throws {
        if let hub = writes.hub { try begin(hub, database) }
        if let state = writes.state {
            try run("UPDATE hub SET state = \(state.json.canonical)", database)
        }
        for entry in writes.entries { try insert(entry, database) }
        for (uid, said) in writes.results {
            try run(
                """
                UPDATE entry SET result = \(said.result.rawValue), code = \(said.code)
                WHERE uid = \(uid)
                """,
                database
            )
        }
        for (uid, payload) in writes.payloads {
            try run(
                "UPDATE entry SET payload = \(payload) WHERE uid = \(uid)",
                database
            )
        }
        for (log, head) in writes.logs {
            try run(
                """
                INSERT INTO log (device, epoch, seq, head)
                VALUES (\(log.device), \(log.epoch), \(head.seq), \(head.uid))
                ON CONFLICT (device, epoch) DO UPDATE SET seq = excluded.seq, head = excluded.head
                """,
                database
            )
        }
        for row in writes.feedRows { try insert(row, database) }
        for row in writes.cases { try upsert(row, database) }
        for (key, payloads) in writes.erased {
            for payload in payloads { try erase(payload, of: key, database) }
        }
        for (name, key) in writes.nameless {
            try run(
                """
                UPDATE event SET id = \(key), detail = '{}'
                WHERE workflow = \(name.workflow) AND id = \(name.id)
                """,
                database
            )
        }
        for (key, contribution) in writes.contributions {
            try run(
                """
                UPDATE "case" SET contribution = \(contribution.json.canonical) WHERE key = \(key)
                """,
                database
            )
        }
        try add(writes.totals, database)
        for delta in writes.deltas { try upsert(delta, database) }
        for reviewer in writes.reviewers {
            try run(
                """
                INSERT INTO reviewer (name, record) VALUES (\(reviewer.name),
                    \(reviewer.json.canonical))
                ON CONFLICT (name) DO UPDATE SET record = excluded.record
                """,
                database
            )
        }
        for (reviewer, load) in writes.load {
            try run("UPDATE reviewer SET load = \(load) WHERE name = \(reviewer)", database)
        }
        for device in writes.devices {
            try run(
                """
                INSERT INTO device (id, reviewer, name, key, revocation, contact)
                VALUES (\(device.id), \(device.reviewer), \(device.name), \(device.key),
                    \(device.revocation?.json.canonical), \(device.contact.json.canonical))
                ON CONFLICT (id) DO UPDATE SET revocation = excluded.revocation,
                    contact = excluded.contact
                """,
                database
            )
        }
        for workflow in writes.workflows { try upsert(workflow, database) }
        for event in writes.events { try insert(event, database) }
    }

    private func begin(_ hub: HubName, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM feed_row; DELETE FROM feed")
        try run("UPDATE hub SET epoch = \(hub.epoch) WHERE id = \(hub.id)", database)
    }

    private func run(_ sql: PreparedSQL, _ database: Database) throws {
        try database.prepared(sql).execute()
    }

    /// Drops the bytes; `secure_delete` overwrites them.
    private func erase(_ payload: Digest, of key: String, _ database: Database) throws {
        try run(
            """
            INSERT INTO erased (payload_hash, case_key) VALUES (\(payload), \(key))
            ON CONFLICT DO NOTHING
            """,
            database
        )
        try run(
            """
            UPDATE entry SET payload = NULL
            WHERE case_key = \(key) AND payload_hash = \(payload)
            """,
            database
        )
        // By its hash a file that was attached could be recognised.
        try run(
            """
            DELETE FROM attachment WHERE uid IN (
                SELECT uid FROM entry WHERE case_key = \(key) AND payload_hash = \(payload))
            """,
            database
        )
    }

    private func insert(_ accepted: Writes.Accepted, _ database: Database) throws {
        let entry = accepted.document.entry
        try run(
            """
            INSERT INTO entry (hub_seq, uid, device, epoch, seq, prev, kind, case_key, must,
                reviewer, result, code, received_at, line, signature, payload_hash, payload)
            VALUES (\(accepted.hubSeq), \(entry.uid), \(entry.log.device), \(entry.log.epoch),
                \(entry.seq), \(entry.prev), \(entry.kindName), \(entry.caseKey),
                \(entry.must), \(accepted.reviewer), \(accepted.result.rawValue),
                \(accepted.code), \(accepted.receivedAt.milliseconds), \(entry.line),
                \(entry.signature), \(entry.payload),
                \(accepted.document.payload))
            """,
            database
        )
        if entry.kind == .case { try AttachmentIndex.add(accepted.document, database) }
    }

    private func insert(_ row: Writes.FeedWrite, _ database: Database) throws {
        try run(
            """
            INSERT INTO feed (name, seq, prefix)
            VALUES (\(row.feed), \(row.head.seq), \(row.head.prefix))
            ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, prefix = excluded.prefix
            """,
            database
        )
        try run(
            """
            INSERT INTO feed_row (feed, seq, prefix, uid, case_key)
            VALUES (\(row.feed), \(row.head.seq), \(row.head.prefix), \(row.uid),
                \(row.caseKey))
            """,
            database
        )
    }

    private func upsert(_ row: CaseRow, _ database: Database) throws {
        try run(
            """
            INSERT INTO "case" (key, workflow, id, revision, state, sealed, review, due, arrived_at,
                settle_milliseconds, settles_at, understaffed, seq, open)
            VALUES (\(row.key), \(row.name.workflow), \(row.name.id), \(row.revision),
                \(row.state?.rawValue), \(row.sealed), \(row.review.rawValue),
                \(row.due?.milliseconds), \(row.arrivedAt.milliseconds), \(row.settleMilliseconds),
                \(row.settlesAt?.milliseconds), \(row.understaffed), \(row.seq),
                \(row.open.joined(separator: " ")))
            ON CONFLICT (key) DO UPDATE SET id = excluded.id, revision = excluded.revision,
                state = excluded.state, sealed = excluded.sealed, review = excluded.review, due = excluded.due,
                settle_milliseconds = excluded.settle_milliseconds,
                settles_at = excluded.settles_at, understaffed = excluded.understaffed,
                seq = excluded.seq, open = excluded.open
            """,
            database
        )
    }

    private func add(_ totals: Tally, _ database: Database) throws {
        for (scope, buckets) in totals.counts {
            for (bucket, count) in buckets {
                try run(
                    """
                    INSERT INTO total (workflow, model_version, segment, policy_epoch, bin, k, blind,
                        class, count)
                    VALUES (\(scope.workflow), \(scope.modelVersion), \(scope.segment),
                        \(scope.policyEpoch), \(bucket.bin ?? -1), \(bucket.k), \(bucket.blind),
                        \(bucket.kind.rawValue), \(count))
                    ON CONFLICT DO UPDATE SET count = count + excluded.count
                    """,
                    database
                )
            }
        }
    }

    private func upsert(_ delta: Delta, _ database: Database) throws {
        try run(
            """
            INSERT INTO delta (device, epoch, workflow, model_version, segment, policy_epoch, line,
                signature)
            VALUES (\(delta.log.device), \(delta.log.epoch), \(delta.scope.workflow),
                \(delta.scope.modelVersion), \(delta.scope.segment), \(delta.scope.policyEpoch),
                \(delta.line), \(delta.signature))
            ON CONFLICT DO UPDATE SET line = excluded.line, signature = excluded.signature
            """,
            database
        )
    }

    private func upsert(_ workflow: Workflow, _ database: Database) throws {
        let models = JSON.object(workflow.models.mapValues { .integer($0) }).canonical
        try run(
            """
            INSERT INTO workflow (name, policy, phase, epoch, epoch_since, models)
            VALUES (\(workflow.name), \(workflow.policy), \(workflow.phase), \(workflow.epoch),
                \(workflow.epochSince.milliseconds), \(models))
            ON CONFLICT (name) DO UPDATE SET policy = excluded.policy, phase = excluded.phase,
                epoch = excluded.epoch, epoch_since = excluded.epoch_since, models = excluded.models
            """,
            database
        )
    }

    private func insert(_ event: HubEvent, _ database: Database) throws {
        try run(
            """
            INSERT INTO event (seq, kind, workflow, id, at, detail)
            VALUES (\(event.seq), \(event.kind.rawValue), \(event.name.workflow), \(event.name.id),
                \(event.at.milliseconds), \(event.detail.canonical))
            """,
            database
        )
        try run("UPDATE hub SET event_seq = \(event.seq)", database)
    }
}
