package import Foundation
package import GRDB
package import Review
package import Sync

// How our values stand in columns: bytes as blobs, times as milliseconds, what has parts as JSON.

extension Digest {
    package var blob: Data { Data(bytes) }
}

extension Row {
    package func digest(_ column: String) throws -> Digest {
        guard let digest = try maybeDigest(column) else {
            throw StorageFileError.damaged(column: column)
        }
        return digest
    }

    package func maybeDigest(_ column: String) throws -> Digest? {
        try withUnsafeData(named: column) { data in
            data.flatMap { data in data.withUnsafeBytes { Digest($0) } }
        }
    }

    package func bytes(_ column: String) throws -> [UInt8] {
        guard let bytes = try maybeBytes(column) else {
            throw StorageFileError.damaged(column: column)
        }
        return bytes
    }

    package func maybeBytes(_ column: String) throws -> [UInt8]? {
        try withUnsafeData(named: column) { data in data.map { [UInt8]($0) } }
    }

    package func time(_ column: String) -> Timestamp? {
        let milliseconds: Int64? = self[column]
        return milliseconds.map(Timestamp.init)
    }

    package func json(_ column: String) throws -> JSON {
        let text: String = self[column]
        return try JSON(parsing: text)
    }

    package func word<Word: RawRepresentable<String>>(
        _ column: String,
        as type: Word.Type
    ) throws -> Word {
        let text: String = self[column]
        guard let word = Word(rawValue: text) else {
            throw StorageFileError.damaged(column: column)
        }
        return word
    }
}

// MARK: - What both stores keep

extension Document {
    /// From a row with the columns of `entry`.
    package init(row: Row) throws {
        let entry = Entry(
            log: LogName(device: row["device"], epoch: row["epoch"]),
            seq: row["seq"],
            kindName: row["kind"],
            caseKey: row["case_key"],
            payload: try row.digest("payload_hash"),
            prev: try row.maybeDigest("prev"),
            must: row["must"],
            line: try row.bytes("line"),
            signature: try row.bytes("signature"),
            uid: try row.digest("uid")
        )
        self.init(entry: entry, payload: try row.maybeBytes("payload"))
    }
}

extension Stamps.Scope {
    package init(row: Row) {
        self.init(
            workflow: row["workflow"],
            modelVersion: row["model_version"],
            segment: row["segment"],
            policyEpoch: row["policy_epoch"]
        )
    }
}

extension Tally {
    /// Adds a row that has the columns of a count: scope, bucket, `count`.
    package mutating func add(row: Row) throws {
        let bin: Int = row["bin"]
        guard let kind = VerdictClass(rawValue: row["class"]) else {
            throw StorageFileError.damaged(column: "class")
        }
        add(
            row["count"],
            to: Bucket(bin: bin < 0 ? nil : bin, k: row["k"], blind: row["blind"], kind: kind),
            in: Stamps.Scope(row: row)
        )
    }
}
