import Foundation
import GRDB
import Review
import Sync

// How our values stand in columns: bytes as blobs, times as milliseconds.

extension Digest {
    var blob: Data { Data(bytes) }
}

extension Row {
    func digest(_ column: String) throws -> Digest {
        let data: Data? = self[column]
        guard let digest = data.flatMap({ Digest(bytes: $0) }) else {
            throw ReplicaError.damaged(column)
        }
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
}

extension Entry {
    init(row: Row) throws {
        let prev: Data? = row["prev"]
        self.init(
            log: LogName(device: row["device"], epoch: row["epoch"]),
            seq: row["seq"],
            kindName: row["kind"],
            caseKey: row["case_key"],
            payload: try row.digest("payload_hash"),
            prev: prev.flatMap { Digest(bytes: $0) },
            must: row["must"],
            line: row.bytes("line"),
            signature: row.bytes("signature"),
            uid: try row.digest("uid")
        )
    }
}

extension Document {
    init(row: Row) throws {
        let payload: Data? = row["payload"]
        self.init(entry: try Entry(row: row), payload: payload.map { [UInt8]($0) })
    }
}
