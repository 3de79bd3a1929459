package import GRDB
package import Review

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
        try add("kind = 'case'", database)
    }

    /// Adds what one entry names, which is stored already.
    package static func add(_ uid: Digest, _ database: Database) throws {
        try add("uid = \(uid.blob)", database)
    }

    /// A payload is 16 bytes of salt, and then JSON; what is none names nothing.
    private static func add(_ condition: SQL, _ database: Database) throws {
        try database.cachedStatement(
            literal: """
                INSERT INTO attachment (sha256, uid, bytes)
                SELECT replace(item ->> 'sha256', 'sha256:', ''), uid, item ->> 'bytes'
                FROM (
                    SELECT entry.uid AS uid, iif(each.type = 'object', each.value, '{}') AS item
                    FROM (
                        SELECT uid, CAST(substr(payload, 17) AS TEXT) AS content
                        FROM entry WHERE \(condition)
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
