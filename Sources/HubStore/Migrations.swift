import GRDB
import Storage

/// The hub's schema.
///
/// Migrations are only ever appended: the schema outlives our code.
enum Migrations {
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: entries, feeds, cases") { database in
            try database.execute(
                sql: """
                    CREATE TABLE hub (
                        id TEXT NOT NULL PRIMARY KEY,
                        epoch TEXT NOT NULL,
                        event_seq INTEGER NOT NULL
                    ) STRICT;

                    -- Everybody's entries, in the hub's order.
                    CREATE TABLE entry (
                        hub_seq INTEGER PRIMARY KEY,
                        uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 32),
                        device TEXT NOT NULL,
                        epoch TEXT NOT NULL,
                        seq INTEGER NOT NULL CHECK (seq >= 1),
                        prev BLOB,
                        kind TEXT NOT NULL,
                        case_key TEXT NOT NULL,
                        must INTEGER NOT NULL,
                        reviewer TEXT NOT NULL,
                        result TEXT NOT NULL,
                        code TEXT NOT NULL,
                        received_at INTEGER NOT NULL,
                        line BLOB NOT NULL,
                        signature BLOB NOT NULL,
                        payload_hash BLOB NOT NULL,
                        payload BLOB
                    ) STRICT;
                    CREATE INDEX entry_by_case ON entry (case_key, hub_seq);
                    CREATE INDEX entry_by_kind ON entry (kind, hub_seq);

                    CREATE TABLE log (
                        device TEXT NOT NULL,
                        epoch TEXT NOT NULL,
                        seq INTEGER NOT NULL,
                        head BLOB NOT NULL,
                        PRIMARY KEY (device, epoch)
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE feed (
                        name TEXT NOT NULL PRIMARY KEY,
                        seq INTEGER NOT NULL,
                        prefix BLOB NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE feed_row (
                        feed TEXT NOT NULL REFERENCES feed (name),
                        seq INTEGER NOT NULL,
                        prefix BLOB NOT NULL,
                        uid BLOB NOT NULL REFERENCES entry (uid),
                        case_key TEXT NOT NULL,
                        PRIMARY KEY (feed, seq)
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX feed_row_by_case ON feed_row (case_key);

                    CREATE TABLE "case" (
                        key TEXT NOT NULL PRIMARY KEY,
                        workflow TEXT NOT NULL,
                        id TEXT NOT NULL,
                        revision BLOB NOT NULL,
                        state TEXT,
                        sealed INTEGER NOT NULL,
                        review TEXT NOT NULL,
                        due INTEGER,
                        arrived_at INTEGER NOT NULL,
                        settle_milliseconds INTEGER NOT NULL,
                        settles_at INTEGER,
                        understaffed INTEGER NOT NULL,
                        seq INTEGER NOT NULL,
                        open TEXT NOT NULL,
                        contribution TEXT,
                        UNIQUE (workflow, id)
                    ) STRICT;
                    CREATE INDEX case_to_settle ON "case" (settles_at) WHERE settles_at IS NOT NULL;
                    CREATE INDEX case_understaffed ON "case" (understaffed) WHERE understaffed = 1;

                    CREATE TABLE total (
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
                            workflow, model_version, segment, policy_epoch, bin, k, blind, class
                        )
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE delta (
                        device TEXT NOT NULL,
                        epoch TEXT NOT NULL,
                        workflow TEXT NOT NULL,
                        model_version TEXT NOT NULL,
                        segment TEXT NOT NULL,
                        policy_epoch INTEGER NOT NULL,
                        line BLOB NOT NULL,
                        signature BLOB NOT NULL,
                        PRIMARY KEY (
                            device, epoch, workflow, model_version, segment, policy_epoch
                        )
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE reviewer (
                        name TEXT NOT NULL PRIMARY KEY,
                        record TEXT NOT NULL,
                        load INTEGER NOT NULL DEFAULT 0
                    ) STRICT;
                    CREATE TABLE device (
                        id TEXT NOT NULL PRIMARY KEY,
                        reviewer TEXT NOT NULL REFERENCES reviewer (name),
                        name TEXT NOT NULL,
                        key BLOB NOT NULL
                    ) STRICT;
                    CREATE TABLE workflow (
                        name TEXT NOT NULL PRIMARY KEY,
                        policy BLOB NOT NULL,
                        phase INTEGER NOT NULL,
                        epoch INTEGER NOT NULL,
                        epoch_since INTEGER NOT NULL,
                        models TEXT NOT NULL
                    ) STRICT;
                    CREATE TABLE event (
                        seq INTEGER PRIMARY KEY,
                        kind TEXT NOT NULL,
                        workflow TEXT NOT NULL,
                        id TEXT NOT NULL,
                        at INTEGER NOT NULL,
                        detail TEXT NOT NULL
                    ) STRICT;
                    CREATE TABLE credential (
                        hash BLOB NOT NULL PRIMARY KEY,
                        purpose TEXT NOT NULL,
                        name TEXT NOT NULL,
                        expires INTEGER,
                        used_by TEXT
                    ) STRICT;
                    """
            )
        }
        migrator.registerMigration("2: generations") { database in
            try database.execute(sql: "ALTER TABLE hub ADD COLUMN state TEXT NOT NULL DEFAULT '{}'")
        }
        migrator.registerMigration("3: revoked devices") { database in
            try database.execute(
                sql: """
                    ALTER TABLE device ADD COLUMN revocation TEXT;
                    CREATE INDEX entry_by_device ON entry (device, hub_seq);
                    """
            )
        }
        migrator.registerMigration("4: attachments") { try AttachmentIndex.create($0) }
        migrator.registerMigration("5: bundles") { database in
            try database.execute(
                sql: "ALTER TABLE device ADD COLUMN contact TEXT NOT NULL DEFAULT '{}'"
            )
        }
        migrator.registerMigration("6: erased payloads") { database in
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
        migrator.registerMigration("7: what is held beyond the end of a log") { database in
            try database.execute(
                sql: """
                    DROP INDEX entry_by_device;
                    CREATE INDEX entry_by_log ON entry (device, epoch, seq);
                    """
            )
        }
        return migrator
    }
}
