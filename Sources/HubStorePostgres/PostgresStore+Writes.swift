#if Postgres
import Review
import Sync

extension PostgresStore {
    /// Does what was decided, in the open transaction.
    func execute(_ writes: Writes, _ connection: Connection) throws {
        if let hub = writes.hub {
            try connection.send("DELETE FROM feed_row")
            try connection.send("DELETE FROM feed")
            try connection.send("UPDATE hub SET epoch = \(hub.epoch) WHERE id = \(hub.id)")
        }
        if let state = writes.state {
            try connection.send("UPDATE hub SET state = \(state.json.canonical)")
        }
        for entry in writes.entries { try insert(entry, connection) }
        for (uid, said) in writes.results {
            try connection.send(
                """
                UPDATE entry SET result = \(said.result.rawValue), code = \(said.code)
                WHERE uid = \(uid)
                """
            )
        }
        for (uid, payload) in writes.payloads {
            try connection.send("UPDATE entry SET payload = \(payload) WHERE uid = \(uid)")
        }
        for (log, head) in writes.logs {
            try connection.send(
                """
                INSERT INTO log (device, epoch, seq, head)
                VALUES (\(log.device), \(log.epoch), \(head.seq), \(head.uid))
                ON CONFLICT (device, epoch) DO UPDATE SET seq = excluded.seq, head = excluded.head
                """
            )
        }
        for row in writes.feedRows { try insert(row, connection) }
        for row in writes.cases { try upsert(row, connection) }
        for (key, payloads) in writes.erased {
            for payload in payloads { try erase(payload, of: key, connection) }
        }
        for (name, key) in writes.nameless {
            try connection.send(
                """
                UPDATE event SET id = \(key), detail = '{}'
                WHERE workflow = \(name.workflow) AND id = \(name.id)
                """
            )
        }
        for (key, contribution) in writes.contributions {
            try connection.send(
                """
                UPDATE "case" SET contribution = \(contribution.json.canonical) WHERE key = \(key)
                """
            )
        }
        try add(writes.totals, connection)
        for delta in writes.deltas { try upsert(delta, connection) }
        try executePeople(writes, connection)
        for event in writes.events { try insert(event, connection) }
    }

    private func insert(_ accepted: Writes.Accepted, _ connection: Connection) throws {
        let entry = accepted.document.entry
        try connection.send(
            """
            INSERT INTO entry (hub_seq, uid, device, epoch, seq, prev, kind, case_key, must,
                reviewer, result, code, received_at, line, signature, payload_hash, payload)
            VALUES (\(accepted.hubSeq), \(entry.uid), \(entry.log.device), \(entry.log.epoch),
                \(entry.seq), \(entry.prev), \(entry.kindName), \(entry.caseKey), \(entry.must),
                \(accepted.reviewer), \(accepted.result.rawValue), \(accepted.code),
                \(accepted.receivedAt.milliseconds), \(entry.line), \(entry.signature),
                \(entry.payload), \(accepted.document.payload))
            """
        )
        guard entry.kind == .case, let record = try? accepted.document.content() else { return }
        for attachment in Attachment.all(in: record["content"] ?? .null) {
            try connection.send(
                """
                INSERT INTO attachment (sha256, uid, bytes)
                VALUES (\(attachment.digest.bytes.hexadecimal), \(entry.uid), \(attachment.bytes))
                ON CONFLICT DO NOTHING
                """
            )
        }
    }

    private func insert(_ row: Writes.FeedWrite, _ connection: Connection) throws {
        try connection.send(
            """
            INSERT INTO feed (name, seq, prefix)
            VALUES (\(row.feed), \(row.head.seq), \(row.head.prefix))
            ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, prefix = excluded.prefix
            """
        )
        try connection.send(
            """
            INSERT INTO feed_row (feed, seq, prefix, uid, case_key)
            VALUES (\(row.feed), \(row.head.seq), \(row.head.prefix), \(row.uid), \(row.caseKey))
            """
        )
    }

    private func upsert(_ row: CaseRow, _ connection: Connection) throws {
        try connection.send(
            """
            INSERT INTO "case" (key, workflow, id, revision, state, sealed, review, due, arrived_at,
                settle_milliseconds, settles_at, understaffed, seq, open)
            VALUES (\(row.key), \(row.name.workflow), \(row.name.id), \(row.revision),
                \(row.state?.rawValue), \(row.sealed), \(row.review.rawValue),
                \(row.due?.milliseconds), \(row.arrivedAt.milliseconds), \(row.settleMilliseconds),
                \(row.settlesAt?.milliseconds), \(row.understaffed), \(row.seq),
                \(row.open.joined(separator: " ")))
            ON CONFLICT (key) DO UPDATE SET id = excluded.id, revision = excluded.revision,
                state = excluded.state, sealed = excluded.sealed, review = excluded.review,
                due = excluded.due, settle_milliseconds = excluded.settle_milliseconds,
                settles_at = excluded.settles_at, understaffed = excluded.understaffed,
                seq = excluded.seq, open = excluded.open
            """
        )
    }

    private func erase(_ payload: Digest, of key: String, _ connection: Connection) throws {
        try connection.send(
            """
            INSERT INTO erased (payload_hash, case_key) VALUES (\(payload), \(key))
            ON CONFLICT DO NOTHING
            """
        )
        let those: Query = "case_key = \(key) AND payload_hash = \(payload)"
        try connection.send("UPDATE entry SET payload = NULL WHERE \(those)")
        // By its hash a file that was attached could be recognised.
        try connection.send(
            "DELETE FROM attachment WHERE uid IN (SELECT uid FROM entry WHERE \(those))"
        )
    }

    private func insert(_ event: HubEvent, _ connection: Connection) throws {
        try connection.send(
            """
            INSERT INTO event (seq, kind, workflow, id, at, detail)
            VALUES (\(event.seq), \(event.kind.rawValue), \(event.name.workflow), \(event.name.id),
                \(event.at.milliseconds), \(event.detail.canonical))
            """
        )
        try connection.send("UPDATE hub SET event_seq = \(event.seq)")
    }
}

// MARK: - Counts and people

extension PostgresStore {
    private func add(_ totals: Tally, _ connection: Connection) throws {
        for (scope, buckets) in totals.counts {
            for (bucket, count) in buckets {
                try connection.send(
                    """
                    INSERT INTO total (workflow, model_version, segment, policy_epoch, bin, k, blind,
                        class, count)
                    VALUES (\(scope.workflow), \(scope.modelVersion), \(scope.segment),
                        \(scope.policyEpoch), \(bucket.bin ?? -1), \(bucket.k), \(bucket.blind),
                        \(bucket.kind.rawValue), \(count))
                    ON CONFLICT (
                        workflow, model_version, segment, policy_epoch, bin, k, blind, class
                    ) DO UPDATE SET count = total.count + excluded.count
                    """
                )
            }
        }
    }

    private func upsert(_ delta: Delta, _ connection: Connection) throws {
        try connection.send(
            """
            INSERT INTO delta (device, epoch, workflow, model_version, segment, policy_epoch, line,
                signature)
            VALUES (\(delta.log.device), \(delta.log.epoch), \(delta.scope.workflow),
                \(delta.scope.modelVersion), \(delta.scope.segment), \(delta.scope.policyEpoch),
                \(delta.line), \(delta.signature))
            ON CONFLICT (device, epoch, workflow, model_version, segment, policy_epoch)
            DO UPDATE SET line = excluded.line, signature = excluded.signature
            """
        )
    }

    private func executePeople(_ writes: Writes, _ connection: Connection) throws {
        for reviewer in writes.reviewers {
            try connection.send(
                """
                INSERT INTO reviewer (name, record)
                VALUES (\(reviewer.name), \(reviewer.json.canonical))
                ON CONFLICT (name) DO UPDATE SET record = excluded.record
                """
            )
        }
        for (reviewer, load) in writes.load {
            try connection.send("UPDATE reviewer SET load = \(load) WHERE name = \(reviewer)")
        }
        for device in writes.devices {
            try connection.send(
                """
                INSERT INTO device (id, reviewer, name, key, revocation, contact)
                VALUES (\(device.id), \(device.reviewer), \(device.name), \(device.key),
                    \(device.revocation?.json.canonical), \(device.contact.json.canonical))
                ON CONFLICT (id) DO UPDATE SET revocation = excluded.revocation,
                    contact = excluded.contact
                """
            )
        }
        for workflow in writes.workflows {
            let models = JSON.object(workflow.models.mapValues { .integer($0) }).canonical
            try connection.send(
                """
                INSERT INTO workflow (name, policy, phase, epoch, epoch_since, models)
                VALUES (\(workflow.name), \(workflow.policy), \(workflow.phase), \(workflow.epoch),
                    \(workflow.epochSince.milliseconds), \(models))
                ON CONFLICT (name) DO UPDATE SET policy = excluded.policy, phase = excluded.phase,
                    epoch = excluded.epoch, epoch_since = excluded.epoch_since,
                    models = excluded.models
                """
            )
        }
    }
}
#endif
