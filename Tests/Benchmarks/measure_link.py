"""A first sync over a line that is 20 ms long, there and back."""
import contextlib
import json
import sqlite3
import subprocess
import time
import urllib.request

from fixture import fixture
from link import Link
from table import Row
from world import free_port
from yardsticks import bare_server, clock

DELAY = 0.01  # Each way.


def rows(quick):
    count = 10_000 if quick else 100_000
    with fixture() as here:
        port = free_port()
        with Link(port, here.port, delay=DELAY):
            here.enrol(port=port)
        here.intake(count)
        with Link(port, here.port, delay=DELAY):
            seconds, first, told = first_sync(here)
        bare = bare_download(told["down"]["bytes"])
    yield Row("first sync", seconds, "s", goal=15 * count / 100_000, less=True,
              beside=(bare, "bare download of as many bytes, s"),
              note=f"{count} cases, {told['roundTrips']} round trips, "
                   f"{told['down']['bytes'] / 1e6:.1f} MB")
    yield Row("first case usable", first, "s", goal=2, less=True)


def first_sync(here):
    """Its seconds, those until the first case is there, and what it told."""
    began = time.monotonic()
    first = None
    process = here.start_node("ana", "sync", "--json")
    while process.poll() is None:
        if first is None and has_case(here.home("ana") / "replica.sqlite"):
            first = time.monotonic() - began
        time.sleep(0.02)
    seconds = time.monotonic() - began
    return seconds, first or seconds, json.loads(process.stdout.read())


def has_case(path):
    with contextlib.suppress(sqlite3.Error):
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return database.execute('SELECT EXISTS (SELECT 1 FROM "case")').fetchone() == (1,)
        finally:
            database.close()


def bare_download(size):
    with bare_server(size) as server:
        port = free_port()
        with Link(port, server, delay=DELAY):
            return clock(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/").read())
