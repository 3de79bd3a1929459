#if Postgres
import Review
import Sync

extension PostgresStore {
    /// Reads the cases that are wanted, all of them in a few statements.
    func readCases(
        _ wanted: Wanted,
        into held: inout Held,
        _ connection: Connection
    ) throws {
        var keys = Set(wanted.keys)
        for links in held.written.values { keys.formUnion(links.map(\.caseKey)) }
        keys.remove("")
        if !wanted.names.isEmpty {
            let rows = try connection.rows(
                """
                SELECT key FROM "case" WHERE (workflow, id) IN (
                    SELECT * FROM
                    unnest(\(wanted.names.map(\.workflow)), \(wanted.names.map(\.id)))
                )
                """
            )
            for row in rows { keys.insert(try row.text("key")) }
        }
        if keys.isEmpty { return }
        try readDossiers(of: keys, into: &held, connection)
        try readSent(of: keys, into: &held, connection)
        try readRows(of: keys, into: &held, connection)
        if wanted.casePayloads { try readPayloads(of: keys, into: &held, connection) }
        for (key, file) in held.cases {
            if let name = file.dossier.name { held.keys[name] = key }
        }
    }

    /// What was said about each case, in the hub's order; one of which nothing was is not there.
    private func readDossiers(
        of keys: Set<String>,
        into held: inout Held,
        _ connection: Connection
    ) throws {
        // What was rejected has a code that is not among these.
        let codes = HubDraft.effectiveCodes + HubDraft.deferralCodes.sorted()
        let rows = try connection.rows(
            """
            SELECT * FROM entry WHERE case_key = ANY(\(keys)) AND code = ANY(\(codes))
            ORDER BY hub_seq
            """
        )
        for row in rows {
            let document = try row.document()
            let code = try row.text("code")
            let key = document.entry.caseKey
            // Taken out while it changes, so that nothing of it is copied.
            var file = held.cases.removeValue(forKey: key) ?? HeldCase(key: key)
            if HubDraft.deferralCodes.contains(code) {
                file.deferred.append(
                    HeldCase.Deferred(
                        document: document,
                        reviewer: try row.text("reviewer"),
                        result: try row.word("result", as: PushResult.Word.self),
                        code: code
                    )
                )
            } else {
                try? file.dossier.add(document, hub: hubID)
            }
            held.cases[key] = file
        }
    }

    private func readSent(
        of keys: Set<String>,
        into held: inout Held,
        _ connection: Connection
    ) throws {
        let rows = try connection.rows(
            "SELECT feed, uid, case_key FROM feed_row WHERE case_key = ANY(\(keys))"
        )
        for row in rows {
            let feed = try row.text("feed")
            held.cases[try row.text("case_key")]?.sent[feed, default: []]
                .insert(try row.digest("uid"))
        }
    }

    private func readRows(
        of keys: Set<String>,
        into held: inout Held,
        _ connection: Connection
    ) throws {
        for row in try connection.rows(#"SELECT * FROM "case" WHERE key = ANY(\#(keys))"#) {
            let key = try row.text("key")
            held.cases[key]?.row = try row.caseRow()
            if let contribution = try row.maybeText("contribution") {
                held.cases[key]?.contribution = try Tally(json: JSON(parsing: contribution))
            }
        }
    }

    /// The payloads of each case that may be erased: what says so stays.
    private func readPayloads(
        of keys: Set<String>,
        into held: inout Held,
        _ connection: Connection
    ) throws {
        let rows = try connection.rows(
            """
            SELECT case_key, payload_hash FROM entry
            WHERE case_key = ANY(\(keys)) AND kind <> \(Entry.Kind.erased.rawValue)
                AND payload IS NOT NULL
            """
        )
        for row in rows {
            held.cases[try row.text("case_key")]?.payloads
                .insert(try row.digest("payload_hash"))
        }
    }
}
#endif
