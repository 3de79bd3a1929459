"""What a node sets aside, and reads again (sync.md, row 7). No hub can be made to sign such a row, so the
node's file is changed as an older version would have left it."""
import sqlite3

from world import world


def set_aside(home, kind):
    """Sets one entry about refunds/T-1031 aside, as a version that cannot read it does; its uid."""
    with sqlite3.connect(home / "replica.sqlite") as database:
        (uid,) = database.execute(
            """SELECT uid FROM entry WHERE kind = ? AND case_key = (
                SELECT key FROM "case" WHERE workflow = 'refunds' AND id = 'T-1031')""", [kind],
        ).fetchone()
        database.execute(
            "INSERT INTO quarantine (uid, reason, at) VALUES (?, 'it needs a newer version', 0)", [uid]
        )
    database.close()
    return "sha256:" + uid.hex()


def test_row_7_what_was_set_aside_is_told_and_read_again_after_an_upgrade():
    with world(5) as here:
        here.serve()
        assert here.node("ana", "quarantine", "list", "--json").rows == []
        here.node("ana", "quarantine", "retry")
        uid = set_aside(here.home("ana"), "proposal")
        assert here.sync("ana", code=3)[0]["quarantined"] == 1
        row = here.node("ana", "quarantine", "list", "--json").json
        assert row["uid"] == uid and row["kind"] == "proposal", row
        assert row["case"] == "refunds/T-1031" and row["bytes"] > 100 and not row["own"], row
        assert "newer version" in here.node("ana", "quarantine", "list").out
        shown = here.node("ana", "quarantine", "show", uid, "--json").json
        assert shown["content"]["label"] and '"kind":"proposal"' in shown["line"], shown
        here.node("ana", "quarantine", "show", "sha256:00", code=66)
        assert "quarantine list" in here.node("ana", "status").out

        read = here.node("ana", "quarantine", "retry", "--json").json
        assert read["uid"] == uid and read["result"] == "read", read
        assert here.sync("ana")[0]["result"] == "caughtUp"
        assert here.node("ana", "show", "refunds/T-1031", "--json").json["label"]
        here.node("ana", "verify")
