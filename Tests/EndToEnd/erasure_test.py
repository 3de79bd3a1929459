"""A case that is erased on request (sync.md, row 18)."""
import json

from attachments_test import blob, case as refund, digest
from world import SAMPLES, gold, world


def texts(case):
    """What is particular to a banking ticket: its id and its words."""
    for line in (SAMPLES / "banking" / "cases.jsonl").read_text().splitlines():
        row = json.loads(line)
        if f"{row['workflow']}/{row['id']}" == case:
            return [row["id"].encode(), row["input"]["text"].encode()]
    raise AssertionError(case)


def found(folder, words):
    """The files under `folder` that hold any of the words, in whatever encoding of the page."""
    return sorted(
        (path.name, word.decode())
        for path in folder.rglob("*") if path.is_file() and path.suffix != ".log"
        for word in words if word in path.read_bytes()
    )


def test_a_case_is_gone_everywhere_and_everything_still_verifies():
    with world() as here:
        here.serve()
        cases = list(gold())
        case, other = cases[0], cases[1]
        words = texts(case)
        for person in ("ana", "ben"):
            here.node(person, "answer", case, gold()[case]["gold"], "--note", "mine alone")
        here.node("ana", "answer", other, gold()[other]["gold"])
        here.sync("ana", "ben", "ana")
        here.hub("claim", case)
        totals = here.hub("verify", "--json").json["deltas"]
        assert totals["equal"] and totals["recount"] > 0, totals
        assert found(here.folder / "hub", words) and found(here.home("ana"), words)

        said = here.hub(
            "erase", case, "--by", "olga", "--because", "asked for by letter", "--json"
        ).json
        assert said["erased"] > 5 and said["case"].startswith("k"), said
        here.stop()
        assert found(here.folder / "hub", words + [b"mine alone"]) == []
        here.serve()
        assert "no case" in here.hub("case", "show", case, code=66).err
        last = [row for row in here.hub("outcomes", "--json").rows if row["state"] == "erased"]
        assert [row["case"] for row in last] == [f"banking/{said['case']}"], last
        assert not any(row["case"] == case for row in here.hub("events", "--json").rows)
        after = here.hub("verify", "--json").json
        assert after["failures"] == [] and after["deltas"] == totals, after["deltas"]

        here.sync("ana", "ben")
        for person in ("ana", "ben"):
            assert found(here.home(person), words + [b"mine alone"]) == [], person
            here.node(person, "show", case, code=66)
            here.node(person, "verify")
        assert here.node("ana", "history", "--json").rows[0]["case"] == other
        assert here.hub("verify", "--json").json["failures"] == []

        # Work goes on, the counts too.
        here.node("ana", "answer", cases[2], gold()[cases[2]]["gold"])
        assert here.sync("ana")[0]["result"] == "caughtUp"
        assert here.hub("verify", "--json").json["deltas"]["equal"]


def test_a_backup_that_is_restored_erases_again_before_it_serves():
    with world() as here:
        case = list(gold())[0]
        words = texts(case)
        here.serve()
        here.node("ana", "answer", case, gold()[case]["gold"], "--note", "mine alone")
        here.sync("ana")
        backup, anew = here.folder / "backup", here.folder / "anew"
        here.hub("backup", backup)
        said = here.hub("erase", case, "--by", "olga", "--because", "asked for", "--json").json
        assert said["backups"] == [str(backup)], said
        here.stop()
        assert found(backup, words), "the backup is as it was"

        here.hub("restore", backup, "--data", anew)
        assert found(anew, words + [b"mine alone"]) == []
        assert here.hub("verify", "--data", anew, "--json").json["failures"] == []
        rows = here.hub("outcomes", "--data", anew, "--json").rows
        assert [row["case"] for row in rows if row["state"] == "erased"] == [
            f"banking/{said['case']}"
        ], rows
        # The nodes, which know it already, sync with the restored hub as with any other.
        here.environment["COUNTERSIGN_HUB_DATA"] = str(anew)
        here.serve()
        for _ in range(2):
            here.sync("ana", "ben", "sam", code=None)
        assert here.hub("verify", "--json").json["failures"] == []
        here.stop()
        assert found(anew, words) == []


def test_a_verdict_that_was_not_synced_yet_is_erased_when_it_comes():
    with world() as here:
        here.serve()
        case = list(gold())[0]
        words = texts(case)
        here.node("ana", "answer", case, gold()[case]["gold"])
        here.hub("erase", case, "--by", "olga", "--because", "asked for")
        result = here.sync("ana")[0]
        assert result["result"] == "caughtUp" and result["outbox"] == 0, result
        here.sync("ana")
        assert found(here.home("ana"), words) == []
        here.stop()
        assert found(here.folder / "hub", words) == []
        assert here.hub("verify", "--json").json["failures"] == []
        here.node("ana", "verify")


def test_its_attachments_go_with_it_and_those_of_others_stay():
    with world(5) as here:
        folder = here.folder / "cases"
        folder.mkdir()
        alone, large, shared = [bytes([n]) * size for n, size in ((1, 900), (2, 90_000), (3, 500))]
        for name, data in (("alone", alone), ("large", large), ("shared", shared)):
            (folder / name).write_bytes(data)
        lines = [
            refund(1, [{"path": name, "mediaType": "image/png"} for name in ("alone", "shared", "large")]),
            refund(2, [{"path": "shared"}]),
        ]
        (folder / "cases.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        here.hub("intake", folder / "cases.jsonl")
        here.serve()
        here.node("ana", "sync", "--no-attachments")
        here.node("ana", "sync", "--max-bytes", 20_000, code=4)
        home = here.home("ana")
        here.node("ana", "attachments", "open", "refunds/A-1", "1")
        names = sorted(path.name for path in home.glob("blobs/*/*"))
        assert names == sorted([
            digest(alone), f"{digest(alone)}.png", digest(shared), f"{digest(large)}.part",
        ]), names

        here.hub("erase", "refunds/A-1", "--by", "olga", "--because", "asked for by letter")
        here.sync("ana")
        assert [path.name for path in home.glob("blobs/*/*")] == [digest(shared)]
        assert blob(home, shared).read_bytes() == shared
        assert not blob(here.folder / "hub", alone).exists()
        assert found(home, [digest(alone).encode(), digest(large).encode()]) == []
        here.node("ana", "attachments", "open", "refunds/A-2")
        here.node("ana", "verify")
        here.stop()
        assert found(here.folder / "hub", [digest(alone).encode()]) == []
        assert here.hub("verify", "--json").json["failures"] == []
