import GRDB
package import Review
import Storage
package import Sync

// What was set aside: rows that cannot be read here, and own acts that the hub gave no effect.

/// An entry that has no effect on this replica, and why.
package struct QuarantinedEntry: Sendable {
    package let document: Document
    /// A sentence of ours, or the hub's word for an own act.
    package let reason: String
    package let isOwn: Bool
    package let at: Timestamp
    /// The name of its case, where that is known.
    package let name: CaseName?
}

extension ReplicaFile {
    /// All that is set aside, oldest first.
    package func quarantined() throws -> [QuarantinedEntry] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT e.*, coalesce(q.reason, e.refusal) AS why,
                        coalesce(q.at, e.at) AS since, c.workflow, c.id AS case_id
                    FROM entry AS e LEFT JOIN quarantine AS q ON q.uid = e.uid
                    LEFT JOIN "case" AS c ON c.key = e.case_key
                    WHERE e.uid IN (SELECT uid FROM quarantine)
                        OR (e.own = 1 AND e.refusal IS NOT NULL)
                    ORDER BY since, e.id
                    """
            ).map { row in
                let workflow: String? = row["workflow"]
                let id: String? = row["case_id"]
                return QuarantinedEntry(
                    document: try Document(row: row),
                    reason: row["why"],
                    isOwn: row["own"],
                    at: Timestamp(milliseconds: row["since"]),
                    name: workflow.flatMap { workflow in
                        id.flatMap { CaseName(workflow: workflow, id: $0) }
                    }
                )
            }
        }
    }

    /// What a row that came from the hub says about its case, or why it cannot have its effect here.
    private func read(_ document: Document) -> Result<Review.Statement?, Flaw> {
        if document.payload == nil { return .success(nil) }  // Erased, or purged.
        if document.entry.kind == nil, document.entry.must {
            return .failure(Flaw(reason: "it needs a newer version of countersign"))
        }
        do throws(EntryError) { return .success(try document.statement()) } catch {
            return .failure(Flaw(reason: "\(error)"))
        }
    }

    /// What a row says about its case; sets one aside that cannot have its effect.
    func look(
        at document: Document,
        at: Timestamp,
        _ database: Database
    ) throws -> Review.Statement? {
        switch read(document) {
        case .success(let statement): return statement
        case .failure(let flaw):
            try database.prepared(
                """
                INSERT INTO quarantine (uid, reason, at)
                VALUES (\(document.entry.uid), \(flaw.reason), \(at.milliseconds))
                ON CONFLICT DO NOTHING
                """
            ).execute()
            return nil
        }
    }

    /// Reads what was set aside as this version reads it; what can be read has its effect now.
    func readAgain(at: Timestamp, _ database: Database) throws {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT * FROM entry WHERE uid IN (SELECT uid FROM quarantine) ORDER BY id"
        )
        var touched: Set<String> = []
        for document in try rows.map({ try Document(row: $0) }) {
            guard case .success = read(document) else { continue }
            try database.prepared(
                "DELETE FROM quarantine WHERE uid = \(document.entry.uid)"
            ).execute()
            touched.insert(document.entry.caseKey)
        }
        for key in touched.subtracting([""]).sorted() {
            try list(key, dossier(key, database).0, at: at, database)
        }
    }
}

/// Why an entry has no effect here.
private struct Flaw: Error { let reason: String }
