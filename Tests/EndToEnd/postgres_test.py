"""A hub whose records are in PostgreSQL (sync.md, row 19): two processes on one database, a server that
goes away, and the way there and back. The programs must be built with it (`--traits Postgres`).
"""
import collections
import concurrent.futures
import contextlib
import itertools
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import stat
import threading
import time
import urllib.error
import urllib.request

import postgres
from agreement import in_agreement
from world import Skipped, World, free_port, tickets, verdicts, world

SEED = int(os.environ.get("COUNTERSIGN_SEED", 20261125))
PEOPLE = ("ana", "ben", "sam")
VARIABLE = "COUNTERSIGN_HUB_DATABASE"


@contextlib.contextmanager
def server_for(here):
    """A server, and what a test can do with it; skipped where the programs cannot speak with one."""
    if why := postgres.missing():
        raise Skipped(why)
    here.environment[VARIABLE] = "postgresql://localhost:1/none"
    refused = here.hub("init", "--data", here.folder / "probe", "--json", code=None).error
    del here.environment[VARIABLE]
    if refused["code"] == "noPostgres":
        raise Skipped("the programs were built without PostgreSQL (`swift build --traits Postgres`)")
    assert refused["code"] == "databaseGone" and refused["retryable"], refused
    with postgres.Server() as server:
        yield server


def move(here, server):
    """Moves the hub into a new database of the server, and returns its name: by a backup."""
    database = server.database()
    here.hub("backup", here.folder / "backup")
    shutil.rmtree(here.folder / "hub")
    restore(here, server, database)
    here.serve()
    here.sync(*PEOPLE)  # Until all have synced, a restored hub seals nothing.
    here.stop()
    return database


def restore(here, server, database):
    here.environment[VARIABLE] = server.url(database)
    here.hub("restore", here.folder / "backup")
    del here.environment[VARIABLE]  # From here on the folder says where the records are.
    assert not (here.folder / "hub" / "hub.sqlite").exists()


class Balancer:
    """What stands before several hubs: gives each connection to the next of those that answer."""

    def __init__(self, port, behind):
        self.behind = itertools.cycle(behind)
        self.count = len(behind)
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        for _ in range(self.count):
            with contextlib.suppress(OSError):
                hub = socket.create_connection(("127.0.0.1", next(self.behind)))
                threading.Thread(target=self.carry, args=(client, hub), daemon=True).start()
                return self.carry(hub, client)
        client.close()

    @staticmethod
    def carry(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def beside(here):
    """A second hub process on the same folder, which is the same hub."""
    other = World(here.folder, free_port())
    other.environment = here.environment
    return other


def test_row_19_two_hubs_on_one_database_are_one_hub_also_when_one_is_killed():
    draw = random.Random(SEED)
    with world(200) as here, server_for(here) as server:
        database = move(here, server)
        first, second = World(here.folder, free_port()), beside(here)
        first.environment = here.environment
        first.serve()
        second.serve()
        ends = threading.Event()
        saved, failed = collections.defaultdict(set), []

        def review(person, count=200):
            lines = verdicts(person, count).splitlines(keepends=True)
            for start in range(0, count, 10):
                rows = here.node(person, "decide", "--json", stdin="".join(lines[start:start + 10])).rows
                saved[person] |= {row["uid"] for row in rows}
                result = here.node(person, "sync", "--json", code=None)
                if result.code not in (0, 75):
                    failed.append(result)

        def send():
            """Cases arrive all the time, by commands beside both servers."""
            lines = [json.dumps(json.loads(line) | {"id": f"N-{number}"})
                     for number, line in enumerate(tickets(60))]
            for start in range(0, 60, 6):
                here.hub("intake", "-", stdin="\n".join(lines[start:start + 6]) + "\n")

        def act():
            """Everybody claims what is decided, by way of either, as soon as it is."""
            while not ends.wait(0.2):
                for row in here.hub("outcomes", "--json").rows[-20:]:
                    if row["state"] == "decided" and not row["sealed"]:
                        here.hub("claim", row["case"], code=None)

        def kill():
            for turn in range(6):
                time.sleep(draw.uniform(0.2, 1.5))
                hub = (first, second)[turn % 2]
                hub.stop(signal.SIGKILL)
                hub.serve()

        with Balancer(here.port, [first.port, second.port]), \
                concurrent.futures.ThreadPoolExecutor(6) as pool:
            actors = [pool.submit(act), pool.submit(act)]
            busy = [pool.submit(review, "ana"), pool.submit(review, "ben"), pool.submit(send),
                    pool.submit(kill)]
            for each in busy:
                each.result()
            ends.set()
            for each in actors:
                each.result()
            assert not failed, f"seed {SEED}: {failed[0]}"
            in_agreement(here, PEOPLE, set().union(*saved.values()))
        assert len(saved["ana"]) == len(saved["ben"]) == 200
        for hub in (first, second):
            assert hub.stop() == 0
        numbers_are_dense(server, database)
        seals = collections.Counter(
            row["case"] for row in here.hub("export", "log", "--json").rows if row["kind"] == "seal"
        )
        assert seals and max(seals.values()) == 1, f"seed {SEED}: a round was sealed twice: {seals}"


def numbers_are_dense(server, database):
    """No number of a feed, of the hub's order or of the events is given twice, and none left out."""
    for table, group in (("feed_row", "feed"), ("event", "1"), ("entry", "1")):
        seq = "hub_seq" if table == "entry" else "seq"
        wrong = server.say(
            f"SELECT {group}, count(*), max({seq}) FROM countersign.{table} GROUP BY {group} "
            f"HAVING count(*) <> max({seq}) OR count(DISTINCT {seq}) <> max({seq})", database
        )
        assert not wrong, f"{table}: {wrong}"


def test_row_19_the_same_set_gives_the_same_outcomes_as_on_sqlite():
    with world(120) as here, server_for(here) as server:
        here.hub("backup", here.folder / "backup")
        for person in ("ana", "ben"):
            here.node(person, "decide", stdin=verdicts(person, 120))
        shutil.copytree(here.folder, here.folder.parent / "before")

        def outcomes(order):
            here.serve()
            for person in order:
                here.sync(person)
            here.sync(*PEOPLE)
            verified = here.hub("verify", "--json").json
            assert verified["failures"] == [], verified
            # The last row of a case is the present one.
            rows = {row["case"]: row["outcome"] for row in here.hub("outcomes", "--json").rows}
            here.stop()
            return rows, verified["deltas"]

        shutil.rmtree(here.folder / "hub")
        here.hub("restore", here.folder / "backup")
        on_sqlite = outcomes(["ana", "ben", "sam"])
        shutil.rmtree(here.folder)
        shutil.copytree(here.folder.parent / "before", here.folder)
        shutil.rmtree(here.folder / "hub")
        restore(here, server, server.database())
        assert outcomes(["sam", "ben", "ana"]) == on_sqlite
        assert len(on_sqlite[0]) >= 120


def test_a_server_that_goes_away_is_told_and_come_back_to():
    draw = random.Random(SEED)
    with world(120) as here, server_for(here) as server:
        move(here, server)
        here.serve()
        lines = verdicts("ana", 120).splitlines(keepends=True)
        for turn in range(6):
            here.node("ana", "decide", stdin="".join(lines[turn * 20:turn * 20 + 20]))
            sync = here.start_node("ana", "sync", "--json")
            time.sleep(draw.uniform(0, 0.3))
            server.stop((signal.SIGQUIT, signal.SIGINT)[turn % 2])
            out, err = sync.communicate(timeout=120)
            assert sync.returncode in (0, 75), (sync.returncode, out, err)
            problem = ready(here)
            assert problem["status"] == 503 and problem["retryable"], problem
            assert problem["code"] == "databaseGone", problem
            told = here.hub("cases", "--json", code=75).error
            assert told["code"] == "databaseGone" and told["retryable"], told
            server.start()
            assert ready(here) == {"status": "ready"}, "the next request makes a new connection"
        assert here.sync("ana")[0]["outbox"] == 0
        history = here.node("ana", "history", "--json").rows
        assert len(history) == 120 and all(row["receipt"] for row in history)
        here.stop()
        assert here.hub("verify", "--json").json["failures"] == []


def ready(here):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{here.port}/readyz", timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


def test_a_hub_in_a_database_is_made_backed_up_erased_from_and_brought_home():
    with world() as here, server_for(here) as server:
        database = server.database()
        given = here.folder / "where"
        given.write_text(server.url(database) + "\n")
        fresh = here.folder / "fresh"
        made = here.hub("init", "--data", fresh, "--database-file", given, "--json").json
        assert not (fresh / "hub.sqlite").exists()
        assert stat.S_IMODE((fresh / "database").stat().st_mode) == 0o600
        assert here.hub("init", "--data", fresh, "--json").json["hub"] == made["hub"], "it is there"
        assert here.hub("verify", "--data", fresh, "--json").json["failures"] == []
        # Another hub's database, one without a hub, and a hub that has its records at home.
        here.environment[VARIABLE] = server.url(server.database())
        assert here.hub("cases", "--data", fresh, "--json", code=65).error["code"] == "notOurs"
        assert here.hub("serve", "--json", code=69).error["code"] == "otherDatabase"
        assert here.hub("cases", "--json").rows, "what is at home is found at home"
        here.environment[VARIABLE] = server.url(database)
        other = here.hub("init", "--data", here.folder / "other", "--json", code=65).error
        assert other["code"] == "otherKeys", other
        del here.environment[VARIABLE]

        move(here, server)
        case = here.hub("cases", "--json").rows[0]["case"]
        here.hub("erase", case, "--by", "olga", "--because", "asked for by letter")
        rows = here.hub("cases", "--json").rows
        assert case not in {row["case"] for row in rows}
        shutil.rmtree(here.folder / "backup")
        here.hub("backup", here.folder / "backup")
        assert here.hub("verify", "--data", here.folder / "backup", "--json").json["failures"] == []
        shutil.rmtree(here.folder / "hub")
        here.hub("restore", here.folder / "backup")
        assert (here.folder / "hub" / "hub.sqlite").exists()
        here.serve()
        here.sync(*PEOPLE)
        assert {row["case"] for row in here.hub("cases", "--json").rows} == {
            row["case"] for row in rows}
        assert here.hub("verify", "--json").json["failures"] == []


def test_a_password_is_told_to_nobody():
    with world() as here, server_for(here):
        secret = "s3cretpassword"
        for address in (f"postgresql://anna:{secret}@127.0.0.1:1/hub", f"postgresql://anna:{secret}%zz@h/x",
                        f"password='{secret}"):
            here.environment[VARIABLE] = address
            for options in ([], ["--json"]):
                result = here.hub("init", "--data", here.folder / "new", *options, code=None)
                assert result.code in (65, 75), result
                assert secret not in result.out + result.err, result
                assert not pathlib.Path(here.folder, "new", "database").exists()
