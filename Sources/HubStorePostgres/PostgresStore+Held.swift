#if Postgres
import HubStore
import Review
import Sync

extension PostgresStore {
    /// Reads what a decision wants to know.
    func held(_ wanted: Wanted, _ connection: Connection) throws -> Held {
        let row = try connection.rows("SELECT * FROM hub").first
        guard let row else { throw StoreError.noHub(place: pool.address.place) }
        let hub = HubName(id: try row.text("id"), epoch: try row.text("epoch"))
        var held = Held(hub: hub)
        held.state = HubState(json: try row.json("state"))
        held.eventSeq = try row.integer("event_seq")
        held.hubSeq =
            try connection.rows("SELECT max(hub_seq) AS last FROM entry").first?
            .maybeInteger("last") ?? 0
        try readLogs(wanted, into: &held, connection)
        try readKnown(wanted, into: &held, connection)
        for row in try connection.rows("SELECT name, seq, prefix FROM feed") {
            held.feeds[try row.text("name")] = try row.feedHead()
        }
        try readPeople(into: &held, connection)
        for row in try connection.rows("SELECT * FROM workflow") {
            let workflow = try row.workflow()
            held.workflows[workflow.name] = workflow
        }
        for device in wanted.writers { held.written[device] = try links(of: device, connection) }
        try readCases(wanted, into: &held, connection)
        if wanted.feedRows { held.feedRows = try readFeeds(connection) }
        for log in wanted.logs { held.deltas += try readDeltas(of: log, connection) }
        return held
    }

    private func readLogs(
        _ wanted: Wanted,
        into held: inout Held,
        _ connection: Connection
    ) throws {
        let hub = held.hub.log
        let logs = Set(wanted.logs + [hub]).sorted()
        let heads = try connection.rows(
            """
            SELECT device, epoch, seq, head FROM log
            WHERE device = ANY(\(Set(wanted.devices).sorted()))
                OR (device, epoch) IN (
                    SELECT * FROM unnest(\(logs.map(\.device)), \(logs.map(\.epoch)))
                )
            """
        )
        for row in heads { held.logs[try row.log()] = try row.logHead() }
        held.hubHead = held.logs[hub] ?? LogHead()
        for log in Set(wanted.logs) where log.device != hub.device {
            held.beyond[log] = try followers(of: log, beyond: held.logs[log], connection)
        }
    }

    /// What is held beyond the end of a log, by the entry it follows on.
    private func followers(
        of log: LogName,
        beyond head: LogHead?,
        _ connection: Connection
    ) throws -> [Digest: LogHead] {
        let rows = try connection.rows(
            """
            SELECT uid, prev, seq FROM entry
            WHERE device = \(log.device) AND epoch = \(log.epoch) AND seq > \(head?.seq ?? 0)
                AND prev IS NOT NULL
            ORDER BY hub_seq
            """
        )
        return try Dictionary(
            rows.map { row in
                (
                    try row.digest("prev"),
                    LogHead(seq: try row.integer("seq"), uid: try row.digest("uid"))
                )
            }
        ) { first, _ in first }
    }

    /// What is held, and what was erased, of what is asked about by its hash.
    private func readKnown(
        _ wanted: Wanted,
        into held: inout Held,
        _ connection: Connection
    ) throws {
        if !wanted.uids.isEmpty {
            let rows = try connection.rows(
                """
                SELECT uid, device, epoch, seq, result, code FROM entry
                WHERE uid = ANY(\(Set(wanted.uids)))
                """
            )
            for row in rows {
                held.known[try row.digest("uid")] = KnownEntry(
                    log: try row.log(),
                    seq: try row.integer("seq"),
                    result: try row.word("result", as: PushResult.Word.self),
                    code: try row.text("code")
                )
            }
        }
        if !wanted.payloads.isEmpty {
            let rows = try connection.rows(
                """
                SELECT payload_hash, case_key FROM erased
                WHERE payload_hash = ANY(\(Set(wanted.payloads)))
                """
            )
            for row in rows {
                let payload = try row.digest("payload_hash")
                held.erased[payload, default: []].insert(try row.text("case_key"))
            }
        }
    }

    private func readPeople(into held: inout Held, _ connection: Connection) throws {
        for row in try connection.rows("SELECT * FROM reviewer ORDER BY name") {
            held.roster.reviewers.append(try Reviewer(json: row.json("record")))
            held.roster.load[try row.text("name")] = try row.number("load")
        }
        for row in try connection.rows("SELECT * FROM device") {
            let device = try row.device()
            held.devices[device.id] = device
        }
    }

    private func readFeeds(_ connection: Connection) throws -> [String: [FeedPlace]] {
        var feeds: [String: [FeedPlace]] = [:]
        let rows = try connection.rows(
            "SELECT feed, uid, case_key FROM feed_row ORDER BY feed, seq"
        )
        for row in rows {
            feeds[try row.text("feed"), default: []].append(
                FeedPlace(uid: try row.digest("uid"), caseKey: try row.text("case_key"))
            )
        }
        return feeds
    }

    /// Everything of a device, in the hub's order.
    private func links(of device: String, _ connection: Connection) throws -> [Link] {
        try connection.rows("SELECT * FROM entry WHERE device = \(device) ORDER BY hub_seq")
            .map { Link(try $0.document().entry) }
    }

    private func readDeltas(of log: LogName, _ connection: Connection) throws -> [Delta] {
        try connection.rows(
            """
            SELECT line, signature FROM delta
            WHERE device = \(log.device) AND epoch = \(log.epoch)
            ORDER BY workflow, model_version, segment, policy_epoch
            """
        ).map { try $0.delta() }
    }
}
#endif
