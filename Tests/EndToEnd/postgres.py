#!/usr/bin/env python3
"""A PostgreSQL server of our own, in a folder that is thrown away.

    Tests/EndToEnd/postgres.py --missing     says why there can be none here, or nothing
    Tests/EndToEnd/postgres.py COMMAND...    runs a command beside one, which is told where it is
"""
import contextlib
import itertools
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# Debian keeps the programs of a server out of the way, one folder for each version.
FOLDERS = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
VARIABLE = "COUNTERSIGN_TEST_DATABASE"


def program(name):
    return shutil.which(name, path=os.pathsep.join([*map(str, FOLDERS), os.environ["PATH"]]))


def missing():
    """Why there can be no server here; empty where there can."""
    lacks = [name for name in ("initdb", "postgres", "psql") if not program(name)]
    if lacks:
        return f"there is no {' and no '.join(lacks)} here (Debian: postgresql)"
    if os.getuid() == 0 and subprocess.run(["id", "postgres"], capture_output=True).returncode:
        return "no server runs as root, and there is no user `postgres` here"
    return ""


class Server:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="countersign-pg-"))
        # A server refuses to run as root.
        self.owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        if self.owner:
            shutil.chown(self.folder, "postgres", "postgres")
        self.folder.chmod(0o700)
        self.data = self.folder / "data"
        self.numbers = itertools.count(1)
        self.process = None
        self.call("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def call(self, name, *arguments):
        done = subprocess.run(
            [program(name), *map(str, arguments)], cwd=self.folder, capture_output=True, text=True,
            **self.owner,
        )
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self):
        log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [program("postgres"), "-D", self.data, "-k", self.folder, "-c", "listen_addresses="],
            cwd=self.folder, stdout=log, stderr=log, **self.owner,
        )
        for _ in range(600):
            assert self.process.poll() is None, (self.folder / "log").read_text()
            with contextlib.suppress(AssertionError):
                return self.say("SELECT 1")
            time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def stop(self, how=signal.SIGINT):
        """Ends it: SIGINT with all its connections, SIGQUIT as a crash would."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait(timeout=60)
            self.process = None

    def say(self, text, database="postgres"):
        """What psql answers, a row a line, its columns between bars."""
        return self.call(
            "psql", "-h", self.folder, "-U", "postgres", "-d", database, "-XAtq",
            "-v", "ON_ERROR_STOP=1", "-c", text,
        ).strip()

    @property
    def address(self):
        return f"host={self.folder} user=postgres dbname=postgres"

    def database(self):
        """The name of a new, empty one."""
        name = f"hub{next(self.numbers)}"
        self.say(f"CREATE DATABASE {name}")
        return name

    def url(self, database):
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    if sys.argv[1:] == ["--missing"]:
        print(missing(), end="")
        return 0
    if why := missing():
        print(why, file=sys.stderr)
        return 1
    with Server() as server:
        return subprocess.run(sys.argv[1:], env=os.environ | {VARIABLE: server.address}).returncode


if __name__ == "__main__":
    sys.exit(main())
