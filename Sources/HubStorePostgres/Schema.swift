#if Postgres
import HubStore

/// The hub's schema in PostgreSQL: the tables of `HubStore`'s `Migrations`, column by column.
///
/// Migrations are only ever appended: the schema outlives our code. All of it stands in a schema of
/// its own, so that a database may hold other things too.
enum Schema {
    /// Brings what is there to the present; where nothing is, `making` says whether to begin.
    ///
    /// One that was written by a newer version is refused untouched.
    static func prepare(
        _ connection: Connection,
        of place: String,
        making: Bool
    ) throws(StoreError) {
        let isThere = try connection.rows(
            "SELECT 1 FROM pg_tables WHERE schemaname = 'countersign' AND tablename = 'migration'"
        )
        guard making || !isThere.isEmpty else { throw .noHub(place: place) }
        if isThere.isEmpty {
            try connection.execute(
                """
                CREATE SCHEMA IF NOT EXISTS countersign;
                CREATE TABLE migration (name BYTEA NOT NULL PRIMARY KEY)
                """
            )
        }
        let done = try names(connection)
        guard done.isSubset(of: migrations.map(\.name)) else { throw .tooNew(place: place) }
        for migration in migrations where !done.contains(migration.name) {
            try connection.execute(migration.statements)
            try connection.rows("INSERT INTO migration (name) VALUES (\(migration.name))")
        }
    }

    /// Whether nothing is left to do, so that nobody has to wait for those who write.
    static func isPresent(_ connection: Connection) throws -> Bool {
        let isThere = try connection.rows(
            "SELECT 1 FROM pg_tables WHERE schemaname = 'countersign' AND tablename = 'migration'"
        )
        return try !isThere.isEmpty && names(connection) == Set(migrations.map(\.name))
    }
}
#endif
