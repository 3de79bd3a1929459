import GRDB
import Review
import Storage
import Sync

extension SQLiteStore {
    /// Reads what a decision wants to know.
    func held(_ wanted: Wanted, _ database: Database) throws -> Held {
        let row = try hubRow(database)
        let hub = HubName(id: row["id"], epoch: row["epoch"])
        var held = Held(hub: hub)
        held.state = HubState(json: try row.json("state"))
        held.eventSeq = row["event_seq"]
        held.hubSeq = try Int64.fetchOne(database, sql: "SELECT max(hub_seq) FROM entry") ?? 0
        for log in Set(wanted.logs + [hub.log]) { held.logs[log] = try head(of: log, database) }
        for log in Set(wanted.logs) where log.device != hub.id {
            held.beyond[log] = try followers(of: log, beyond: held.logs[log], database)
        }
        for device in wanted.devices {
            let rows = try Row.fetchAll(
                database.prepared(
                    "SELECT epoch, seq, head FROM log WHERE device = \(device)"
                )
            )
            for row in rows {
                held.logs[LogName(device: device, epoch: row["epoch"])] = LogHead(
                    seq: row["seq"],
                    uid: try row.digest("head")
                )
            }
        }
        held.hubHead = held.logs[hub.log] ?? LogHead()
        for uid in Set(wanted.uids) {
            let row = try Row.fetchOne(
                database.prepared(
                    "SELECT device, epoch, seq, result, code FROM entry WHERE uid = \(uid)"
                )
            )
            held.known[uid] = try row.map { row in
                KnownEntry(
                    log: LogName(device: row["device"], epoch: row["epoch"]),
                    seq: row["seq"],
                    result: try row.word("result", as: PushResult.Word.self),
                    code: row["code"]
                )
            }
        }
        for row in try Row.fetchAll(database, sql: "SELECT name, seq, prefix FROM feed") {
            held.feeds[row["name"]] = FeedHead(
                seq: row["seq"],
                prefix: try row.digest("prefix")
            )
        }
        try readPeople(into: &held, database)
        for row in try Row.fetchAll(database, sql: "SELECT * FROM workflow") {
            let workflow = try Workflow(row: row)
            held.workflows[workflow.name] = workflow
        }
        for payload in Set(wanted.payloads) {
            let keys = try String.fetchSet(
                database.prepared(
                    "SELECT case_key FROM erased WHERE payload_hash = \(payload)"
                )
            )
            if !keys.isEmpty { held.erased[payload] = keys }
        }
        for device in wanted.writers {
            held.written[device] = try links(of: device, database)
        }
        try readCases(wanted, into: &held, database)
        if wanted.feedRows { held.feedRows = try readFeeds(database) }
        for log in wanted.logs { held.deltas += try readDeltas(of: log, database) }
        return held
    }

    private func hubRow(_ database: Database) throws -> Row {
        guard let row = try Row.fetchOne(database.cachedStatement(sql: "SELECT * FROM hub")) else {
            throw StorageFileError.damaged(column: "hub")
        }
        return row
    }

    /// The hub in its present epoch.
    func hub(_ database: Database) throws -> HubName {
        let row = try hubRow(database)
        return HubName(id: row["id"], epoch: row["epoch"])
    }

    private func readFeeds(_ database: Database) throws -> [String: [FeedPlace]] {
        var feeds: [String: [FeedPlace]] = [:]
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT feed, uid, case_key FROM feed_row ORDER BY feed, seq"
        )
        while let row = try rows.next() {
            feeds[row["feed"], default: []].append(
                FeedPlace(uid: try row.digest("uid"), caseKey: row["case_key"])
            )
        }
        return feeds
    }

    private func head(of log: LogName, _ database: Database) throws -> LogHead? {
        let row = try Row.fetchOne(
            database.prepared(
                """
                SELECT seq, head FROM log
                WHERE device = \(log.device) AND epoch = \(log.epoch)
                """
            )
        )
        return try row.map { LogHead(seq: $0["seq"], uid: try $0.digest("head")) }
    }

    /// What is held beyond the end of a log, by the entry it follows on.
    private func followers(
        of log: LogName,
        beyond head: LogHead?,
        _ database: Database
    ) throws -> [Digest: LogHead] {
        let rows = try Row.fetchAll(
            database.prepared(
                """
                SELECT uid, prev, seq FROM entry
                WHERE device = \(log.device) AND epoch = \(log.epoch)
                    AND seq > \(head?.seq ?? 0) AND prev IS NOT NULL
                ORDER BY hub_seq
                """
            )
        )
        return try Dictionary(
            rows.map { (try $0.digest("prev"), LogHead(seq: $0["seq"], uid: try $0.digest("uid"))) }
        ) { first, _ in first }
    }

    private func readPeople(into held: inout Held, _ database: Database) throws {
        for row in try Row.fetchAll(database, sql: "SELECT * FROM reviewer ORDER BY name") {
            held.roster.reviewers.append(try Reviewer(json: row.json("record")))
            held.roster.load[row["name"]] = row["load"]
        }
        for row in try Row.fetchAll(database, sql: "SELECT * FROM device") {
            let device = try Device(row: row)
            held.devices[device.id] = device
        }
    }

    private func readCases(_ wanted: Wanted, into held: inout Held, _ database: Database) throws {
        var keys = Set(wanted.keys)
        for links in held.written.values { keys.formUnion(links.map(\.caseKey)) }
        keys.remove("")
        for name in Set(wanted.names) {
            let key = try String.fetchOne(
                database.prepared(
                    """
                    SELECT key FROM "case"
                    WHERE workflow = \(name.workflow) AND id = \(name.id)
                    """
                )
            )
            if let key { keys.insert(key) }
        }
        for key in keys {
            guard var file = try heldCase(key, database) else { continue }
            if wanted.casePayloads { file.payloads = try payloads(of: key, database) }
            held.cases[key] = file
            if let name = file.dossier.name { held.keys[name] = key }
        }
    }

    private func heldCase(_ key: String, _ database: Database) throws -> HeldCase? {
        var file = HeldCase(key: key)
        // What was rejected has a code that is not among these.
        let documents = try Row.fetchCursor(
            database.prepared(
                """
                SELECT * FROM entry WHERE case_key = \(key)
                    AND code IN \(HubDraft.effectiveCodes + HubDraft.deferralCodes.sorted())
                ORDER BY hub_seq
                """
            )
        )
        var isKnown = false
        while let row = try documents.next() {
            isKnown = true
            let document = try Document(row: row)
            if HubDraft.deferralCodes.contains(row["code"]) {
                file.deferred.append(
                    HeldCase.Deferred(
                        document: document,
                        reviewer: row["reviewer"],
                        result: try row.word("result", as: PushResult.Word.self),
                        code: row["code"]
                    )
                )
            } else {
                try? file.dossier.add(document, hub: hubID)
            }
        }
        guard isKnown else { return nil }
        let sent = try Row.fetchCursor(
            database.prepared(
                "SELECT feed, uid FROM feed_row WHERE case_key = \(key)"
            )
        )
        while let row = try sent.next() {
            file.sent[row["feed"], default: []].insert(try row.digest("uid"))
        }
        let row = try Row.fetchOne(
            database.prepared(#"SELECT * FROM "case" WHERE key = \#(key)"#)
        )
        if let row {
            file.row = try CaseRow(row: row)
            let contribution: String? = row["contribution"]
            if let contribution { file.contribution = try Tally(json: JSON(parsing: contribution)) }
        }
        return file
    }

    /// The payloads of a case that may be erased: what says so stays.
    private func payloads(of key: String, _ database: Database) throws -> Set<Digest> {
        let rows = try Row.fetchAll(
            database.prepared(
                """
                SELECT payload_hash FROM entry
                WHERE case_key = \(key) AND kind <> 'erased' AND payload IS NOT NULL
                """
            )
        )
        return Set(try rows.map { try $0.digest("payload_hash") })
    }

    /// Everything of a device, in the hub's order.
    private func links(of device: String, _ database: Database) throws -> [Link] {
        try Row.fetchAll(
            database.prepared(
                "SELECT * FROM entry WHERE device = \(device) ORDER BY hub_seq"
            )
        ).map { Link(try Document(row: $0).entry) }
    }

    private func readDeltas(of log: LogName, _ database: Database) throws -> [Delta] {
        try Row.fetchAll(
            database.prepared(
                """
                SELECT line, signature FROM delta
                WHERE device = \(log.device) AND epoch = \(log.epoch)
                ORDER BY workflow, model_version, segment, policy_epoch
                """
            )
        ).map { try Delta(line: $0.bytes("line"), signature: $0.bytes("signature")) }
    }

    func readDeltas(_ database: Database) throws -> [Delta] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT line, signature FROM delta
                ORDER BY device, epoch, workflow, model_version, segment, policy_epoch
                """
        ).map { try Delta(line: try $0.bytes("line"), signature: try $0.bytes("signature")) }
    }
}
