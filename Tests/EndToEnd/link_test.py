"""First syncs over long, thin and broken lines; resuming costs little (**CheapResume**)."""
import os
import random
import shutil

from link import Link
from tls_test import new_token
from world import free_port, tickets, world

SEED = int(os.environ.get("COUNTERSIGN_SEED", 20261125))
CASES = int(os.environ.get("COUNTERSIGN_CASES", 300))


def newcomers(here, *names):
    """Other machines of ana's, which have yet to fetch all the cases that come now."""
    here.serve()
    for name in names:
        path, _ = new_token(here)
        here.node(name, "enrol", f"http://127.0.0.1:{here.port}", "--token-file", path)
    here.sync(*names)  # Each learns of the others' certificates.
    here.hub("intake", "-", stdin="\n".join(tickets(CASES)) + "\n")
    here.stop()
    hub_port = free_port()
    here.serve(port=hub_port)
    return hub_port


def rows_of(here, name):
    return sorted((row["case"], row["revision"], row["state"])
                  for row in here.node(name, "list", "--all", "--json").rows)


def test_row_6_a_first_sync_that_breaks_again_and_again_is_cheap_to_resume():
    draw = random.Random(SEED)
    with world(1) as here:
        hub_port = newcomers(here, "eva", "fay")
        trace = here.folder / "trace.txt"
        with Link(here.port, hub_port) as link:
            whole = here.node("eva", "sync", "--json", "--trace", trace).json
        payload, pages = whole["down"]["bytes"], trace.read_bytes().count(b"\npage {")
        # The first breaks before a page is whole, each of the others after several.
        cuts = [1000, *(draw.randrange(payload // 4, payload // 2) for _ in range(7))]
        moved, tries = 0, 0
        with Link(here.port, hub_port, delay=0.01, cuts=cuts) as link:
            for tries in range(1, 20):
                result = here.node("fay", "sync", "--json", code=None)
                moved += result.json["down"]["rows"]
                assert result.code in (0, 75), result
                if result.code == 0:
                    break
        assert result.code == 0, result
        assert moved == whole["down"]["rows"], "a row came twice, or not at all"
        assert rows_of(here, "fay") == rows_of(here, "eva"), "in parts it is not as at once"
        here.node("fay", "verify")
        print(f"        {CASES} cases, {payload} bytes in {pages} pages; with {link.broken} breaks "
              f"{link.down} bytes down, {link.up} up: {link.down / payload:.2f} times")
        page = 1.5 * payload / pages  # As packed, and one holds more than another.
        assert link.down <= 1.05 * payload + link.broken * (page + 2048), (link.down, payload)


def test_a_first_sync_over_a_long_line():
    with world(1) as here:
        hub_port = newcomers(here, "eva", "fay")
        for name, delay, rate in (("eva", 0.01, None), ("fay", 0.3, 64_000)):
            with Link(here.port, hub_port, delay, rate):
                result = here.node(name, "sync", "--json").json
            print(f"        {CASES} cases, {2000 * delay:.0f} ms there and back, "
                  f"{rate or 'any number of'} bytes/s: {result['durationMs']} ms, "
                  f"{result['roundTrips']} round trips, {result['down']['bytes']} bytes down")
            assert result["result"] == "caughtUp" and result["roundTrips"] <= 3, result
        assert rows_of(here, "eva") == rows_of(here, "fay")
