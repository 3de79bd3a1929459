"""What happens when the hub goes back in time (sync.md, row 4)."""
import shutil

from continuity_test import decide, uids_at
from world import SAMPLES, world


def cases_of(here, person):
    return {row["case"] for row in here.node(person, "list", "--all", "--json").rows}


def test_a_hub_restored_from_a_backup_gets_back_what_its_nodes_hold():
    with world() as here:
        here.serve()
        before = decide(here, "ana", range(0, 5)) + decide(here, "ben", range(0, 5))
        here.sync("ana", "ben", "sam")
        backup = here.hub("backup", here.folder / "backup", "--json").json
        assert backup["watermark"] == backup["hubSeq"] > 0, backup

        # What comes after it: verdicts, a case, and its assignment.
        after = decide(here, "ana", range(5, 9)) + decide(here, "ben", range(5, 9))
        case = (SAMPLES / "banking" / "cases.jsonl").read_text().splitlines()[70]
        here.hub("intake", "-", stdin=case + "\n")
        here.sync("ana", "ben", "sam")
        held = cases_of(here, "ana") | cases_of(here, "ben") | cases_of(here, "sam")
        here.stop()

        shutil.rmtree(here.folder / "hub")
        restored = here.hub("restore", here.folder / "backup", "--json").json
        assert restored["epoch"].startswith("2."), restored
        assert len(restored["awaited"]) == 3, restored
        here.serve()
        assert not set(after) & set(uids_at(here)), "the backup holds what came after it"
        decided = next(row["case"] for row in here.hub("outcomes", "--json").rows
                       if row["state"] == "decided" and not row["sealed"])
        refused = here.hub("claim", decided, "--json", code=69)
        assert refused.error["code"] == "recovering", refused

        for person in ("ana", "ben", "sam"):
            result = here.sync(person)[0]
            assert result["outbox"] == 0 and result["result"] == "caughtUp", result
        assert set(before + after) <= set(uids_at(here)), "a receipted verdict did not come back"
        assert held <= {row["case"] for row in here.hub("cases", "--json").rows}
        assert here.hub("verify", "--json").json["failures"] == []
        for person in ("ana", "ben", "sam"):
            again = here.sync(person)[0]
            assert again["up"]["entries"] == 0, again
            here.node(person, "verify")
        here.hub("claim", decided)


def test_a_hub_put_back_behind_its_own_back_is_shown_its_receipt():
    with world() as here:
        here.serve()
        here.sync("ana")
        here.stop()
        shutil.copytree(here.folder / "hub", here.folder / "earlier")
        here.serve()
        lost = decide(here, "ana", range(0, 6))
        here.sync("ana")
        here.stop()
        shutil.rmtree(here.folder / "hub")
        shutil.copytree(here.folder / "earlier", here.folder / "hub")
        here.serve()
        result = here.sync("ana")[0]
        assert result["outbox"] == 0, result
        assert set(lost) <= set(uids_at(here)), "a receipted verdict did not come back"
        status = here.node("ana", "status", "--json").json
        assert status["hubEpoch"].startswith("2."), status
        assert here.hub("verify", "--json").json["failures"] == []
        ended = here.hub(
            "recover", "end", "--by", "olga", "--because", "the others are on leave", "--json"
        ).json
        assert len(ended["awaited"]) == 2, ended


def test_a_database_put_back_beside_its_folder_is_noticed_before_anything_is_served():
    with world() as here:
        here.serve()
        here.stop()
        hub = here.folder / "hub"
        shutil.copy(hub / "hub.sqlite", here.folder / "earlier.sqlite")
        here.serve()
        lost = decide(here, "ana", range(0, 3))
        here.sync("ana")
        here.stop()
        for name in ("hub.sqlite-wal", "hub.sqlite-shm"):
            (hub / name).unlink(missing_ok=True)
        shutil.copy(here.folder / "earlier.sqlite", hub / "hub.sqlite")
        here.serve()
        epochs = {row["epoch"] for row in uids_at(here).values() if row["device"].startswith("h")}
        assert any(epoch.startswith("2.") for epoch in epochs), epochs
        here.stop()
        here.serve()
        here.sync("ana")
        assert set(lost) <= set(uids_at(here)), "a receipted verdict did not come back"
        assert here.node("ana", "status", "--json").json["hubEpoch"].startswith("2.")


def test_a_case_sent_again_after_a_restore_stops_nobody():
    with world() as here:
        here.serve()
        here.sync("ana", "ben", "sam")
        here.hub("backup", here.folder / "backup")
        case = (SAMPLES / "banking" / "cases.jsonl").read_text().splitlines()[70]
        here.hub("intake", "-", stdin=case + "\n")
        here.sync("ana", "ben", "sam")
        here.stop()
        shutil.rmtree(here.folder / "hub")
        here.hub("restore", here.folder / "backup")
        here.serve()
        here.hub("intake", "-", stdin=case + "\n")  # The caller never heard of a restore.
        for person in ("ana", "ben", "sam"):
            assert here.sync(person)[0]["result"] == "caughtUp"
            here.node(person, "verify")
        assert here.hub("verify", "--json").json["failures"] == []
        names = [row["case"] for row in here.hub("cases", "--json").rows]
        assert len(names) == len(set(names)), "a case is listed twice"
