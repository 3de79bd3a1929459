"""What people do to a program while it works: pipe it to `head`, interrupt it, run it twice, copy it."""
import concurrent.futures
import json
import random
import shutil
import signal
import subprocess
import time

from continuity_test import uids_at
from link import Link
from world import free_port, verdicts, world


def lines_of(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_who_stops_reading_ends_it_quietly():
    with world() as here:
        commands = [["list", "--all"], ["list", "--all", "--json"], ["show", "banking/B-00000"],
                    ["history"], ["--help"], ["decide"]]
        for command in commands:
            process = here.start_node("ana", *command, stdin=subprocess.PIPE)
            process.stdout.close()  # Nobody ever reads.
            try:
                _, err = process.communicate(verdicts("ana", 20).encode() * 40, timeout=60)
            except BrokenPipeError:
                err = process.stderr.read()
            assert process.wait(60) in (0, -signal.SIGPIPE), (command, process.returncode, err)
            assert err == b"", (command, err)
        piped = subprocess.run(
            ["bash", "-c", "set -o pipefail; countersign list --all --json | head -1; "
             "countersign-hub export log --json | head -1"], cwd=here.folder, capture_output=True,
            env=here.environment | {"COUNTERSIGN_HOME": str(here.home("ana"))}, timeout=60,
        )
        assert piped.returncode in (0, 141) and piped.stderr == b"", piped
        assert piped.stdout.count(b"\n") == 2, piped
        here.node("ana", "verify")


def test_an_interrupted_sync_keeps_what_was_synced():
    draw = random.Random(3)
    with world() as here:
        here.node("ben", "decide", stdin=verdicts("ben"))
        here.node("ana", "decide", stdin=verdicts("ana"))
        here.serve()
        here.sync("ben")
        here.stop()
        hub_port = free_port()
        here.serve(port=hub_port)
        ended = []
        with Link(here.port, hub_port, delay=0.05, rate=15_000):
            for _ in range(3):
                sync = here.start_node("ana", "sync", "--json")
                time.sleep(draw.uniform(0.1, 1.5))
                sync.send_signal(signal.SIGINT)
                began = time.monotonic()
                out, err = sync.communicate(timeout=60)
                ended.append(sync.returncode)
                assert sync.returncode in (0, -signal.SIGINT, 130), (sync.returncode, out, err)
                assert time.monotonic() - began < 3, "it took its time to stop"
                assert b"atal" not in err and b"rror:" not in err, err
                here.node("ana", "status", "--json")
        assert any(ended), "nothing was interrupted"
        here.restart()
        assert here.sync("ana")[0]["result"] == "caughtUp"
        log = [row["uid"] for row in here.hub("export", "log", "--json").rows]
        history = {row["uid"] for row in here.node("ana", "history", "--json").rows}
        assert len(log) == len(set(log)) and history <= set(log) and len(history) == 60
        here.node("ana", "verify")


def test_row_10_four_at_once_on_one_node_save_everything_once():
    with world(305) as here:
        here.serve()
        lines = verdicts("ana", 200).splitlines(keepends=True)
        parts = ["".join(lines[part::4]) for part in range(4)]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            works = [pool.submit(here.node, "ana", "decide", "--json", stdin=part) for part in parts]
            for _ in range(4):
                works.append(pool.submit(here.node, "ana", "sync", "--wait"))
                here.node("ana", "list", "--json"), here.node("ana", "status", "--json")
            done = [work.result() for work in works]
        rows = [row for result in done[:4] for row in result.rows]
        assert len(rows) == 200 and not any("error" in row for row in rows)
        first = min(row["seq"] for row in rows)
        assert sorted(row["seq"] for row in rows) == list(range(first, first + 200)), "a seq is missing"
        assert len({row["epoch"] for row in rows}) == 1
        assert here.sync("ana")[0]["result"] == "caughtUp"
        assert {row["uid"] for row in rows} <= set(uids_at(here))
        here.node("ana", "verify")


def test_row_2_a_home_copied_while_it_is_used_is_whole_or_says_that_it_is_not():
    with world() as here:
        here.serve()
        copies, ended = [], {}
        process = here.start_node("ana", "decide", "--json", stdin=subprocess.PIPE)
        process.stdin.write(verdicts("ana").encode())
        process.stdin.flush()
        for number in range(4):
            for _ in range(10):
                process.stdout.readline()
            copies.append(here.folder / f"copy-{number}")
            shutil.copytree(here.home("ana"), copies[-1])
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        here.sync("ana")
        own = {row["uid"] for row in here.node("ana", "history", "--json").rows}
        assert len(own) == 60 and own <= set(uids_at(here))
        for copy in copies:
            verified = here.run("countersign", "verify", "--json", home=copy, code=None)
            ended[verified.code] = ended.get(verified.code, 0) + 1
            assert verified.code in (0, 65), verified
            if verified.code == 0:
                line = lines_of([{"case": "banking/B-00000", "label": "age_limit"}])
                uid = here.run("countersign", "decide", home=copy, stdin=line).json["uid"]
                synced = here.run("countersign", "sync", "--json", home=copy).json
                assert synced["newEpoch"] and synced["outbox"] == 0, synced
                assert uid in uids_at(here)
        assert not here.sync("ana")[0]["newEpoch"], "the first goes on as it was"
        assert own <= set(uids_at(here))
        assert here.hub("verify", "--json").json["failures"] == []
        print(f"        of {len(copies)} copies: {ended}")
