#!/usr/bin/env python3
"""Measures what people wait for, beside something bare in the same run; prints ratios.

Called by Tests/Benchmarks/run, which builds the programs and names them in COUNTERSIGN_BIN.
"""
import json
import os
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "EndToEnd"))

from world import SAMPLES, World, free_port  # noqa: E402

ROWS = int(os.environ.get("COUNTERSIGN_BENCHMARK_ROWS", 50_000))
DECISIONS = min(2_000, ROWS // 4)
STARTS = 40

POLICY = """
workflow: bench
labels: [yes-please, no-thanks]
"""


def clock(act):
    began = time.monotonic()
    act()
    return time.monotonic() - began


def bare_commits(folder, count, size=900):
    """Commits of one row each in a file of SQLite's own, WAL and synchronous=FULL, a second."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        database = sqlite3.connect(f"{place}/bare.sqlite", isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, line BLOB NOT NULL) STRICT")
        row = os.urandom(size)

        def commits():
            for _ in range(count):
                database.execute("INSERT INTO entry (line) VALUES (?)", (row,))

        seconds = clock(commits)
        database.close()
        return count / seconds


def cases(count):
    source = json.loads((SAMPLES / "banking" / "cases.jsonl").read_text().splitlines()[1])
    for number in range(count):
        yield json.dumps(source | {
            "workflow": "bench", "id": f"C-{number:06}", "label": "yes-please",
            "output": {"answer": "yes-please"},
        }) + "\n"


def verdict(number):
    return json.dumps({"case": f"bench/C-{number:06}", "label": "yes-please"}) + "\n"


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="countersign-bench-"))
    here = World(folder, free_port())
    (folder / "bench.yaml").write_text(POLICY)
    here.serve()
    try:
        here.hub("policy", "activate", folder / "bench.yaml", "--by", "olga")
        here.hub("reviewer", "add", "ana")
        token = here.hub("reviewer", "token", "ana", "--json").json["token"]
        (folder / "token").write_text(token)
        here.node("ana", "enrol", f"http://127.0.0.1:{here.port}", "--token-file", folder / "token")

        taken = clock(lambda: here.hub("intake", "-", "--json", stdin="".join(cases(ROWS))))
        print(f"intake     {ROWS / taken:9.0f} cases/s, {ROWS} of them")

        down = clock(lambda: here.sync("ana"))
        print(f"sync down  {ROWS / down:9.0f} cases/s, {ROWS} of them, hub and node on one machine")

        lines = [verdict(number) for number in range(ROWS)]
        ratios = []
        for turn in range(3):
            part = "".join(lines[turn * DECISIONS:(turn + 1) * DECISIONS])
            bare = bare_commits(folder, DECISIONS)
            ours = DECISIONS / clock(lambda: here.node("ana", "decide", "--json", stdin=part))
            ratios.append(ours / bare)
            print(f"decide     {ours:9.0f} durable verdicts/s, bare SQLite commits {bare:.0f}/s: "
                  f"ratio {ours / bare:.2f}")
        print(f"decide     ratio {statistics.median(ratios):.2f} (median of 3; the goal is 0.6)")

        here.node("ana", "decide", stdin="".join(lines[3 * DECISIONS:]))
        up = clock(lambda: here.sync("ana"))
        print(f"sync up    {ROWS / up:9.0f} verdicts/s, {ROWS} of them, every signature checked")
        result = here.sync("ana")[0]
        print(f"no-op sync {result['durationMs']:9} ms, {result['up']['bytes']} bytes up, "
              f"{result['down']['bytes']} bytes down, {result['roundTrips']} round trip")

        def start(program, *arguments):
            return statistics.median(
                clock(lambda: here.run(program, *arguments)) * 1000 for _ in range(STARTS)
            )

        nothing = start("true")
        status = start("countersign", "status", "--home", here.home("ana"))
        print(f"status     {status:9.1f} ms from start to end with {ROWS} cases, "
              f"`true` {nothing:.1f} ms (the goal is 30 ms)")
        size = (here.home("ana") / "replica.sqlite").stat().st_size
        print(f"replica    {size / ROWS:9.0f} bytes a case and verdict")
    finally:
        here.stop()
        subprocess.run(["rm", "-rf", folder], check=True)


if __name__ == "__main__":
    main()
