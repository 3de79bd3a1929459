#if Postgres
import HubStore
import Review
import Sync

// How a hub's own values stand in rows.

extension Row {
    func document() throws -> Document {
        let entry = Entry(
            log: try log(),
            seq: try integer("seq"),
            kindName: try text("kind"),
            caseKey: try text("case_key"),
            payload: try digest("payload_hash"),
            prev: try maybeDigest("prev"),
            must: try isTrue("must"),
            line: try bytes("line"),
            signature: try bytes("signature"),
            uid: try digest("uid")
        )
        return Document(entry: entry, payload: try maybeBytes("payload"))
    }

    func accepted() throws -> Writes.Accepted {
        Writes.Accepted(
            hubSeq: try integer("hub_seq"),
            document: try document(),
            result: try word("result", as: PushResult.Word.self),
            code: try text("code"),
            reviewer: try text("reviewer"),
            receivedAt: try time("received_at")
        )
    }

    func log() throws -> LogName { LogName(device: try text("device"), epoch: try text("epoch")) }

    func logHead() throws -> LogHead { LogHead(seq: try integer("seq"), uid: try digest("head")) }

    func feedHead() throws -> FeedHead {
        FeedHead(seq: try integer("seq"), prefix: try digest("prefix"))
    }

    func caseName() throws -> CaseName {
        guard let name = CaseName(workflow: try text("workflow"), id: try text("id")) else {
            throw Row.damaged("id")
        }
        return name
    }

    func caseRow() throws -> CaseRow {
        CaseRow(
            key: try text("key"),
            name: try caseName(),
            revision: try digest("revision"),
            state: try maybeText("state").flatMap(Outcome.State.init),
            sealed: try isTrue("sealed"),
            review: try word("review", as: Routing.Review.self),
            due: try maybeTime("due"),
            arrivedAt: try time("arrived_at"),
            settleMilliseconds: try integer("settle_milliseconds"),
            settlesAt: try maybeTime("settles_at"),
            understaffed: try isTrue("understaffed"),
            seq: try integer("seq"),
            open: try text("open").split(separator: " ").map(String.init)
        )
    }

    func workflow() throws -> Workflow {
        let models = try json("models").object ?? [:]
        return Workflow(
            name: try text("name"),
            policy: try digest("policy"),
            phase: try number("phase"),
            epoch: try number("epoch"),
            epochSince: try time("epoch_since"),
            models: models.compactMapValues(\.integer)
        )
    }

    func device() throws -> Device {
        let revocation = try maybeText("revocation")
        return Device(
            id: try text("id"),
            reviewer: try text("reviewer"),
            name: try text("name"),
            key: try bytes("key"),
            revocation: try revocation.map { try Revocation(json: JSON(parsing: $0)) },
            contact: Contact(json: try json("contact"))
        )
    }

    func credential() throws -> Credential {
        Credential(
            hash: try digest("hash"),
            purpose: try word("purpose", as: Credential.Purpose.self),
            name: try text("name"),
            expires: try maybeTime("expires"),
            usedBy: try maybeText("used_by")
        )
    }

    func event() throws -> HubEvent {
        HubEvent(
            seq: try integer("seq"),
            kind: try word("kind", as: HubEvent.Kind.self),
            name: try caseName(),
            at: try time("at"),
            detail: try json("detail")
        )
    }

    func delta() throws -> Delta { try Delta(line: bytes("line"), signature: bytes("signature")) }
}

extension Tally {
    /// Adds a row of `total`.
    mutating func add(row: Row) throws {
        let bin = try row.number("bin")
        guard let kind = VerdictClass(rawValue: try row.number("class")) else {
            throw Row.damaged("class")
        }
        add(
            try row.integer("count"),
            to: Bucket(
                bin: bin < 0 ? nil : bin,
                k: try row.number("k"),
                blind: try row.isTrue("blind"),
                kind: kind
            ),
            in: Stamps.Scope(
                workflow: try row.text("workflow"),
                modelVersion: try row.text("model_version"),
                segment: try row.text("segment"),
                policyEpoch: try row.number("policy_epoch")
            )
        )
    }
}
#endif
