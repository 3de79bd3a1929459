"""Many nodes at once after a week offline, and bad company beside them; figures are printed.

    COUNTERSIGN_NODES=200 Tests/EndToEnd/run "at once"

Every node is a home of its own, made by `countersign enrol`; as many run at a time as `AT_ONCE`.
"""
import concurrent.futures
import contextlib
import json
import os
import random
import socket
import threading
import time

from world import PATIENCE, Skipped, tickets, world

NODES = int(os.environ.get("COUNTERSIGN_NODES", 0))
AT_ONCE, DEVICES, VERDICTS = 16, 10, 20


def crowd(here):
    """`NODES` homes of a tenth as many people, each with a week's verdicts that nobody has yet."""
    people = [f"r{number:03}" for number in range(max(2, NODES // DEVICES))]
    for person in people:
        here.hub("reviewer", "add", person, "--workflows", "banking")
    lines = [json.loads(line) | {"id": f"W-{number:05}"} for number, line in
             enumerate(tickets(30 * len(people)))]
    given = "\n".join(map(json.dumps, lines)) + "\n"
    here.hub("intake", "-", stdin=given)

    def make(number):
        name, person = f"home-{number:03}", people[number % len(people)]
        token = here.folder / f"{name}.token"
        token.write_text(here.hub("reviewer", "token", person, "--json").json["token"])
        here.node(name, "enrol", f"http://127.0.0.1:{here.port}", "--token-file", token)
        here.sync_one(name)
        mine = [row["case"] for row in here.node(name, "list", "--all", "--json").rows][:VERDICTS]
        answers = "".join(json.dumps({"case": case, "label": "age_limit"}) + "\n" for case in mine)
        here.node(name, "decide", stdin=answers)
        return name

    here.sync_one = lambda name: here.node(name, "sync", "--json", code=None)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(make, range(NODES)))


def rush(here, names):
    """All sync, `AT_ONCE` at a time: the median and 95th percentile, in milliseconds."""
    def sync(name):
        began = time.monotonic()
        for _ in range(20):
            result = here.node(name, "sync", "--json", code=None)
            if result.code == 0:
                return (time.monotonic() - began) * 1000, result.json["durationMs"]
            assert result.code == 75, result
            time.sleep(1)
        raise AssertionError(f"never caught up: {result}")

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        took = list(pool.map(sync, names))
    whole, inside = (sorted(values) for values in zip(*took))
    at = lambda values, part: round(values[min(len(values) - 1, int(part * len(values)))])
    return (f"a command took {at(whole, 0.5)} ms (p95 {at(whole, 0.95)}), the sync in it "
            f"{at(inside, 0.5)} ms (p95 {at(inside, 0.95)})"), at(inside, 0.95)


def peak(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as lines:
        return next(line.split(":")[1].strip() for line in lines if line.startswith("VmHWM"))


@contextlib.contextmanager
def bad_company(port):
    """A hundred lines that say a byte now and then, and one client that sends garbage."""
    over, draw = threading.Event(), random.Random(7)

    def drip():
        with contextlib.ExitStack() as lines:
            slow = [lines.enter_context(socket.create_connection(("127.0.0.1", port)))
                    for _ in range(100)]
            while not over.wait(1):
                for line in slow:
                    with contextlib.suppress(OSError):
                        line.send(b"P")

    def rave():
        while not over.is_set():
            with contextlib.suppress(OSError):
                with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
                    line.sendall(draw.choice([b"", b"POST /v1/sync HTTP/1.1\r\nHost: h\r\n"
                                              b"Content-Length: 60000\r\n\r\n"])
                                 + draw.randbytes(60_000))
                    line.recv(1)

    threads = [threading.Thread(target=work, daemon=True) for work in (drip, rave)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(timeout=PATIENCE)


def test_row_14_many_nodes_at_once_are_all_served():
    if not NODES:
        raise Skipped("it takes minutes; COUNTERSIGN_NODES=200 Tests/EndToEnd/run \"at once\"")
    with world() as here:
        here.serve()
        names = crowd(here)
        waiting = sum(here.node(name, "status", "--json").json["outbox"]["entries"] for name in names)
        here.restart()
        began = time.monotonic()
        told, calm = rush(here, names)
        print(f"        {NODES} nodes, {AT_ONCE} at a time, {waiting} entries up in "
              f"{time.monotonic() - began:.0f} s: {told}; peak of the hub {peak(here.serving)}")
        rush(here, names)
        told, quiet = rush(here, names)
        print(f"        once more, with nothing to move: {told}")
        with bad_company(here.port):
            told, beside = rush(here, names)
        print(f"        beside slow and raving clients: {told}; peak {peak(here.serving)}")
        assert beside < 4 * quiet + 500, (quiet, beside)
        verified = here.hub("verify", "--json").json
        assert verified["failures"] == [] and verified["deltas"]["equal"], verified
