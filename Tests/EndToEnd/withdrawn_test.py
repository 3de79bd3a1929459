"""Cases that are taken back, or given to others, while their reviewers are away (sync.md, row 12)."""
import json
import urllib.request

from erasure_test import found
from world import world

# These wait for ana alone; sam, a senior, reviews refunds too.
COAT, SECOND, THIRD = "refunds/T-1031", "refunds/T-1032", "refunds/T-1034"


def says(here, person, case, **options):
    return here.node(person, "answer", case, "deny", "--json", **options)


def statuses(here, case):
    verdicts = here.hub("case", "show", case, "--json").json["verdicts"]
    return sorted((row["reviewer"], row["status"]) for row in verdicts)


def test_row_12_both_decide_what_was_withdrawn_or_reassigned_meanwhile_and_nothing_is_lost():
    with world() as here:
        withdrawn, moved, unread = COAT, SECOND, THIRD
        by = ["--by", "olga", "--because", "it came twice"]
        says(here, "ana", withdrawn)
        says(here, "ana", moved)
        here.serve()
        here.hub("withdraw", withdrawn, *by)
        assert here.hub("withdraw", withdrawn, *by, "--json").json["again"] is True
        here.hub("withdraw", unread, *by)
        row = here.hub("reassign", moved, "--to", "sam", *by, "--json").json
        assert row == {"case": moved, "from": ["ana"], "to": ["sam"]}, row
        here.sync("sam")
        says(here, "sam", moved)
        here.sync("sam")

        # ana comes back: what she decided is taken, and counts; what she did not is hers no more.
        assert here.sync("ana")[0]["outbox"] == 0
        assert statuses(here, withdrawn) == [("ana", "counted")]
        assert statuses(here, moved) == [("ana", "counted"), ("sam", "counted")]
        listed = {row["case"] for row in here.node("ana", "list", "--json").rows}
        assert unread not in listed and withdrawn not in listed
        shown = here.node("ana", "show", unread, "--json").json
        assert shown["withdrawn"] and shown["withdrawnBy"] == "olga", shown
        assert "taken back by olga" in here.node("ana", "show", unread).out
        assert "it came twice" not in here.node("ana", "show", unread).out
        refused = says(here, "ana", unread, code=66).error
        assert refused["code"] == "withdrawn" and "olga" in refused["message"], refused
        row = next(row for row in here.node("ana", "history", "--json").rows if row["case"] == moved)
        assert row["status"] == "counted" and row["receipt"], row

        shown = here.hub("case", "show", unread, "--json").json
        assert shown["withdrawn"]["by"] == "olga", shown["withdrawn"]
        assert shown["withdrawn"]["because"] == "it came twice", shown["withdrawn"]
        assert "withdrawn by olga: it came twice" in here.hub("case", "show", unread).out
        kinds = [row["kind"] for row in here.hub("events", "--json").rows]
        assert kinds.count("case.withdrawn") == 2, kinds
        for person in ("ana", "sam"):
            here.node(person, "verify")
        assert here.hub("verify", "--json").json["failures"] == []


def test_row_12_what_comes_back_can_be_decided_again():
    with world() as here:
        case = COAT
        here.serve()
        by = ["--by", "olga", "--because", "turns"]
        here.hub("reassign", case, "--to", "sam", *by)
        here.sync("ana", "sam")
        says(here, "ana", case, code=66)
        here.hub("reassign", case, "--to", "ana", *by)
        here.sync("ana", "sam")
        assert case in {row["case"] for row in here.node("ana", "list", "--json").rows}
        assert case not in {row["case"] for row in here.node("sam", "list", "--json").rows}
        says(here, "ana", case)
        here.sync("ana")
        assert statuses(here, case) == [("ana", "counted")]


def test_row_12_all_of_who_is_away_goes_to_others_and_what_cannot_be_is_refused():
    with world() as here:
        case = COAT
        by = ["--by", "olga", "--because", "ana is ill"]
        waiting = {
            row["case"] for row in here.hub("cases", "--json").rows if "ana" in row["open"]
        }
        moved = here.hub("reassign", "--reviewer", "ana", *by, "--json").rows
        assert {row["case"] for row in moved} == waiting
        assert all("ana" not in row["to"] for row in moved)
        assert not any("ana" in row["open"] for row in here.hub("cases", "--json").rows)

        here.hub("withdraw", "refunds/none", *by, code=66)
        here.hub("reassign", case, "--to", "zoe", *by, code=66)
        here.hub("reassign", *by, code=64)
        refused = here.hub("reassign", case, "--to", "ben", *by, "--json", code=69).error
        assert refused["code"] == "cannotReview" and "does not review refunds" in refused["message"]
        here.hub("adjudicate", case, "deny", "--by", "olga", "--because", "clear")
        here.hub("claim", case)
        assert here.hub("withdraw", case, *by, "--json", code=69).error["code"] == "sealed"


def test_a_caller_withdraws_by_itself():
    with world() as here:
        here.serve()
        case = COAT
        key = here.hub("caller", "add", "bank", "--json").json["key"]
        request = urllib.request.Request(
            f"http://127.0.0.1:{here.port}/v1/cases/{case}/withdraw",
            data=json.dumps({"because": "paid already"}).encode(),
            headers={"Authorization": f"Bearer {key}"}, method="POST",
        )
        with urllib.request.urlopen(request, timeout=20) as reply:
            assert json.load(reply)["by"] == "bank"
        shown = here.hub("case", "show", case, "--json").json["withdrawn"]
        assert shown["by"] == "bank" and shown["because"] == "paid already", shown
        here.sync("ana")
        assert here.node("ana", "why", case, "--json").json["withdrawnBy"] == "bank"


def test_row_12_content_goes_only_when_a_backup_holds_all_of_it_and_comes_back_with_the_case():
    words = [b"The coat is too warm."]
    with world() as here:
        here.serve()
        by = ["--by", "olga", "--because", "moot"]
        says(here, "ana", COAT)
        here.hub("withdraw", COAT, *by)
        here.hub("withdraw", SECOND, *by)
        look = here.hub("doctor", "--json", code=3).rows[-1]
        assert look["check"] == "watermark" and "backup DIR" in look["remedy"], look
        for _ in range(2):
            here.sync("ana")
        assert found(here.home("ana"), words), "no backup holds it yet"
        assert here.node("ana", "status", "--json").json["purged"] == {"cases": 0, "bytes": 0}

        # A backup that is gone again saves nobody.
        first, backup = here.folder / "first", here.folder / "backup"
        here.hub("backup", first)
        first.rename(here.folder / "elsewhere")
        here.sync("ana")
        assert found(here.home("ana"), words)
        here.hub("backup", backup)
        assert here.hub("doctor", "--json").rows[0]["ok"] is True
        assert here.sync("ana")[0]["result"] == "caughtUp"
        assert found(here.home("ana"), words) == []
        freed = here.node("ana", "status", "--json").json["purged"]
        assert freed["cases"] == 2 and freed["bytes"] > 1000, freed
        assert "freed" in here.node("ana", "status").out
        here.node("ana", "verify")

        # What was decided is still told, and that the rest is not here.
        row = here.node("ana", "history", COAT, "--json").json
        assert row["label"] == "deny" and row["status"] == "counted" and row["receipt"], row
        assert here.node("ana", "show", COAT, "--json").json["purged"] is True
        assert here.node("ana", "show", SECOND, "--json").json["withdrawnBy"] == "olga"
        assert says(here, "ana", COAT, code=66).error["code"] == "purged"
        assert here.node("ana", "undo", COAT, "--json", code=66).error["code"] == "purged"

        # What comes back comes whole.
        here.hub("reassign", SECOND, "--to", "ana", *by)
        here.sync("ana")
        assert here.node("ana", "show", SECOND, "--json").json["input"]["text"]
        says(here, "ana", SECOND)
        here.sync("ana")
        assert statuses(here, SECOND) == [("ana", "counted")]

        # The hub goes back to that backup: it has what was purged, and gets what came after.
        here.stop()
        anew = here.folder / "anew"
        here.hub("restore", backup, "--data", anew)
        here.environment["COUNTERSIGN_HUB_DATA"] = str(anew)
        here.serve()
        for _ in range(3):
            here.sync("ana", "ben", "sam")
        assert statuses(here, COAT) == [("ana", "counted")]
        assert statuses(here, SECOND) == [("ana", "counted")]
        assert "too warm" in here.hub("case", "show", COAT, "--json").out
        assert here.hub("verify", "--json").json["failures"] == []
        here.node("ana", "verify")


def test_a_backup_that_no_longer_verifies_counts_no_longer():
    with world() as here:
        backup = here.folder / "backup"
        here.hub("backup", backup)
        assert here.hub("doctor", "--json").rows[-1]["ok"] is True
        database = backup / "hub.sqlite"
        data = database.read_bytes()
        place = data.index(b"The coat is too warm.")
        database.write_bytes(data[:place] + b"t" + data[place + 1:])
        rows = here.hub("doctor", "--json", code=3).rows
        assert [row["ok"] for row in rows] == [False, False], rows
        assert "does not verify" in rows[0]["found"], rows
