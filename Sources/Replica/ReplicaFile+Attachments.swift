import GRDB
package import Review
import Storage

/// A file that a case names, as large as the case says.
package struct NamedBlob: Sendable, Equatable {
    package let digest: Digest
    package let bytes: Int
}

extension ReplicaFile {
    /// The files that cases name in their present revision, each once.
    ///
    /// Of one case, or of all that wait for an answer; what is due first, then small ones first. The
    /// search begins at the files, so that it costs nothing where there are none.
    package func attachments(of name: CaseName? = nil) throws -> [NamedBlob] {
        let condition: SQL =
            name.map { "c.workflow = \($0.workflow) AND c.id = \($0.id)" }
            ?? "c.state IN ('open', 'confirm')"
        return try pool.read { database in
            var seen: Set<Digest> = []
            return try SQLRequest<Row>(
                literal: """
                    SELECT a.sha256, a.bytes FROM attachment AS a
                    CROSS JOIN entry AS e ON e.uid = a.uid
                    CROSS JOIN "case" AS c ON c.key = e.case_key
                    WHERE \(condition) AND e.payload IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM entry AS newer
                        WHERE newer.case_key = e.case_key AND newer.kind = 'case'
                            AND newer.hub_seq > e.hub_seq)
                    ORDER BY c.due IS NULL, c.due, a.bytes, a.sha256
                    """
            ).fetchAll(database).compactMap { row in
                guard let digest = Attachment.digest(row["sha256"]), seen.insert(digest).inserted
                else { return nil }
                return NamedBlob(digest: digest, bytes: row["bytes"])
            }
        }
    }

    /// The files that only erased or purged cases name, until they are told to be gone from the disk.
    package func filesToRemove() throws -> [Digest] {
        try pool.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT a.sha256 FROM attachment AS a CROSS JOIN entry AS e ON e.uid = a.uid
                    GROUP BY a.sha256 HAVING max(e.payload IS NOT NULL) = 0
                    """
            ).compactMap { Attachment.digest($0) }
        }
    }

    /// Drops what erased and purged cases named.
    func forgetFiles(_ database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM attachment WHERE uid IN (
                    SELECT a.uid FROM attachment AS a CROSS JOIN entry AS e ON e.uid = a.uid
                    WHERE e.payload IS NULL)
                """
        )
    }

    /// The attachments of a case that were opened here.
    package func opened(of key: String) throws -> Set<Digest> {
        try pool.read { database in
            let rows = try SQLRequest<Row>(
                literal: "SELECT sha256 FROM opened WHERE case_key = \(key)"
            ).fetchAll(database)
            return Set(try rows.map { try $0.digest("sha256") })
        }
    }
}
