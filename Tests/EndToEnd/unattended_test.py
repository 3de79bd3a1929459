"""Syncs that nobody watches: budgets, locks, hubs that ask to wait, timers."""
import contextlib
import fcntl
import http.server
import json
import os
import re
import socket
import subprocess
import threading
import time

from world import SAMPLES, portal, verdicts, world


@contextlib.contextmanager
def busy(port, status=429, retry_after="2"):
    """Something in the hub's place that has too much to do; counts who asks."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append(time.time())
            body = b'{"code": "overloaded", "detail": "too many syncs", "retryable": true}'
            self.send_response(status)
            self.send_header("Content-Type", "application/problem+json")
            self.send_header("Content-Length", str(len(body)))
            if retry_after:
                self.send_header("Retry-After", retry_after)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        allow_reuse_address = True

    server = Server(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def silent(port):
    """Something that takes connections and never answers."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    try:
        yield
    finally:
        listener.close()


# Budgets

def test_a_byte_budget_stops_and_goes_on_until_all_is_there():
    with world(305) as here:
        here.node("ana", "decide", stdin=verdicts("ana", 130))
        here.node("ben", "decide", stdin=verdicts("ben", 130))
        here.serve()
        here.sync("ben")
        sizes, last = [], None
        for budget in (12_000, 20_000, 8_000, *[20_000] * 60):
            last = here.node("ana", "sync", "--json", "--max-bytes", budget, code=None)
            told = last.json
            size = told["up"]["bytes"] + told["down"]["bytes"]
            moved = told["up"]["entries"] + told["down"]["rows"]
            assert last.code in (0, 4), last
            assert (last.code == 4) == (told["result"] == "budget"), last
            assert (last.code == 0) == (told["result"] == "caughtUp"), last
            assert moved > 0 or last.code == 0, last
            assert size <= budget, (size, budget, told)
            status = here.node("ana", "status", "--json").json
            assert status["caughtUp"] == (last.code == 0), (status, told)
            sizes.append(size)
            if last.code == 0:
                break
        assert last.code == 0 and len(sizes) > 3, sizes
        assert here.node("ana", "status", "--json").json["outbox"]["entries"] == 0
        here.node("ana", "verify")
        assert here.hub("verify", "--json").json["failures"] == []
        labels = {row["case"]: row["label"] for row in here.hub("outcomes", "--json").rows
                  if row["state"] == "decided"}
        assert len(labels) > 100, "what came in parts counts as what comes whole"


def test_the_smallest_budget_moves_a_page_each_time():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana", 3))
        here.serve()
        for waiting in (2, 1, 0):
            result = here.node("ana", "sync", "--json", "--max-bytes", 1, code=4)
            assert result.json["outbox"] == waiting, result
        # Rows that came of the verdicts, one or a few at a time.
        for _ in range(100):
            result = here.node("ana", "sync", "--json", "--max-bytes", 1, code=None)
            if result.code == 0:
                break
            assert result.code == 4 and result.json["down"]["rows"] >= 1, result
        assert result.json["result"] == "caughtUp", result


def test_a_time_budget_is_kept_on_a_line_where_nothing_moves():
    with world() as here, silent(here.port):
        began = time.monotonic()
        result = here.node("ana", "sync", "--json", "--max-time", "2s", code=75)
        assert 1.5 < time.monotonic() - began < 15, result
        assert result.json["result"] == "offline", result


def test_a_time_budget_that_is_long_enough_changes_nothing():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana", 5))
        here.serve()
        assert here.node("ana", "sync", "--json", "--max-time", "2m").json["result"] == "caughtUp"
        for wrong in ("5", "-1s", "s", "1d", "0s", ""):
            here.node("ana", "sync", "--max-time", wrong, code=64)
        for wrong in ("0", "-5", "x"):
            here.node("ana", "sync", f"--max-bytes={wrong}", code=64)


def test_deltas_alone_are_a_few_hundred_bytes():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana", 50))
        here.serve()
        result = here.node("ana", "sync", "--deltas-only", "--json", code=3)
        told = result.json
        assert told["result"] == "partial" and told["deltas"] > 0, told
        assert told["up"]["entries"] == 0 and told["up"]["bytes"] < 900, told
        assert told["down"]["rows"] == 0 and told["down"]["bytes"] < 900, told
        assert told["outbox"] == 50, told
        status = here.node("ana", "status", "--json").json
        assert status["outbox"]["entries"] == 50 and not status["caughtUp"], status
        deltas = here.hub("verify", "--json").json["deltas"]
        assert deltas["equal"], deltas
        assert here.sync("ana")[0]["up"]["entries"] == 50
        assert here.hub("verify", "--json").json["failures"] == []


def test_a_dry_run_says_what_would_go_up_and_changes_nothing():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana", 12))
        here.node("ana", "undo", "banking/B-00000")
        before = here.node("ana", "status", "--json").json
        told = here.node("ana", "sync", "--dry-run", "--json").json  # The hub is off.
        assert told["dryRun"] and told["kinds"] == {"retract": 1, "verdict": 12}, told
        assert told["up"]["entries"] == told["outbox"] == 13 and "down" in told["unknown"], told
        assert here.node("ana", "sync", "--dry-run").out.startswith("1 retract, 12 verdict")
        assert here.node("ana", "status", "--json").json == before
        here.serve()
        up = here.sync("ana")[0]["up"]
        assert up["entries"] == 13 and abs(up["bytes"] - told["up"]["bytes"]) < 40, (up, told)


# Traces

def test_a_trace_holds_each_body_readable_and_no_secret():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana", 5))
        trace = here.folder / "trace of ana.txt"
        with portal(here.port):
            here.node("ana", "sync", "--trace", trace, code=75)
        assert b'http {"mediaType":"text/html","status":200}' in trace.read_bytes()
        here.serve()
        here.node("ana", "sync", "--trace", trace)
        bytes_ = trace.read_bytes()
        assert trace.stat().st_mode & 0o777 == 0o600
        assert bytes_.count(b"countersign-sync 1\n") == 2 and b"text/html" not in bytes_
        words = [line.split(b" ")[0] for line in bytes_.split(b"\n")]
        for word in (b"hello", b"cursor", b"budget", b"delta", b"entry", b"payload", b"end",
                     b"http", b"hub", b"receipt", b"through", b"result", b"page", b"row"):
            assert word in words, word
        assert words.count(b"result") == 5 and words.count(b"end") == 2
        key = (here.home("ana") / "device.key").read_bytes()
        assert key not in bytes_ and key.hex().encode() not in bytes_
        assert b"signature-input" not in bytes_.lower()
        here.node("ana", "sync", "--trace", here.folder / "no" / "such", code=73)


# One at a time

def test_one_sync_at_a_time_and_deciding_beside_it():
    with world() as here:
        here.serve()
        with open(here.home("ana") / "sync.lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            result = here.node("ana", "sync", "--json", code=75)
            assert result.json["result"] == "busy" and result.error["code"] == "busy", result
            assert result.error["retryable"], result
            here.node("ana", "decide", stdin=verdicts("ana", 3))
            here.node("ana", "list"), here.node("ana", "show", "banking/B-00000")
            began = time.monotonic()
            here.node("ana", "sync", "--wait", "--max-time", "1s", code=75)
            assert 0.9 < time.monotonic() - began < 6
            waiting = here.start_node("ana", "sync", "--wait", "--json")
            time.sleep(0.5)
            assert waiting.poll() is None
        out, _ = waiting.communicate(timeout=60)
        assert waiting.returncode == 0 and json.loads(out)["up"]["entries"] == 3, out


def test_a_lock_dies_with_its_process():
    with world() as here, silent(here.port):
        first = here.start_node("ana", "sync", "--wait")
        for _ in range(100):
            if here.node("ana", "sync", "--json", "--max-time", "1s", code=75).json["result"] == "busy":
                break
        else:
            raise AssertionError("the second sync never met the first")
        first.kill()
        first.communicate()
        result = here.node("ana", "sync", "--json", "--max-time", "1s", code=75)
        assert result.json["result"] == "offline", result


# A hub that asks to wait

def test_what_a_busy_hub_asks_for_binds_every_process_and_ends():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana", 3))
        for status in (429, 503):
            with busy(here.port, status, "3") as asked:
                result = here.node("ana", "sync", "--json", code=75)
                assert result.json["result"] == "busy", result
                assert result.json["outbox"] == 3, "a failed sync tells what still waits"
                assert result.error["code"] == "hubBusy" and result.error["retryable"], result
                until = re.search(r"until (\S+Z)", result.error["message"]).group(1)
                assert here.node("ana", "status", "--json").json["hubAsksUntil"] == until
                assert until in here.node("ana", "status").out
                for more in ([], ["--wait"], ["--deltas-only"], ["--unattended"]):
                    again = here.node("ana", "sync", *more, code=75)
                    assert (until in again.err) == (more != ["--unattended"]), again
                assert len(asked) == 1, "nothing asked in the meantime"
            time.sleep(3.1)
            assert here.node("ana", "status", "--json").json["hubAsksUntil"] is None
        here.serve()
        assert here.sync("ana")[0]["result"] == "caughtUp"


def test_without_a_word_of_when_an_explicit_sync_always_tries():
    with world() as here, busy(here.port, 503, None) as asked:
        for count in (1, 2, 3):
            assert here.sync("ana", code=75)[0]["result"] == "busy"
            assert len(asked) == count


def test_unattended_syncs_keep_their_distance_in_silence():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana", 3))
        with busy(here.port, 503, None) as asked:
            for _ in range(40):
                result = here.node("ana", "sync", "--unattended", code=75)
                assert result.out == result.err == "", result
            assert 1 <= len(asked) < 20, f"{len(asked)} of 40 asked"
        here.serve()
        here.sync("ana")  # A person may always ask; and then the distance is gone.
        assert here.node("ana", "sync", "--unattended").out == "", "silent, and at once"
        here.node("ana", "decide", stdin=verdicts("ana", 4))
        assert "up 1 entry" in here.node("ana", "sync", "--unattended").out


def test_what_only_a_person_can_mend_is_said_once_and_not_tried_in_a_loop():
    with world() as here:
        with busy(here.port, 403, None) as asked:
            first = here.node("ana", "sync", "--unattended", code=77)
            assert first.err, first
            for _ in range(3):
                again = here.node("ana", "sync", "--unattended", code=75)
                assert again.out == again.err == "", again
            assert len(asked) == 1
            here.node("ana", "sync", code=77)
            assert len(asked) == 2, "a person may always try"


# Timers and scripts

SYSTEMCTL = """#!/bin/sh
echo "$*" >>"$HOME/systemctl.log"
[ ! -e "$HOME/systemd-is-broken" ] || [ "$2" != enable ]
"""


def with_systemd(here):
    """A `systemctl` that notes what it is asked, first in the path."""
    tools = here.folder / "tools"
    tools.mkdir()
    (tools / "systemctl").write_text(SYSTEMCTL)
    (tools / "systemctl").chmod(0o755)
    here.environment["PATH"] = f"{tools}:{here.environment['PATH']}"


def asked_of_systemd(here):
    log = here.folder / "systemctl.log"
    lines = log.read_text().splitlines() if log.exists() else []
    log.write_text("")
    return lines


def moved(here, person, name):
    """Gives a node a folder with another name."""
    here.home(person).rename(here.folder / name)
    here.home = lambda _: here.folder / name


def test_autosync_makes_a_timer_and_takes_away_what_it_made():
    with world() as here:
        with_systemd(here)
        moved(here, "ana", "ana's 50 % \"home\" $HOME")
        units = here.folder / ".config" / "systemd" / "user"
        for _ in range(2):
            told = here.node("ana", "autosync", "install", "--json").json
            assert told["installed"], told
            assert asked_of_systemd(here) == [
                "--user show-environment", "--user daemon-reload",
                "--user enable --now countersign-sync.timer",
            ]
        assert sorted(path.name for path in units.iterdir()) == [
            "countersign-sync.service", "countersign-sync.timer",
        ]
        service = (units / "countersign-sync.service").read_text()
        assert r"""--home "%s/ana's 50 %%%% \"home\" $$HOME"
""" % here.folder in service, service
        if subprocess.run(["which", "systemd-analyze"], capture_output=True).returncode == 0:
            checked = subprocess.run(
                ["systemd-analyze", "--user", "verify", units / "countersign-sync.timer"],
                capture_output=True, text=True, env=here.environment | {"XDG_RUNTIME_DIR": str(here.folder)},
            )
            assert "countersign-sync" not in checked.stderr, checked.stderr
        hook = here.home("ana") / "networkmanager-hook"
        assert "countersign-sync.service" in hook.read_text() and os.access(hook, os.X_OK)
        subprocess.run([hook, "lo", "down"], env=here.environment, check=True)
        assert asked_of_systemd(here) == []
        subprocess.run([hook, "wlan0", "up"], env=here.environment, check=True)
        [line] = asked_of_systemd(here)
        assert line.endswith("--no-block start countersign-sync.service"), line

        other = units / "other.timer"
        other.write_text("[Timer]\n")
        here.node("ana", "autosync", "remove")
        assert "--user disable --now countersign-sync.timer" in asked_of_systemd(here)
        assert list(units.iterdir()) == [other] and not hook.exists()
        assert "not installed" in here.node("ana", "autosync", "remove").out

        strange = units / "countersign-sync.service"
        strange.write_text("[Service]\nExecStart=/bin/true\n")
        error = here.node("ana", "autosync", "install", "--json", code=69).error
        assert error["code"] == "autosync" and str(strange) in error["message"], error
        here.node("ana", "autosync", "remove")
        assert "/bin/true" in strange.read_text(), "what is not ours stays"
        strange.unlink()
        (here.folder / "systemd-is-broken").touch()
        here.node("ana", "autosync", "install", code=69)
        assert list(units.iterdir()) == [other], "a timer that does not start leaves nothing behind"


def test_without_systemd_a_cron_line_is_printed_that_works():
    with world() as here:
        moved(here, "ana", "ana's 50 % home")
        # The real systemctl finds no user's systemd here.
        result = here.node("ana", "autosync", "install", code=69)
        assert not (here.folder / ".config").exists()
        line = result.out.strip()
        fields = line.split(" ", 5)
        assert re.fullmatch(r"\d+-59/15", fields[0]) and fields[1:5] == ["*"] * 4, line
        here.node("ana", "decide", stdin=verdicts("ana", 2))
        here.serve()
        command = fields[5].replace(r"\%", "%")  # As cron hands it to the shell.
        ran = subprocess.run(["sh", "-c", command], env=here.environment, capture_output=True)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b""), ran
        assert here.node("ana", "status", "--json").json["outbox"]["entries"] == 0


def test_the_cron_sample_is_a_line_that_syncs():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana", 2))
        lines = (SAMPLES / "autosync.cron").read_text().splitlines()
        [line] = [line for line in lines if not line.startswith("#")]
        environment = here.environment | {"COUNTERSIGN_HOME": str(here.home("ana"))}
        command = line.split(" ", 5)[5]
        offline = subprocess.run(["sh", "-c", command], env=environment, capture_output=True)
        assert (offline.returncode, offline.stdout, offline.stderr) == (75, b"", b""), offline
        here.serve()
        here.sync("ana")


def reconnect(here, *arguments, **more):
    environment = here.environment | {
        "COUNTERSIGN_HOME": str(here.home("ana")), "RECONNECT_PAUSE": "0.1",
    } | more
    return subprocess.run(
        [SAMPLES / "reconnect", *arguments], env=environment, capture_output=True, text=True,
        timeout=120,
    )


def test_the_reconnect_sample_goes_on_until_all_is_there():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana", 60))
        offline = reconnect(here, RECONNECT_TRIES="3")
        assert offline.returncode == 75 and offline.stderr.count("cannot be reached") == 3, offline
        here.serve()
        done = reconnect(here, "6000")
        assert done.returncode == 0 and done.stdout.count("budget") > 1, done
        assert here.node("ana", "status", "--json").json["outbox"]["entries"] == 0
        again = reconnect(here)
        assert (again.returncode, again.stdout, again.stderr) == (0, "", ""), again


def test_the_reconnect_sample_says_why_it_gives_up():
    with world() as here:
        fake = here.folder / "fake"
        fake.mkdir()
        here.environment["PATH"] = f"{fake}:{here.environment['PATH']}"
        for code, word in ((3, "set aside"), (76, "too old"), (77, "administrator"), (73, "")):
            (fake / "countersign").write_text(f"#!/bin/sh\nexit {code}\n")
            (fake / "countersign").chmod(0o755)
            result = reconnect(here)
            assert result.returncode == code and word in result.stderr, result
