"""Programs that die at once, in the middle of what they do."""
import json
import random
import signal
import subprocess
import time

from world import cut_after, free_port, verdicts, world

SEED = 20261125  # Printed with a failure through the assertion messages below.


def test_every_line_that_decide_printed_is_saved_when_it_is_killed():
    draw = random.Random(SEED)
    with world(305) as here:
        lines = verdicts("ana", 305).splitlines(keepends=True)
        printed = {}
        for stop in [1, 2, *sorted(draw.sample(range(3, 200), 4))]:
            process = here.start_node("ana", "decide", "--json", stdin=subprocess.PIPE)
            # All lines are offered; it is killed when so many answers have been read.
            process.stdin.write("".join(lines).encode())
            process.stdin.flush()
            for _ in range(stop):
                answer = json.loads(process.stdout.readline())
                printed[answer["case"]] = answer["uid"]
            process.send_signal(signal.SIGKILL)
            for line in process.stdout:  # What it had printed before it died.
                answer = json.loads(line)
                printed[answer["case"]] = answer["uid"]
            process.wait()
            saved = {row["uid"] for row in here.node("ana", "history", "--json").rows}
            assert saved >= set(printed.values()), f"seed {SEED}, killed after {stop}"
            here.node("ana", "verify")
        again = here.node("ana", "decide", "--json", stdin="".join(lines)).rows
        assert len(again) == 305 and sum(row["duplicate"] for row in again) >= len(printed)
        rows = here.node("ana", "history", "--json").rows
        assert len(rows) == len({row["case"] for row in rows}) == 305, "a key decides once"


def log_of(here):
    rows = here.hub("export", "log", "--json").rows
    return [row for row in rows if row["kind"] == "verdict"]


def all_arrived(here, person, count):
    """After one whole sync: each verdict is at the hub once, with a receipt, in the same epoch."""
    assert here.sync(person)[0]["result"] == "caughtUp"
    uids = [row["uid"] for row in log_of(here) if row["reviewer"] == person]
    assert len(uids) == len(set(uids)) == count, (len(uids), count)
    history = here.node(person, "history", "--json").rows
    assert {row["uid"] for row in history} == set(uids)
    assert all(row["receipt"] for row in history)
    here.node(person, "verify")
    assert here.hub("verify", "--json").json["failures"] == []


def test_a_killed_sync_loses_nothing():
    draw = random.Random(SEED)
    with world(305) as here:
        here.serve()
        epoch = here.node("ana", "status", "--json").json["epoch"]
        lines = verdicts("ana", 300).splitlines(keepends=True)
        for attempt in range(10):
            here.node("ana", "decide", stdin="".join(lines[attempt * 30:attempt * 30 + 30]))
            sync = here.start_node("ana", "sync")
            time.sleep(draw.uniform(0, 0.25))
            sync.kill()
            sync.communicate()
            here.node("ana", "verify")
        all_arrived(here, "ana", 300)
        assert here.node("ana", "status", "--json").json["epoch"] == epoch


def test_a_hub_that_dies_in_mid_sync_loses_nothing():
    draw = random.Random(SEED)
    with world(305) as here:
        lines = verdicts("ana", 300).splitlines(keepends=True)
        for attempt in range(6):
            here.node("ana", "decide", stdin="".join(lines[attempt * 50:attempt * 50 + 50]))
            here.serve()
            sync = here.start_node("ana", "sync", "--json")
            time.sleep(draw.uniform(0, 0.3))
            here.stop(signal.SIGKILL)
            out, err = sync.communicate(timeout=120)
            assert sync.returncode in (0, 75), (sync.returncode, out, err)
        here.serve()
        all_arrived(here, "ana", 300)


def test_a_reply_that_breaks_anywhere_is_continued_and_never_applied_in_part():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana"))
        here.node("ben", "decide", stdin=verdicts("ben"))
        here.serve()
        here.sync("ben")  # So that the reply to ana is long: it brings outcomes.
        here.stop()
        behind = free_port()
        here.serve(behind)
        for kept in (0, 1, 80, 200, 700, 3_000, 20_000, 40_000):
            with cut_after(kept, here.port, behind):
                result = here.node("ana", "sync", code=None)
            assert result.code == 75 or (result.code == 0 and kept > 3_000), (kept, result)
            here.node("ana", "verify")
        here.stop()
        here.serve()
        all_arrived(here, "ana", 60)
