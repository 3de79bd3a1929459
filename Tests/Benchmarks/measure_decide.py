"""Decisions, each durable before its line is answered, with a file of a million entries.

One process reads a line, saves the verdict and answers, one at a time, beside a bare commit of
SQLite's own under the same load.
"""
import json
import statistics
import subprocess
import time

from fixture import fixture, verdicts
from table import Row
from yardsticks import bare_commits, percentile

ROWS_A_CASE = 4


def rows(quick):
    count = 25_000 if quick else 250_000
    with fixture() as here:
        here.enrol()
        here.intake(count)
        sync = here.measured("ana", "sync", "--json")
        moved = sync.json["down"]["rows"]
        yield Row("memory of a pull", sync.memory, "MiB", goal=64, less=True,
                  note=f"{moved} rows, {moved / sync.seconds:,.0f} rows/s")
        ours, bare = [], []
        for turn in range(5):
            bare += bare_commits(here.folder, 200)
            ours += answers(here, turn * 200, 200)
        beside = statistics.median(bare)
        yield Row("decide, median", statistics.median(ours), "ms", goal=beside + 0.3, less=True,
                  beside=(beside, "bare commit, ms"), note=f"{moved} entries in the file")
        yield Row("decide, p99", percentile(ours, 0.99), "ms", goal=20, less=True,
                  beside=(percentile(bare, 0.99), "bare commit, ms"))


def answers(here, start, count):
    """Milliseconds from a line to its answer, each of so many; the first, which opens the file, is
    left out."""
    process = subprocess.Popen(
        ["countersign", "decide", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=here.environment | {"COUNTERSIGN_HOME": str(here.home("ana"))},
    )
    times = []
    for line in verdicts(count, start).encode().splitlines(keepends=True):
        began = time.monotonic()
        process.stdin.write(line)
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        times.append((time.monotonic() - began) * 1000)
        assert "error" not in answer, answer
    process.stdin.close()
    assert process.wait() == 0
    return times[1:]
