"""A small world of real programs: one hub on loopback, and the nodes of three people.

ana and ben review, ben the banking tickets alone; sam is a senior. Everything lives in one folder,
which is thrown away.
"""
import atexit
import contextlib
import csv
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILT = pathlib.Path(os.environ.get("COUNTERSIGN_BIN", ROOT / ".build" / "debug"))
SAMPLES = ROOT / "Samples"
PEOPLE = {
    "ana": [],
    "ben": ["--workflows", "banking"],
    "sam": ["--role", "senior"],
}
PROGRAMS = ["countersign", "countersign-hub"]
PATIENCE = int(os.environ.get("COUNTERSIGN_PATIENCE", 120))  # Seconds until a program counts as hung.


def copied():
    """The programs under test, copied so that a build in the meantime does not change them."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="countersign-bin-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for program in PROGRAMS:
        shutil.copy(BUILT / program, folder)
    return folder


BIN = copied()


class Skipped(Exception):
    """Why a test cannot be had on this machine, or was not asked for."""


class Result:
    """What a program printed, and how it ended."""

    def __init__(self, arguments, code, out, err):
        self.arguments, self.code, self.out, self.err = arguments, code, out, err

    def __repr__(self):
        return f"{' '.join(self.arguments)} -> {self.code}\n{self.out[-2000:]}{self.err[-2000:]}"

    @property
    def rows(self):
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def json(self):
        rows = self.rows
        assert len(rows) == 1, f"one object was expected: {self}"
        return rows[0]

    @property
    def error(self):
        """`error` of the last line on stderr."""
        return json.loads(self.err.splitlines()[-1])["error"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tickets(count):
    """So many banking tickets, one JSON line each; beyond those there are, the same under new names."""
    lines = (SAMPLES / "banking" / "cases.jsonl").read_text().splitlines()
    again = (
        json.dumps(json.loads(line) | {"id": f"{json.loads(line)['id']}-{turn}"})
        for turn in range(1, 1 + count // len(lines)) for line in lines
    )
    return (lines + list(again))[:count]


class World:
    def __init__(self, folder, port):
        self.folder, self.port = pathlib.Path(folder), port
        self.serving = None
        # A clean environment: the tests say what they depend on.
        self.environment = {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "COUNTERSIGN_HUB_DATA": str(self.folder / "hub"),
        }

    # What people type

    def start(self, program, *arguments, home=None, **options):
        more = {"COUNTERSIGN_HOME": str(home)} if home else {}
        return subprocess.Popen(
            [program, *map(str, arguments)], env=self.environment | more, cwd=self.folder,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
        )

    def run(self, program, *arguments, home=None, stdin="", code=0):
        """Runs a program to its end. It must end with `code`, unless that is None."""
        given = stdin if isinstance(stdin, bytes) else stdin.encode()
        process = self.start(program, *arguments, home=home, stdin=subprocess.PIPE)
        try:
            out, err = process.communicate(given, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"hung: {program} {arguments}\n{out[-500:]}\n{err[-500:]}")
        text = [stream.decode("utf-8", "backslashreplace") for stream in (out, err)]
        result = Result([program, *map(str, arguments)], process.returncode, *text)
        assert code is None or result.code == code, f"exit {code} was expected: {result}"
        return result

    def hub(self, *arguments, **options):
        return self.run("countersign-hub", *arguments, **options)

    def home(self, person):
        return self.folder / person

    def node(self, person, *arguments, **options):
        return self.run("countersign", *arguments, home=self.home(person), **options)

    def start_node(self, person, *arguments, **options):
        return self.start("countersign", *arguments, home=self.home(person), **options)

    def sync(self, *people, code=0):
        return [self.node(person, "sync", "--json", code=code).json for person in people]

    # The hub as a server

    def serve(self, port=None, host="127.0.0.1", options=()):
        log = open(self.folder / "serve.log", "ab")
        port = port or self.port
        self.serving = subprocess.Popen(
            ["countersign-hub", "serve", "--listen", f"{host}:{port}", *options],
            env=self.environment, cwd=self.folder, stdout=log, stderr=log,
            preexec_fn=lambda: None,
        )
        for _ in range(PATIENCE * 20):
            assert self.serving.poll() is None, (self.folder / "serve.log").read_text()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                return
            time.sleep(0.05)
        raise AssertionError("the hub does not listen")

    def restart(self, **options):
        self.stop()
        self.serve(**options)

    def stop(self, how=signal.SIGTERM):
        """Ends the hub's server, if it runs, and returns its exit code."""
        if self.serving is None:
            return None
        self.serving.send_signal(how)
        code = self.serving.wait(timeout=PATIENCE)
        self.serving = None
        return code

    # The beginning of every test

    def settle(self, cases=60):
        """Policies, people, `cases` banking tickets and the small workflows; all synced, hub off."""
        self.serve()
        for workflow in ("banking", "replies", "refunds"):
            self.hub("policy", "activate", SAMPLES / workflow / "policy.yaml", "--by", "olga")
        for person, options in PEOPLE.items():
            self.hub("reviewer", "add", person, *options)
        lines = tickets(cases)
        for workflow in ("replies", "refunds"):
            lines += (SAMPLES / workflow / "cases.jsonl").read_text().splitlines()
        self.hub("intake", "-", stdin="\n".join(lines) + "\n")
        for person in PEOPLE:
            token = self.hub("reviewer", "token", person, "--json").json["token"]
            path = self.folder / f"{person}.token"
            path.write_text(token)
            self.node(
                person, "enrol", f"http://127.0.0.1:{self.port}", "--token-file", path,
                "--name", f"{person}-laptop",
            )
            self.sync(person)
        assert self.stop() == 0, "the hub stops cleanly on SIGTERM"


TEMPLATE = {}


@contextlib.contextmanager
def world(cases=60):
    """A settled world of its own, copied from one that is made once for each size."""
    if cases not in TEMPLATE:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="countersign-"))
        made = World(folder / "world", free_port())
        made.folder.mkdir()
        try:
            made.settle(cases)
        finally:
            made.stop(signal.SIGKILL)
        TEMPLATE[cases] = made
    folder = pathlib.Path(tempfile.mkdtemp(prefix="countersign-"))
    copy = World(folder / "world", TEMPLATE[cases].port)
    shutil.copytree(TEMPLATE[cases].folder, copy.folder)
    try:
        yield copy
    finally:
        copy.stop(signal.SIGKILL)
        shutil.rmtree(folder)


def tidy():
    for made in TEMPLATE.values():
        shutil.rmtree(made.folder.parent, ignore_errors=True)


def gold():
    """The true intent of each banking ticket, and what the model said."""
    with open(SAMPLES / "banking" / "gold.csv", encoding="utf-8") as rows:
        return {row["case"]: row for row in csv.DictReader(rows)}


def verdicts(person, cases=60, differ=7):
    """Lines for `decide`: the truth, but ben takes every `differ`th ticket for something else."""
    lines = []
    for number, (case, row) in enumerate(list(gold().items())[:cases]):
        label = row["gold"]
        if person == "ben" and number % differ == 3:
            label = "atm_support" if label == "age_limit" else "age_limit"
        lines.append({"case": case, "label": label, "key": f"{person}-{number}"})
    return "".join(json.dumps(line) + "\n" for line in lines)


# Networks as they are

@contextlib.contextmanager
def portal(port, body=b"<html><body>Welcome! Please sign in.</body></html>"):
    """Something that answers everything with a page, as a hotel does."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        allow_reuse_address = True

    server = Server(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def cut_after(reply_bytes, port, hub_port):
    """A line to the hub that breaks after so many bytes of each reply."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()

    def upward(client, hub):
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                hub.sendall(data)
            hub.shutdown(socket.SHUT_WR)

    def downward(client):
        with contextlib.suppress(OSError), client:
            with socket.create_connection(("127.0.0.1", hub_port)) as hub:
                threading.Thread(target=upward, args=(client, hub), daemon=True).start()
                left = reply_bytes
                while left and (data := hub.recv(min(left, 65536))):
                    client.sendall(data)
                    left -= len(data)
                client.shutdown(socket.SHUT_RDWR)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=downward, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
