"""Syncs that are carried by hand: two nodes, one of which never has a network again."""
import json
import os
import shutil
import stat

from world import SAMPLES, gold, world


def decide(here, person, numbers, label=None):
    """Decides these tickets and returns the names of the entries."""
    rows = list(gold().items())
    lines = [
        json.dumps({"case": rows[number][0], "label": label or rows[number][1]["gold"],
                    "key": f"{person}-{number}"})
        for number in numbers
    ]
    return [row["uid"] for row in here.node(person, "decide", "--json", "-",
                                            stdin="\n".join(lines) + "\n").rows]


def uids_at(here):
    return {row["uid"] for row in here.hub("export", "log", "--json").rows}


def device(here, person):
    return here.node(person, "status", "--json").json["device"]


def up(here, person, name="up"):
    """Exports a bundle of a person's node, and returns its file."""
    file = here.folder / f"{person}.{name}"
    here.node(person, "bundle", "export", file)
    return file


def down(here, person, name="down"):
    """Exports a bundle of the hub for a person's node, and returns its file."""
    file = here.folder / f"{person}.{name}"
    here.hub("bundle", "export", file, "--for", device(here, person))
    return file


def exchange(here, person):
    """A stick that goes to the hub and comes back."""
    here.hub("bundle", "import", up(here, person))
    return here.node(person, "bundle", "import", down(here, person), "--json").json


def outbox(here, person):
    return here.node(person, "status", "--json").json["outbox"]["entries"]


def test_verdicts_go_up_and_receipts_come_back_by_stick():
    with world() as here:
        made = decide(here, "ana", range(0, 5))
        other = decide(here, "ben", range(0, 5), label="age_limit")
        file = up(here, "ana")
        assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
        assert b"ana" not in file.read_bytes()[300:], "what is in it can be read"
        waiting = here.node("ana", "bundle", "status", "--json").rows
        assert [row["entries"] for row in waiting] == [5], waiting
        assert outbox(here, "ana") == 5, "an export is no receipt"

        taken = here.hub("bundle", "import", file, "--json").json
        assert taken["entries"] == 5 and taken["known"] == 0, taken
        here.serve()  # ben has a network, and ana does not.
        here.sync("ben")
        here.stop()
        assert set(made + other) <= uids_at(here)

        result = here.node("ana", "bundle", "import", down(here, "ana"), "--json").json
        assert result["up"]["entries"] == 5 and result["outbox"] == 0, result
        assert result["result"] == "caughtUp", result
        assert here.node("ana", "bundle", "status", "--json").rows == []
        states = {row["state"] for row in here.hub("outcomes", "--json").rows}
        assert "disputed" in states, states
        assert here.hub("verify", "--json").json["failures"] == []
        here.node("ana", "verify")


def test_new_cases_come_by_stick_and_the_hub_may_be_off():
    with world() as here:
        before = {row["case"] for row in here.node("ana", "list", "--all", "--json").rows}
        lines = (SAMPLES / "banking" / "cases.jsonl").read_text().splitlines()[60:80]
        here.hub("intake", "-", stdin="\n".join(lines) + "\n")
        exchange(here, "ana")
        exchange(here, "ben")
        after = {row["case"] for row in here.node("ana", "list", "--all", "--json").rows}
        after |= {row["case"] for row in here.node("ben", "list", "--all", "--json").rows}
        assert after - before, "no new case came"


def test_bundles_do_no_harm_twice_late_and_out_of_order():
    with world() as here:
        first = decide(here, "ana", range(0, 3))
        one = up(here, "ana", "up1")
        second = decide(here, "ana", range(3, 6))
        two = up(here, "ana", "up2")
        here.hub("bundle", "import", two)
        early = down(here, "ana", "down1")
        again = here.hub("bundle", "import", one, "--json").json
        assert again["known"] == again["entries"] == 3, again
        here.hub("bundle", "import", two)
        late = down(here, "ana", "down2")
        here.node("ana", "bundle", "import", late)
        status = here.node("ana", "status", "--json").json
        for file in (early, late, early, late):
            here.node("ana", "bundle", "import", file)
            now = here.node("ana", "status", "--json").json
            for field in ("outbox", "assigned", "decided", "epoch", "hubEpoch", "pending"):
                assert now[field] == status[field], (field, now, status)
        assert status["outbox"]["entries"] == 0, status
        assert here.node("ana", "bundle", "status", "--json").rows == []
        log = [row["uid"] for row in here.hub("export", "log", "--json").rows]
        assert len(log) == len(set(log)) and set(first + second) <= set(log)
        assert here.hub("verify", "--json").json["failures"] == []
        here.node("ana", "verify")
        here.serve()  # And a network finds nothing left to do.
        assert here.sync("ana")[0]["up"]["entries"] == 0


def test_a_bundle_is_for_one_hub_and_one_device_and_whole():
    with world() as here:
        decide(here, "ana", range(0, 3))
        file = up(here, "ana")
        here.hub("bundle", "import", file)
        answer = down(here, "ana")

        failed = here.node("ben", "bundle", "import", answer, "--json", code=77)
        assert failed.error["code"] == "otherBundle", failed
        failed = here.node("ana", "bundle", "import", file, "--json", code=77)
        assert failed.error["code"] == "otherBundle", failed
        failed = here.hub("bundle", "import", answer, "--json", code=77)
        assert failed.error["code"] == "otherHub", failed
        here.hub("init", "--data", here.folder / "other")
        here.hub("bundle", "import", file, "--data", here.folder / "other", code=77)
        here.hub("bundle", "export", here.folder / "x", "--for", "d00", code=66)
        here.node("ana", "bundle", "import", here.folder / "nowhere", code=66)
        here.hub("bundle", "import", here.folder / "nowhere", code=66)
        here.node("ana", "bundle", "export", here.folder / "no" / "such" / "place", code=73)

        damaged = here.folder / "damaged"
        for source, take in ((file, here.hub), (answer, lambda *a, **o: here.node("ana", *a, **o))):
            bytes_ = source.read_bytes()
            for change in (
                bytes_[:-1], bytes_[: len(bytes_) // 2], bytes_[:200], b"", bytes_ + b"x",
                bytes_[:-40] + bytes([bytes_[-40] ^ 1]) + bytes_[-39:],
            ):
                damaged.write_bytes(change)
                failed = take("bundle", "import", damaged, "--json", code=65)
                assert failed.error["code"] in ("badBundle", "notABundle"), failed
        assert outbox(here, "ana") == 3, "something of a damaged bundle was applied"
        here.node("ana", "bundle", "import", answer)
        assert outbox(here, "ana") == 0


def test_bundles_bring_back_what_a_restored_hub_lost():
    with world() as here:
        here.hub("backup", here.folder / "backup")
        exchange(here, "ana")
        lost = decide(here, "ana", range(0, 4))
        exchange(here, "ana")
        old = here.folder / "ana.down"
        shutil.copy(old, here.folder / "ana.old")
        assert outbox(here, "ana") == 0
        case = (SAMPLES / "banking" / "cases.jsonl").read_text().splitlines()[70]
        here.hub("intake", "-", stdin=case + "\n")
        exchange(here, "ana")
        held = {row["case"] for row in here.node("ana", "list", "--all", "--json").rows}

        shutil.rmtree(here.folder / "hub")
        here.hub("restore", here.folder / "backup")
        for _ in range(3):
            exchange(here, "ana")
        assert set(lost) <= uids_at(here), "a receipted verdict did not come back"
        assert held <= {row["case"] for row in here.hub("cases", "--json").rows}
        assert outbox(here, "ana") == 0
        # One from before the restore is no news any more.
        late = here.node("ana", "bundle", "import", here.folder / "ana.old", "--json").json
        assert late["result"] == "outdated", late
        assert here.node("ana", "status", "--json").json["hubEpoch"].startswith("2.")
        assert here.hub("verify", "--json").json["failures"] == []
        here.node("ana", "verify")
        awaited = here.hub("recover", "end", "--by", "olga", "--because", "leave", "--json").json
        assert device(here, "ana") not in awaited["awaited"], awaited


def test_a_bundle_goes_through_a_pipe():
    with world() as here:
        decide(here, "ana", range(0, 2))
        made = here.start_node("ana", "bundle", "export", "-")
        bundle, notes = made.communicate(timeout=60)
        assert made.returncode == 0 and b"2 entries" in notes, notes
        here.hub("bundle", "import", "-", stdin=bundle)
        answer = here.start("countersign-hub", "bundle", "export", "-", "--for", device(here, "ana"))
        bundle, notes = answer.communicate(timeout=60)
        assert answer.returncode == 0, notes
        here.node("ana", "bundle", "import", "-", stdin=bundle)
        assert outbox(here, "ana") == 0
