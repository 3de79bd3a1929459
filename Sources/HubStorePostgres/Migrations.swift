#if Postgres
import HubStore

extension Schema {
    static let migrations = [
        (
            name: "1: as of SQLite's 7",
            statements: """
            -- UTF-8, kept as bytes: compared as they are whatever the locale, and U+0000 fits.
            -- To read them in psql: SET bytea_output = escape.
            CREATE DOMAIN words AS BYTEA;

            CREATE TABLE hub (
                id words NOT NULL PRIMARY KEY,
                epoch words NOT NULL,
                event_seq BIGINT NOT NULL,
                state words NOT NULL DEFAULT '{}'
            );

            -- Everybody's entries, in the hub's order.
            CREATE TABLE entry (
                hub_seq BIGINT PRIMARY KEY,
                uid BYTEA NOT NULL UNIQUE CHECK (length(uid) = 32),
                device words NOT NULL,
                epoch words NOT NULL,
                seq BIGINT NOT NULL CHECK (seq >= 1),
                prev BYTEA,
                kind words NOT NULL,
                case_key words NOT NULL,
                must BIGINT NOT NULL,
                reviewer words NOT NULL,
                result words NOT NULL,
                code words NOT NULL,
                received_at BIGINT NOT NULL,
                line BYTEA NOT NULL,
                signature BYTEA NOT NULL,
                payload_hash BYTEA NOT NULL,
                payload BYTEA
            );
            CREATE INDEX entry_by_case ON entry (case_key, hub_seq);
            CREATE INDEX entry_by_kind ON entry (kind, hub_seq);
            CREATE INDEX entry_by_log ON entry (device, epoch, seq);

            CREATE TABLE log (
                device words NOT NULL,
                epoch words NOT NULL,
                seq BIGINT NOT NULL,
                head BYTEA NOT NULL,
                PRIMARY KEY (device, epoch)
            );

            -- Numbers come from here, in the order of commits, and never from a sequence.
            CREATE TABLE feed (
                name words NOT NULL PRIMARY KEY,
                seq BIGINT NOT NULL,
                prefix BYTEA NOT NULL
            );
            CREATE TABLE feed_row (
                feed words NOT NULL REFERENCES feed (name),
                seq BIGINT NOT NULL,
                prefix BYTEA NOT NULL,
                uid BYTEA NOT NULL REFERENCES entry (uid),
                case_key words NOT NULL,
                PRIMARY KEY (feed, seq)
            );
            CREATE INDEX feed_row_by_case ON feed_row (case_key);

            CREATE TABLE "case" (
                key words NOT NULL PRIMARY KEY,
                workflow words NOT NULL,
                id words NOT NULL,
                revision BYTEA NOT NULL,
                state words,
                sealed BIGINT NOT NULL,
                review words NOT NULL,
                due BIGINT,
                arrived_at BIGINT NOT NULL,
                settle_milliseconds BIGINT NOT NULL,
                settles_at BIGINT,
                understaffed BIGINT NOT NULL,
                seq BIGINT NOT NULL,
                open words NOT NULL,
                contribution words,
                UNIQUE (workflow, id)
            );
            CREATE INDEX case_to_settle ON "case" (settles_at) WHERE settles_at IS NOT NULL;
            CREATE INDEX case_understaffed ON "case" (understaffed) WHERE understaffed = 1;

            CREATE TABLE total (
                workflow words NOT NULL,
                model_version words NOT NULL,
                segment words NOT NULL,
                policy_epoch BIGINT NOT NULL,
                bin BIGINT NOT NULL,
                k BIGINT NOT NULL,
                blind BIGINT NOT NULL,
                class BIGINT NOT NULL,
                count BIGINT NOT NULL,
                PRIMARY KEY (
                    workflow, model_version, segment, policy_epoch, bin, k, blind, class
                )
            );
            CREATE TABLE delta (
                device words NOT NULL,
                epoch words NOT NULL,
                workflow words NOT NULL,
                model_version words NOT NULL,
                segment words NOT NULL,
                policy_epoch BIGINT NOT NULL,
                line BYTEA NOT NULL,
                signature BYTEA NOT NULL,
                PRIMARY KEY (device, epoch, workflow, model_version, segment, policy_epoch)
            );

            CREATE TABLE reviewer (
                name words NOT NULL PRIMARY KEY,
                record words NOT NULL,
                load BIGINT NOT NULL DEFAULT 0
            );
            CREATE TABLE device (
                id words NOT NULL PRIMARY KEY,
                reviewer words NOT NULL REFERENCES reviewer (name),
                name words NOT NULL,
                key BYTEA NOT NULL,
                revocation words,
                contact words NOT NULL DEFAULT '{}'
            );
            CREATE TABLE workflow (
                name words NOT NULL PRIMARY KEY,
                policy BYTEA NOT NULL,
                phase BIGINT NOT NULL,
                epoch BIGINT NOT NULL,
                epoch_since BIGINT NOT NULL,
                models words NOT NULL
            );
            CREATE TABLE event (
                seq BIGINT PRIMARY KEY,
                kind words NOT NULL,
                workflow words NOT NULL,
                id words NOT NULL,
                at BIGINT NOT NULL,
                detail words NOT NULL
            );
            CREATE TABLE credential (
                hash BYTEA NOT NULL PRIMARY KEY,
                purpose words NOT NULL,
                name words NOT NULL,
                expires BIGINT,
                used_by words
            );
            CREATE TABLE attachment (
                sha256 words NOT NULL,
                uid BYTEA NOT NULL REFERENCES entry (uid),
                bytes BIGINT NOT NULL,
                PRIMARY KEY (sha256, uid)
            );
            CREATE INDEX attachment_by_entry ON attachment (uid);
            CREATE TABLE erased (
                payload_hash BYTEA NOT NULL,
                case_key words NOT NULL,
                PRIMARY KEY (payload_hash, case_key)
            );
            """
        )
    ]

    /// Those that were carried out, ours or not.
    static func names(_ connection: Connection) throws(StoreError) -> Set<String> {
        var names: Set<String> = []
        for row in try connection.rows("SELECT name FROM migration") {
            do { names.insert(try row.text("name")) } catch { throw Row.damaged("name") }
        }
        return names
    }
}
#endif
