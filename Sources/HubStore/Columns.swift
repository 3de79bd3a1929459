import Foundation
import GRDB
import Review
import Sync

// How our values stand in columns: bytes as blobs, times as milliseconds, what has parts as JSON.

extension Digest {
    var blob: Data { Data(bytes) }
}

extension Row {
    func digest(_ column: String) -> Digest? {
        let data: Data? = self[column]
        return data.flatMap { Digest(bytes: $0) }
    }

    func needDigest(_ column: String) throws -> Digest {
        guard let digest = digest(column) else { throw StoreError.damaged(column) }
        return digest
    }

    func bytes(_ column: String) -> [UInt8] {
        let data: Data = self[column]
        return [UInt8](data)
    }

    func time(_ column: String) -> Timestamp? {
        let milliseconds: Int64? = self[column]
        return milliseconds.map(Timestamp.init)
    }

    func json(_ column: String) throws -> JSON {
        let text: String = self[column]
        return try JSON(parsing: text)
    }

    func word<Word: RawRepresentable<String>>(_ column: String, as type: Word.Type) throws -> Word {
        let text: String = self[column]
        guard let word = Word(rawValue: text) else { throw StoreError.damaged(column) }
        return word
    }
}

/// Why a store cannot be used.
package enum StoreError: Error, Equatable {
    case damaged(String)
    case notOurs(path: String)
    case tooNew(path: String)
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .damaged(let column):
            "the hub's database holds something unreadable in \(column); nothing was changed; "
                + "to find out what: `countersign-hub verify`"
        case .notOurs(let path):
            "\(path) is not a hub's database; it was left untouched; "
                + "name another folder with --data"
        case .tooNew(let path):
            "\(path) was written by a newer version; it was left untouched; "
                + "install that version of countersign-hub"
        }
    }
}

// MARK: - Rows

extension Entry {
    init(row: Row) throws {
        self.init(
            log: LogName(device: row["device"], epoch: row["epoch"]),
            seq: row["seq"],
            kindName: row["kind"],
            caseKey: row["case_key"],
            payload: try row.needDigest("payload_hash"),
            prev: row.digest("prev"),
            must: row["must"],
            line: row.bytes("line"),
            signature: row.bytes("signature"),
            uid: try row.needDigest("uid")
        )
    }
}

extension Document {
    init(row: Row) throws {
        let payload: Data? = row["payload"]
        self.init(entry: try Entry(row: row), payload: payload.map { [UInt8]($0) })
    }
}

extension CaseRow {
    init(row: Row) throws {
        guard let name = CaseName(workflow: row["workflow"], id: row["id"]) else {
            throw StoreError.damaged("case")
        }
        let state: String? = row["state"]
        let open: String = row["open"]
        self.init(
            key: row["key"],
            name: name,
            revision: try row.needDigest("revision"),
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
            policy: try row.needDigest("policy"),
            phase: row["phase"],
            epoch: row["epoch"],
            epochSince: Timestamp(milliseconds: row["epoch_since"]),
            models: models.compactMapValues(\.integer)
        )
    }
}

extension Credential {
    init(row: Row) throws {
        self.init(
            hash: try row.needDigest("hash"),
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
            throw StoreError.damaged("event")
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

extension Tally {
    /// Adds a row of `total`.
    mutating func add(row: Row) throws {
        let bin: Int = row["bin"]
        guard let kind = VerdictClass(rawValue: row["class"]) else {
            throw StoreError.damaged("class")
        }
        add(
            row["count"],
            to: Bucket(bin: bin < 0 ? nil : bin, k: row["k"], blind: row["blind"], kind: kind),
            in: Stamps.Scope(
                workflow: row["workflow"],
                modelVersion: row["model_version"],
                segment: row["segment"],
                policyEpoch: row["policy_epoch"]
            )
        )
    }
}
