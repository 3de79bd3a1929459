import Foundation
import GRDB
package import Review
import Storage
package import Sync

/// What was put into a file for the hub, remembered until the hub answered it.
package struct ExportedBundle: Sendable, Equatable {
    /// SHA-256 of its body, by which an answer names it.
    package let request: Digest
    /// How many of this device's own entries are in it, and the last of them.
    package let entries: Int
    package let last: Digest?
    /// What an answer shows to have arrived beside them: what a hub may have lost, and counts.
    package let held: [Digest]
    package let isAll: Bool
    package let hubEpoch: String
    package let deltas: [Delta]

    package init(
        request: Digest,
        entries: Int,
        last: Digest?,
        held: [Digest],
        isAll: Bool,
        hubEpoch: String,
        deltas: [Delta]
    ) {
        self.request = request
        self.entries = entries
        self.last = last
        self.held = held
        self.isAll = isAll
        self.hubEpoch = hubEpoch
        self.deltas = deltas
    }
}

/// A file that was not answered yet, as far as this machine knows.
package struct OpenBundle: Sendable, Equatable {
    package let request: Digest
    package let at: Timestamp
    package let entries: Int
}

/// How a reply that came in a file ended.
package struct CarriedReply: Sendable, Equatable {
    /// The body that it answers.
    package let request: Digest
    /// When the hub wrote it.
    package let time: Timestamp
    package let more: Bool
    package let unfulfilled: [JSON]

    package init(request: Digest, time: Timestamp, more: Bool, unfulfilled: [JSON]) {
        self.request = request
        self.time = time
        self.more = more
        self.unfulfilled = unfulfilled
    }
}

extension ReplicaFile {
    /// What was exported and has neither been answered nor receipted, oldest first.
    package func openBundles() throws -> [OpenBundle] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT request, at, entries FROM bundle AS b
                    WHERE answered = 0 AND NOT EXISTS (
                        SELECT 1 FROM entry WHERE uid = b.last AND receipt IS NOT NULL
                    )
                    ORDER BY id
                    """
            ).map {
                OpenBundle(
                    request: try $0.digest("request"),
                    at: Timestamp(milliseconds: $0["at"]),
                    entries: $0["entries"]
                )
            }
        }
    }

    func insert(_ bundle: ExportedBundle, at: Timestamp, _ database: Database) throws {
        try database.prepared(
            """
            INSERT INTO bundle (request, at, entries, last, held)
            VALUES (\(bundle.request), \(at.milliseconds), \(bundle.entries),
                \(bundle.last), \(bundle.content.canonical))
            ON CONFLICT DO NOTHING
            """
        ).execute()
    }

    /// Notes that the hub took a file, and so all that was in it; what went before holds no more.
    func answer(_ reply: CarriedReply, _ database: Database) throws {
        let row = try Row.fetchOne(
            database.prepared(
                "SELECT * FROM bundle WHERE request = \(reply.request)"
            )
        )
        guard let row, row["answered"] == 0 else { return }
        let bundle = try ExportedBundle(row: row)
        let id: Int64 = row["id"]
        try database.prepared(
            """
            UPDATE bundle SET answered = 1
            WHERE id = \(id) OR (id < \(id) AND last IS NULL)
            """
        ).execute()
        try forget(bundle.deltas, database)
        try note(database) { notes in
            try note(bundle.held, handedInTo: notes.hubEpoch, database)
            if bundle.isAll, notes.hubEpoch == bundle.hubEpoch { notes.mayHold = false }
        }
    }
}

// MARK: - As it is kept

extension ExportedBundle {
    fileprivate var content: JSON {
        [
            "held": .array(held.map(\.json)), "isAll": .bool(isAll),
            "hubEpoch": .string(hubEpoch),
            "deltas": .array(
                deltas.map {
                    [
                        "line": .string(String(decoding: $0.line, as: UTF8.self)),
                        "signature": .string(Base64URL.encode($0.signature)),
                    ]
                }
            ),
        ]
    }

    fileprivate init(row: Row) throws {
        let content = try row.json("held")
        let last: Data? = row["last"]
        self.init(
            request: try row.digest("request"),
            entries: row["entries"],
            last: last.flatMap { Digest(bytes: Array($0)) },
            held: content["held"]?.array?.compactMap { $0.string.flatMap { Digest($0) } } ?? [],
            isAll: content["isAll"]?.bool ?? false,
            hubEpoch: content["hubEpoch"]?.string ?? "",
            deltas: (content["deltas"]?.array ?? []).compactMap { json in
                try? Delta(
                    line: Array((json["line"]?.string ?? "").utf8),
                    signature: json["signature"]?.string.flatMap(Base64URL.decode) ?? []
                )
            }
        )
    }
}
