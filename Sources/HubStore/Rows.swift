import GRDB
import Review
import Storage
import Sync

// How a hub's own values stand in rows.

extension CaseRow {
    init(row: Row) throws {
        guard let name = CaseName(workflow: row["workflow"], id: row["id"]) else {
            throw StorageFileError.damaged(column: "case")
        }
        let state: String? = row["state"]
        let open: String = row["open"]
        self.init(
            key: row["key"],
            name: name,
            revision: try row.digest("revision"),
            state: state.flatMap(Outcome.State.init),
            sealed: row["sealed"],
            review: try row.word("review", as: Routing.Review.self),
            due: row.time("due"),
            arrivedAt: Timestamp(milliseconds: row["arrived_at"]),
            settleMilliseconds: row["settle_milliseconds"],
            settlesAt: row.time("settles_at"),
            understaffed: row["understaffed"],
            seq: row["seq"],
            open: open.split(separator: " ").map(String.init)
        )
    }
}

extension Workflow {
    init(row: Row) throws {
        let models = try row.json("models").object ?? [:]
        self.init(
            name: row["name"],
            policy: try row.digest("policy"),
            phase: row["phase"],
            epoch: row["epoch"],
            epochSince: Timestamp(milliseconds: row["epoch_since"]),
            models: models.compactMapValues(\.integer)
        )
    }
}

extension Device {
    init(row: Row) throws {
        let revocation: String? = row["revocation"]
        self.init(
            id: row["id"],
            reviewer: row["reviewer"],
            name: row["name"],
            key: try row.bytes("key"),
            revocation: try revocation.map { try Revocation(json: JSON(parsing: $0)) },
            contact: Contact(json: try row.json("contact"))
        )
    }
}

extension Writes.Accepted {
    init(row: Row) throws {
        self.init(
            hubSeq: row["hub_seq"],
            document: try Document(row: row),
            result: try row.word("result", as: PushResult.Word.self),
            code: row["code"],
            reviewer: row["reviewer"],
            receivedAt: Timestamp(milliseconds: row["received_at"])
        )
    }
}

extension Credential {
    init(row: Row) throws {
        self.init(
            hash: try row.digest("hash"),
            purpose: try row.word("purpose", as: Purpose.self),
            name: row["name"],
            expires: row.time("expires"),
            usedBy: row["used_by"]
        )
    }
}

extension HubEvent {
    init(row: Row) throws {
        guard let name = CaseName(workflow: row["workflow"], id: row["id"]) else {
            throw StorageFileError.damaged(column: "event")
        }
        self.init(
            seq: row["seq"],
            kind: try row.word("kind", as: Kind.self),
            name: name,
            at: Timestamp(milliseconds: row["at"]),
            detail: try row.json("detail")
        )
    }
}
