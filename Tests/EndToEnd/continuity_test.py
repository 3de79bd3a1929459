"""What happens to the logs of machines that were copied or put back (sync.md, rows 1 and 2)."""
import shutil

from world import gold, world


def decide(here, person, numbers, home=None):
    """`person` gives the true answer to some of the banking tickets; the uids of the verdicts."""
    rows = list(gold().items())
    lines = "".join(
        f'{{"case": "{rows[number][0]}", "label": "{rows[number][1]["gold"]}"}}\n'
        for number in numbers
    )
    result = here.run("countersign", "decide", "--json", home=home or here.home(person), stdin=lines)
    return [row["uid"] for row in result.rows]


def uids_at(here):
    return {row["uid"]: row for row in here.hub("export", "log", "--json").rows}


def test_a_node_put_back_from_a_backup_loses_nothing_that_was_synced():
    with world() as here:
        here.serve()
        backup = here.folder / "backup"
        before = decide(here, "ana", range(0, 3))
        shutil.copytree(here.home("ana"), backup)
        after = decide(here, "ana", range(3, 6))
        here.sync("ana")
        epoch = here.node("ana", "status", "--json").json["epoch"]

        shutil.rmtree(here.home("ana"))
        shutil.copytree(backup, here.home("ana"))
        anew = decide(here, "ana", range(6, 9))
        result = here.sync("ana")[0]
        assert result["newEpoch"] and result["warnings"], result
        assert result["outbox"] == 0 and result["result"] == "caughtUp", result
        assert here.node("ana", "status", "--json").json["epoch"] != epoch
        held = uids_at(here)
        assert set(before + after + anew) <= set(held), "an entry is missing at the hub"

        more = decide(here, "ana", range(9, 11))
        result = here.sync("ana")[0]
        assert not result["newEpoch"] and result["outbox"] == 0, result
        assert set(more) <= set(uids_at(here))
        here.node("ana", "verify")
        assert here.hub("verify", "--json").json["failures"] == []


def test_of_a_copied_home_both_go_on_and_nothing_is_lost():
    with world() as here:
        here.serve()
        other = here.folder / "ana-copy"
        shutil.copytree(here.home("ana"), other)
        first = decide(here, "ana", range(0, 4))
        second = decide(here, "ana", range(2, 7), home=other)
        here.sync("ana")
        copied = here.run("countersign", "sync", "--json", home=other).json
        assert copied["newEpoch"] and copied["outbox"] == 0, copied
        assert not here.sync("ana")[0]["newEpoch"], "the first goes on as it was"

        first += decide(here, "ana", range(10, 12))
        second += decide(here, "ana", range(12, 14), home=other)
        here.sync("ana")
        assert not here.run("countersign", "sync", "--json", home=other).json["newEpoch"]
        held = uids_at(here)
        assert set(first + second) <= set(held), "an entry is missing at the hub"
        people = {held[uid]["reviewer"] for uid in first + second}
        assert people == {"ana"}, "two machines of one person count as one"
        assert here.hub("verify", "--json").json["failures"] == []
        devices = here.hub("device", "list", "--json").rows
        mine = next(row for row in devices if row["reviewer"] == "ana")
        assert len(mine["epochs"]) == 2 and mine["forked"] > 0, mine
