"""Nodes and the hub, killed at any instant while all of them work (sync.md, row 6).

    COUNTERSIGN_KILLS=500 Tests/EndToEnd/run "killed at any instant"
"""
import json
import os
import random
import signal
import subprocess
import threading
import time

from agreement import in_agreement
from world import SAMPLES, gold, world

KILLS = int(os.environ.get("COUNTERSIGN_KILLS", 12))
SEED = int(os.environ.get("COUNTERSIGN_SEED", 20261125))


class Load:
    """What everybody does at once, and what dies of it."""

    def __init__(self, here):
        self.here, self.over, self.lock = here, threading.Event(), threading.Lock()
        self.kills, self.saved, self.codes, self.failures = 0, set(), {}, []

    def died(self):
        with self.lock:
            self.kills += 1
            if self.kills >= KILLS:
                self.over.set()

    def run(self, draw, process, given=b""):
        """Lets a process live, or kills it after a moment; what it had printed by then."""
        lives = draw.random() < 0.4
        try:
            out, err = process.communicate(given, timeout=120 if lives else draw.uniform(0.01, 0.5))
        except subprocess.TimeoutExpired:
            assert not lives, f"hung: {process.args}"
            process.kill()
            out, err = process.communicate()
            self.died()
        with self.lock:
            name = process.args[1], process.returncode
            self.codes[name] = self.codes.get(name, 0) + 1
        if process.returncode not in (0, 75, -signal.SIGKILL):
            raise AssertionError((process.args, process.returncode, out[-500:], err[-500:]))
        return out

    def review(self, person, draw):
        """Decides three tickets and syncs, over and over."""
        tickets = list(gold().items())[:60]
        while not self.over.is_set():
            lines = "".join(
                json.dumps({"case": case, "label": row["gold"]}) + "\n"
                for case, row in draw.sample(tickets, 3)
            )
            out = self.run(
                draw, self.here.start_node(person, "decide", stdin=subprocess.PIPE), lines.encode()
            )
            rows = [json.loads(line) for line in out.decode().splitlines(keepends=True)
                    if line.endswith("\n")]
            with self.lock:
                self.saved |= {row["uid"] for row in rows}
            self.run(draw, self.here.start_node(person, "sync", stdin=subprocess.PIPE))

    def call(self, draw):
        """Sends cases in, and takes outcomes, beside a hub that may be dead."""
        cases = (SAMPLES / "banking" / "cases.jsonl").read_text().splitlines()[60:260]
        while not self.over.is_set():
            given = "\n".join(draw.sample(cases, 3)) + "\n"
            start = self.here.start("countersign-hub", "intake", "-", stdin=subprocess.PIPE)
            self.run(draw, start, given.encode())
            time.sleep(draw.uniform(0.1, 0.5))

    def serve(self, draw):
        """The hub dies, and is there again at once."""
        while not self.over.wait(draw.uniform(0.2, 2)):
            self.here.stop(signal.SIGKILL)
            self.died()
            self.here.serve()

    def guarded(self, work, *arguments):
        try:
            work(*arguments)
        except Exception as failure:
            self.failures.append(failure)
            self.over.set()


def test_row_6_killed_at_any_instant_nothing_is_lost():
    with world() as here:
        here.serve()
        load, draw = Load(here), random.Random(SEED)
        works = [(load.serve,), (load.call,), (load.review, "ana"), (load.review, "ben")]
        threads = [
            threading.Thread(target=load.guarded, args=(*work, random.Random(draw.random())))
            for work in works
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(f"        seed {SEED}: {load.kills} killed, {len(load.saved)} verdicts saved; "
              f"how they ended: {sorted(load.codes.items())}")
        if load.failures:
            raise load.failures[0]
        here.restart()
        in_agreement(here, ("ana", "ben", "sam"), load.saved)
        for row in here.hub("device", "list", "--json").rows:
            assert len(row["epochs"]) == 1 and not row["forked"], "a kill is no reason for an epoch"
