"""A sync up, a sync down, and one with nothing to move.

Up is a sync that hands verdicts in and fetches what came of them: of each its outcome, its release
and its receipt. Down is a first sync; a case is four rows.
"""
import statistics

from fixture import fixture, verdicts
from table import Row
from yardsticks import bare_checks, bare_rows, bare_server, middle

TURNS = 3
ROWS_A_CASE = 4


def rows(quick):
    count = 3_000 if quick else 21_000
    with fixture() as here:
        here.enrol()
        taken = here.intake(count)
        yield Row("intake", taken, "cases/s", beside=(bare_rows(here.folder, count), "bare rows/s"))
        yield from down(here, count)
        yield from up(here, count)
        yield from nothing(here, count)


def down(here, count):
    hub = here.hub_seconds()
    sync = here.measured("ana", "sync", "--json")
    hub = here.hub_seconds() - hub
    moved = sync.json["down"]["rows"]
    yield Row(
        "pull", moved / sync.seconds, "rows/s", goal=30_000,
        beside=(bare_rows(here.folder, moved), "bare rows/s"),
        note=f"{count / sync.seconds:,.0f} cases/s; CPU µs a row: node {sync.cpu / moved * 1e6:.0f}, "
             f"hub {hub / moved * 1e6:.0f}",
    )
    size = sum(map(len, records(here)))
    yield Row("bytes down", size / sync.json["down"]["bytes"], "times less", goal=3.5,
              note=f"{size / moved:,.0f} bytes a record, "
                   f"{sync.json['down']['bytes'] / moved:,.0f} on the wire")
    yield Row("memory of a pull", sync.memory, "MiB", goal=64, less=True, note=f"{moved} rows")


def records(here):
    """The lines and payloads that a node holds."""
    import sqlite3
    database = sqlite3.connect(here.home("ana") / "replica.sqlite")
    for line, payload in database.execute("SELECT line, payload FROM entry WHERE own = 0"):
        yield line + (payload or b"")
    database.close()


def up(here, count):
    """In three parts, so that one bad moment of the machine is not the figure."""
    part = count // TURNS
    speeds, node, hubs, checks, wire = [], 0, 0, [], 0
    for turn in range(TURNS):
        here.node("ana", "decide", stdin=verdicts(part, turn * part))
        checks.append(bare_checks())
        hub = here.hub_seconds()
        sync = here.measured("ana", "sync", "--json")
        hubs += here.hub_seconds() - hub
        node += sync.cpu
        wire += sync.json["up"]["bytes"]
        speeds.append(sync.json["up"]["entries"] / sync.seconds)
    done = part * TURNS
    yield Row(
        "push", statistics.median(speeds), "verdicts/s", goal=10_000,
        beside=(statistics.median(checks), "bare Ed25519 checks/s on a core"),
        note=f"CPU µs a verdict: node {node / done * 1e6:.0f}, hub {hubs / done * 1e6:.0f}; "
             f"{wire / done:.0f} bytes each",
    )


def nothing(here, count):
    told = here.sync("ana")[0]
    yield Row("no-op sync, trips", told["roundTrips"], "round trips", goal=1, less=True)
    yield Row("no-op sync, up", told["up"]["bytes"], "bytes", goal=1024, less=True)
    yield Row("no-op sync, down", told["down"]["bytes"], "bytes", goal=2048, less=True,
              note=f"with {count} cases and as many verdicts")
    with bare_server() as port:
        bare = middle(20, lambda: here.run("curl", "-s", "-o", "/dev/null", "-d", "x" * 400,
                                           f"http://127.0.0.1:{port}/"))
    ours = middle(20, lambda: here.node("ana", "sync"))
    yield Row("no-op sync, time", ours, "ms", beside=(bare, "bare `curl` over loopback, ms"))
    yield from growth(here)


def growth(here):
    """Another machine of ana's, with few cases of its own and all of hers: the same bytes."""
    before = here.sync("ana")[0]
    here.intake(10, start=9_000_000)
    here.sync("ana")
    after = here.sync("ana")[0]
    grown = sum(after[way]["bytes"] - before[way]["bytes"] for way in ("up", "down"))
    yield Row("no-op sync, growth", abs(grown), "bytes", goal=16, less=True,
              note="after ten cases more; a number may have a digit more")
