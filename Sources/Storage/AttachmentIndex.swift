package import GRDB
import Glibc
import Review
package import Sync

/// The table of which entry of a case names which files: read from the entry when it is stored.
package enum AttachmentIndex {
    /// Makes the table, with what the entries there name already.
    package static func create(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE attachment (
                    sha256 TEXT NOT NULL,
                    uid BLOB NOT NULL REFERENCES entry (uid),
                    bytes INTEGER NOT NULL,
                    PRIMARY KEY (sha256, uid)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX attachment_by_entry ON attachment (uid);
                """
        )
        let cases = try Row.fetchAll(database, sql: "SELECT uid FROM entry WHERE kind = 'case'")
        for row in cases { try add(try row.digest("uid"), database) }
    }

    /// Adds what an entry names, which is stored already; most name nothing, and are not searched.
    package static func add(_ document: Document, _ database: Database) throws {
        guard let payload = document.payload, mayName(payload) else { return }
        try add(document.entry.uid, database)
    }

    /// Whether the word is there that a list of files begins with.
    private static func mayName(_ payload: [UInt8]) -> Bool {
        let word: StaticString = "\"attachments\""
        let length = word.utf8CodeUnitCount
        return payload.withUnsafeBytes { payload in
            guard let start = payload.baseAddress, payload.count >= length else { return false }
            return (0...payload.count - length).contains { place in
                payload[place] == word.utf8Start[0]
                    && memcmp(start + place, word.utf8Start, length) == 0
            }
        }
    }

    /// A payload is 16 bytes of salt, and then JSON; what is none names nothing.
    private static func add(_ uid: Digest, _ database: Database) throws {
        try database.prepared(
            """
            INSERT INTO attachment (sha256, uid, bytes)
            SELECT replace(item ->> 'sha256', 'sha256:', ''), uid, item ->> 'bytes'
            FROM (
                SELECT entry.uid AS uid, iif(each.type = 'object', each.value, '{}') AS item
                FROM (
                    SELECT uid, CAST(substr(payload, 17) AS TEXT) AS content
                    FROM entry WHERE uid = \(uid)
                ) AS entry, json_each(
                    iif(json_valid(content), content, '{}'), '$.content.attachments'
                ) AS each
            )
            WHERE json_type(item, '$.sha256') = 'text' AND json_type(item, '$.bytes') = 'integer'
            ON CONFLICT DO NOTHING
            """
        ).execute()
    }
}
