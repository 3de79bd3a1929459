"""A disk that is full, read-only or closed: deciding says so, reading goes on, nothing is lost."""
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import time

from continuity_test import uids_at
from places import NOBODY, small_disk
from world import BIN, SAMPLES, verdicts, world

READING = (
    ["status"], ["list"], ["list", "--all"], ["next"], ["show", "banking/B-00000"],
    ["why", "banking/B-00000"], ["history"], ["conflicts"], ["calibration"], ["verify"],
    ["sync", "--dry-run"],
)


def reading_works(here, person="ana", **options):
    for command in READING:
        here.node(person, *command, **options)
        here.node(person, *command, "--json", **options)


def refused(result):
    """What could not be saved: exit 73, and that what was saved before is safe."""
    assert result.code == 73, result
    assert "safe" in result.err or "untouched" in result.err, result


def saved(here, person="ana"):
    return {row["uid"] for row in here.node(person, "history", "--json").rows}


def test_row_6_deciding_on_a_full_disk_saves_whole_verdicts_or_none_and_goes_on_after():
    with world() as here, small_disk(here.home("ana")) as disk:
        lines = verdicts("ana", 60).splitlines(keepends=True)
        printed = {}
        stopped = set()
        for leave in range(0, 260, 24):
            disk.fill(leave)
            result = here.node("ana", "decide", "--json", stdin="".join(lines), code=None)
            for row in result.rows:
                if "error" not in row:
                    printed[row["case"]] = row["uid"]
            if result.code == 0:
                break
            refused(result)
            stopped.add(len(printed))
            assert saved(here) == set(printed.values()), f"with {leave} KB left"
            if not leave:
                reading_works(here)
                refused(here.node("ana", "answer", "banking/B-00000", "age_limit", code=None))
        assert len(stopped) > 3, f"it stopped at {stopped}"
        disk.free()
        assert here.node("ana", "decide", "--json", stdin="".join(lines)).code == 0
        here.node("ana", "verify")
        here.serve()
        assert here.sync("ana")[0]["up"]["entries"] == 60
        assert set(printed.values()) <= set(uids_at(here))


def test_a_session_on_a_full_disk_says_that_nothing_was_saved():
    with world() as here, small_disk(here.home("ana")) as disk:
        disk.fill()
        said = here.node("ana", "review", stdin="banking/B-00000 card_arrival\nq\n", code=73)
        assert "not saved" in said.out + said.err and "safe" in said.out + said.err, said
        disk.free()
        assert here.node("ana", "history", "--json").rows == []
        here.node("ana", "review", stdin="banking/B-00000 card_arrival\nq\n")
        assert len(here.node("ana", "history", "--json").rows) == 1


def test_row_6_a_sync_into_a_full_disk_keeps_what_it_has_and_goes_on_after():
    with world() as here, small_disk(here.home("ana")) as disk:
        here.node("ana", "decide", stdin=verdicts("ana"))
        here.node("ben", "decide", stdin=verdicts("ben"))
        here.serve()
        here.sync("ben")
        for leave in (0, 60, 120, 240):
            disk.fill(leave)
            result = here.node("ana", "sync", "--json", code=None)
            assert result.code in (0, 73), result
            if result.code == 73:
                refused(result)
                assert result.json["result"] == "diskFull", result
            status = here.node("ana", "status", "--json").json
            here.node("ana", "verify")
            receipts = [row["receipt"] for row in here.node("ana", "history", "--json").rows]
            assert status["outbox"]["entries"] == receipts.count(False), (leave, status)
        disk.free()
        last = here.sync("ana")[0]
        assert last["result"] == "caughtUp" and last["outbox"] == 0, last
        assert here.node("ana", "status", "--json").json["epoch"].startswith("1."), "a new epoch"
        assert len(saved(here)) == 60 and saved(here) <= set(uids_at(here))
        here.node("ana", "verify")
        assert here.hub("verify", "--json").json["failures"] == []


def empty_log(path):
    """Leaves no room in the write-ahead log, which SQLite would use again on a full disk."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        for _ in range(100):
            if database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0:
                return
            time.sleep(0.05)
    raise AssertionError("somebody reads the log all the time")


def test_row_6_a_hub_on_a_full_disk_says_so_and_goes_on_after():
    with world(305) as here, small_disk(here.folder / "hub", 16384) as disk:
        here.serve()
        for number, leave in enumerate((0, 64, 256)):
            lines = verdicts("ana", 180).splitlines(keepends=True)[number * 60:number * 60 + 60]
            here.node("ana", "decide", stdin="".join(lines))
            empty_log(here.folder / "hub" / "hub.sqlite")
            disk.fill(leave)
            result = here.node("ana", "sync", "--json", code=None)
            assert result.code in (0, 75), result
            if result.code == 75:
                error = result.error
                assert error["code"] == "notWritable" and error["retryable"], error
                assert "saved on this machine" in error["message"], error
                assert "60 s" in error["hint"], error
            if not leave:
                assert result.code == 75, result
                case = (SAMPLES / "banking" / "cases.jsonl").read_text().splitlines()[-1]
                taken = here.hub("intake", "-", "--json", stdin=case + "\n", code=None)
                assert taken.code == 0 or refused(taken) is None  # The log beside it may have room.
                for command in ("cases", "outcomes", "events", "queue"):
                    here.hub(command, "--json")
                here.hub("verify", "--json")
                here.stop(signal.SIGKILL)
                started = here.hub("serve", "--listen", f"127.0.0.1:{here.port}", code=None)
                refused(started)
                disk.free()
                here.serve()
        disk.free()
        assert here.sync("ana")[0]["result"] == "caughtUp"
        assert len(saved(here)) == 180 and saved(here) <= set(uids_at(here))
        here.node("ana", "verify")
        assert here.hub("verify", "--json").json["failures"] == []


def test_what_can_only_be_read_is_still_read():
    with world() as here, small_disk(here.home("ana")) as disk:
        here.node("ana", "decide", stdin=verdicts("ana", 3))
        disk.read_only()
        reading_works(here)
        assert here.node("ana", "status", "--json").json["outbox"]["entries"] == 3
        for command in (["answer", "banking/B-00000", "age_limit"], ["undo"], ["decide"],
                        ["abstain", "banking/B-00000", "--because", "pass"], ["sync"],
                        ["sync", "--wait"], ["sync", "--unattended"]):
            refused(here.node("ana", *command, stdin=verdicts("ana", 9), code=None))
        disk.read_only(False)
        here.serve()
        assert here.sync("ana")[0]["up"]["entries"] == 3


def test_a_hub_that_can_only_be_read_is_still_read():
    with world() as here, small_disk(here.folder / "hub", 16384) as disk:
        disk.read_only()
        for command in ("cases", "outcomes", "events", "queue", "conflicts"):
            here.hub(command, "--json")
        assert here.hub("verify", "--json").json["failures"] == []
        for command in (["serve"], ["reviewer", "add", "zoe"]):
            refused(here.hub(*command, code=None))


def test_a_killed_node_is_read_where_nothing_can_be_written():
    """What was saved last stands in the log beside the file, and must not be overlooked."""
    with world() as here, small_disk(here.home("ana")) as disk:
        process = here.start_node("ana", "decide", stdin=subprocess.PIPE)
        process.stdin.write(verdicts("ana", 5).encode())
        process.stdin.flush()
        for _ in range(5):
            process.stdout.readline()
        process.kill()
        process.communicate()
        for prepare in (disk.fill, disk.read_only):
            prepare()
            assert here.node("ana", "status", "--json").json["outbox"]["entries"] == 5
            here.node("ana", "verify")
            if prepare == disk.read_only:
                disk.read_only(False)
            disk.free()
        (here.home("ana") / "replica.sqlite-shm").unlink()  # As a backup program may leave it.
        disk.read_only()
        result = here.node("ana", "status", "--json", code=None)
        assert result.code == 73 and result.error["code"] == "closed", result
        disk.read_only(False)
        assert here.node("ana", "status", "--json").json["outbox"]["entries"] == 5


def test_a_home_that_is_closed_to_this_user_is_not_taken_for_one_that_is_missing():
    with world() as here:
        if os.getuid() == 0:
            for folder, _, files in os.walk(here.folder):
                for name in [folder, *(os.path.join(folder, name) for name in files)]:
                    os.chown(name, NOBODY, NOBODY)
            for folder in (here.folder.parent, BIN):
                folder.chmod(0o755)
            who = {"user": NOBODY, "group": NOBODY}
        else:
            who = {}

        def node(*command, code):
            process = here.start_node("ana", *command, stdin=subprocess.DEVNULL, **who)
            out, err = process.communicate(timeout=60)
            assert process.returncode == code, (command, process.returncode, out, err)
            return err.decode()

        home, replica = here.home("ana"), here.home("ana") / "replica.sqlite"
        node("status", code=0)
        for path, mode in ((home, 0o000), (replica, 0o000)):
            before = path.stat().st_mode & 0o777
            path.chmod(mode)
            for command in (["status"], ["list"], ["sync"], ["answer", "banking/B-00000", "age_limit"]):
                said = node(*command, code=73)
                assert "Permission denied" in said and "safe" in said, said
            path.chmod(before)
        home.chmod(0o500)
        for command in READING:
            node(*command, code=0)
        assert "safe" in node("answer", "banking/B-00000", "age_limit", code=73)
        home.chmod(0o700)
        node("answer", "banking/B-00000", "age_limit", code=0)


def test_a_missing_home_says_how_to_enrol_and_makes_nothing():
    with world() as here:
        shutil.rmtree(here.home("ana"))
        for command in (["status"], ["list"], ["sync"], ["decide"], ["verify"], ["review"]):
            result = here.node("ana", *command, "--json", code=None) if command != ["review"] else (
                here.node("ana", *command, code=None))
            assert result.code == 77 and "enrol" in result.err, result
        assert not here.home("ana").exists()
        here.environment["COUNTERSIGN_HUB_DATA"] = str(here.folder / "nowhere")
        for command in (["cases"], ["verify"], ["reviewer", "add", "zoe"]):
            assert here.hub(*command, code=66)
        assert not (here.folder / "nowhere").exists()
