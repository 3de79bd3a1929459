import GRDB
import Storage

/// The replica's schema.
///
/// Migrations are only ever appended: verdicts outlive our code.
enum Migrations {
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: entries, feeds, cases") { database in
            try database.execute(
                sql: """
                    CREATE TABLE node (
                        name TEXT NOT NULL PRIMARY KEY,
                        value TEXT NOT NULL
                    ) STRICT, WITHOUT ROWID;

                    -- Own entries and those that came down, each once.
                    CREATE TABLE entry (
                        id INTEGER PRIMARY KEY,
                        uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 32),
                        device TEXT NOT NULL,
                        epoch TEXT NOT NULL,
                        seq INTEGER NOT NULL CHECK (seq >= 1),
                        prev BLOB,
                        kind TEXT NOT NULL,
                        case_key TEXT NOT NULL,
                        must INTEGER NOT NULL,
                        line BLOB NOT NULL,
                        signature BLOB NOT NULL,
                        payload_hash BLOB NOT NULL,
                        payload BLOB,
                        own INTEGER NOT NULL,
                        receipt INTEGER REFERENCES receipt (id),
                        -- Why the hub gave an own entry no effect, NULL where it has one.
                        refusal TEXT,
                        hub_seq INTEGER,
                        at INTEGER NOT NULL
                    ) STRICT;
                    CREATE INDEX entry_by_case ON entry (case_key);
                    CREATE INDEX entry_own_latest ON entry (id) WHERE own = 1;
                    CREATE UNIQUE INDEX entry_own ON entry (epoch, seq) WHERE own = 1;
                    CREATE INDEX entry_outbox ON entry (epoch, seq) WHERE own = 1 AND receipt IS NULL;
                    CREATE INDEX entry_general ON entry (kind) WHERE case_key = '';

                    CREATE TABLE receipt (
                        id INTEGER PRIMARY KEY,
                        record TEXT NOT NULL UNIQUE
                    ) STRICT;

                    CREATE TABLE feed (
                        name TEXT NOT NULL PRIMARY KEY,
                        hub_epoch TEXT NOT NULL,
                        seq INTEGER NOT NULL,
                        prefix BLOB NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE feed_row (
                        feed TEXT NOT NULL,
                        hub_epoch TEXT NOT NULL,
                        seq INTEGER NOT NULL,
                        uid BLOB NOT NULL REFERENCES entry (uid),
                        PRIMARY KEY (feed, hub_epoch, seq)
                    ) STRICT, WITHOUT ROWID;

                    -- What lists show: computed from entries whenever one of the case arrives.
                    CREATE TABLE "case" (
                        key TEXT NOT NULL PRIMARY KEY,
                        workflow TEXT NOT NULL,
                        id TEXT NOT NULL,
                        state TEXT NOT NULL,
                        due INTEGER,
                        arrived_at INTEGER NOT NULL,
                        UNIQUE (workflow, id)
                    ) STRICT;
                    CREATE INDEX case_by_state ON "case" (state, due, arrived_at, key);

                    CREATE TABLE shown (
                        case_key TEXT NOT NULL PRIMARY KEY,
                        revision BLOB NOT NULL,
                        at INTEGER NOT NULL
                    ) STRICT;
                    CREATE TABLE decide_key (
                        key TEXT NOT NULL PRIMARY KEY,
                        content BLOB NOT NULL,
                        uid BLOB NOT NULL REFERENCES entry (uid)
                    ) STRICT;

                    CREATE TABLE tally (
                        epoch TEXT NOT NULL,
                        workflow TEXT NOT NULL,
                        model_version TEXT NOT NULL,
                        segment TEXT NOT NULL,
                        policy_epoch INTEGER NOT NULL,
                        bin INTEGER NOT NULL,
                        k INTEGER NOT NULL,
                        blind INTEGER NOT NULL,
                        class INTEGER NOT NULL,
                        count INTEGER NOT NULL,
                        PRIMARY KEY (
                            epoch, workflow, model_version, segment, policy_epoch, bin, k, blind, class
                        )
                    ) STRICT, WITHOUT ROWID;
                    -- Scopes whose counts the hub has not been told yet.
                    CREATE TABLE tally_unsent (
                        epoch TEXT NOT NULL,
                        workflow TEXT NOT NULL,
                        model_version TEXT NOT NULL,
                        segment TEXT NOT NULL,
                        policy_epoch INTEGER NOT NULL,
                        since INTEGER NOT NULL,
                        PRIMARY KEY (epoch, workflow, model_version, segment, policy_epoch)
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE quarantine (
                        uid BLOB NOT NULL PRIMARY KEY REFERENCES entry (uid),
                        reason TEXT NOT NULL,
                        at INTEGER NOT NULL
                    ) STRICT;
                    """
            )
        }
        migrator.registerMigration("2: an index that parameters cannot match") { database in
            // `case_key = ''` beside `case_key = ?` made SQLite prepare every search anew.
            try database.execute(
                sql: """
                    DROP INDEX entry_general;
                    CREATE INDEX entry_general ON entry (kind) WHERE length(case_key) = 0;
                    """
            )
        }
        migrator.registerMigration("3: epochs") { database in
            try database.execute(
                sql: """
                    CREATE INDEX entry_own_epoch ON entry (id) WHERE own = 1 AND kind = 'epoch';
                    ALTER TABLE receipt ADD COLUMN hub_epoch TEXT NOT NULL DEFAULT '';
                    CREATE INDEX feed_row_by_uid ON feed_row (uid);
                    """
            )
        }
        migrator.registerMigration("4: what the hub gives no effect yet") { database in
            try database.execute(
                sql: """
                    ALTER TABLE entry ADD COLUMN pending TEXT;
                    CREATE INDEX entry_pending ON entry (id) WHERE pending IS NOT NULL;
                    """
            )
        }
        migrator.registerMigration("5: which hub was handed what") { database in
            // In which of its epochs the hub was handed this row of an earlier one, empty if in none.
            try database.execute(
                sql: "ALTER TABLE feed_row ADD COLUMN handed_in TEXT NOT NULL DEFAULT ''"
            )
        }
        migrator.registerMigration("6: bundles") { database in
            try database.execute(
                sql: """
                    -- What was put into files, by the hash of the body.
                    CREATE TABLE bundle (
                        id INTEGER PRIMARY KEY,
                        request BLOB NOT NULL UNIQUE CHECK (length(request) = 32),
                        at INTEGER NOT NULL,
                        entries INTEGER NOT NULL,
                        -- The last own entry in it, NULL where there is none.
                        last BLOB,
                        held TEXT NOT NULL,
                        answered INTEGER NOT NULL DEFAULT 0
                    ) STRICT;
                    """
            )
        }
        migrator.registerMigration("7: erased payloads") { database in
            try database.execute(
                sql: """
                    CREATE TABLE erased (
                        payload_hash BLOB NOT NULL,
                        case_key TEXT NOT NULL,
                        PRIMARY KEY (payload_hash, case_key)
                    ) STRICT, WITHOUT ROWID;
                    """
            )
        }
        migrator.registerMigration("8: attachments") { database in
            try AttachmentIndex.create(database)
            try database.execute(
                sql: """
                    -- Those that were opened here.
                    CREATE TABLE opened (
                        case_key TEXT NOT NULL,
                        sha256 BLOB NOT NULL,
                        at INTEGER NOT NULL,
                        PRIMARY KEY (case_key, sha256)
                    ) STRICT, WITHOUT ROWID;
                    """
            )
        }
        migrator.registerMigration("9: what was refused, without a look at all that was not") {
            database in
            try database.execute(
                sql:
                    "CREATE INDEX entry_refused ON entry (id) WHERE own = 1 AND refusal IS NOT NULL"
            )
        }
        migrator.registerMigration("10: purged content") { database in
            try database.execute(
                sql: """
                    -- Payloads that went; where the case came again, they are there again.
                    CREATE TABLE purged (
                        uid BLOB NOT NULL PRIMARY KEY REFERENCES entry (uid)
                    ) STRICT, WITHOUT ROWID;
                    ALTER TABLE "case" ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;
                    """
            )
        }
        return migrator
    }
}
