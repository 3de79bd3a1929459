"""Bare things to measure ours against, in the same run: this machine is never twice as fast."""
import contextlib
import os
import socket
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time


def clock(act):
    began = time.monotonic()
    act()
    return time.monotonic() - began


def middle(times, act):
    """The median of so many goes, in milliseconds."""
    return statistics.median(clock(act) * 1000 for _ in range(times))


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


@contextlib.contextmanager
def bare_file(folder):
    """A table of lines in a file of SQLite's own, WAL and synchronous=FULL."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        database = sqlite3.connect(f"{place}/bare.sqlite", isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, line BLOB NOT NULL) STRICT")
        yield database
        database.close()


def bare_commits(folder, count, size=900):
    """How long each of so many commits of one row takes, in milliseconds."""
    row = os.urandom(size)
    with bare_file(folder) as database:
        return [
            clock(lambda: database.execute("INSERT INTO entry (line) VALUES (?)", (row,))) * 1000
            for _ in range(count)
        ]


def bare_rows(folder, count, size=1000, together=256):
    """Rows a second, where so many are committed together."""
    row = os.urandom(size)

    def insert(database):
        for start in range(0, count, together):
            database.execute("BEGIN IMMEDIATE")
            for _ in range(start, min(start + together, count)):
                database.execute("INSERT INTO entry (line) VALUES (?)", (row,))
            database.execute("COMMIT")

    with bare_file(folder) as database:
        return count / clock(lambda: insert(database))


def bare_checks():
    """Ed25519 signatures that one core checks a second, by OpenSSL."""
    spoken = subprocess.run(
        ["openssl", "speed", "-seconds", "1", "ed25519"], capture_output=True, text=True, check=True
    ).stdout
    return float(spoken.splitlines()[-1].split()[-1])


@contextlib.contextmanager
def bare_server(size=1000):
    """A port where every HTTP request gets `size` bytes, and nothing is done."""
    listener = socket.create_server(("127.0.0.1", 0))
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + bytes(size)

    def serve():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    def answer(connection):
        with contextlib.suppress(OSError), connection:
            while connection.recv(65536):
                connection.sendall(reply)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
