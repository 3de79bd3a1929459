"""A hub with cases of one workflow, all of them for ana: made by the programs themselves, in bulk."""
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from world import SAMPLES, World, free_port

from yardsticks import clock

POLICY = """
workflow: bench
labels: [yes-please, no-thanks]
"""


def cases(count, start=0):
    source = json.loads((SAMPLES / "banking" / "cases.jsonl").read_text().splitlines()[1])
    for number in range(start, start + count):
        yield json.dumps(source | {
            "workflow": "bench", "id": f"C-{number:07}", "label": "yes-please",
            "output": {"answer": "yes-please"},
        }) + "\n"


def verdicts(count, start=0):
    return "".join(
        json.dumps({"case": f"bench/C-{number:07}", "label": "yes-please"}) + "\n"
        for number in range(start, start + count)
    )


class Fixture(World):
    def begin(self):
        (self.folder / "bench.yaml").write_text(POLICY)
        self.serve()
        self.hub("policy", "activate", self.folder / "bench.yaml", "--by", "olga")
        self.hub("reviewer", "add", "ana")

    def enrol(self, home="ana", port=None):
        token = self.hub("reviewer", "token", "ana", "--json").json["token"]
        path = self.folder / f"{home}.token"
        path.write_text(token)
        address = f"http://127.0.0.1:{port or self.port}"
        self.node(home, "enrol", address, "--token-file", path)

    def intake(self, count, start=0):
        """Takes so many cases in, and tells how many a second."""
        given = "".join(cases(count, start))
        return count / clock(lambda: self.hub("intake", "-", "--json", stdin=given))

    def measured(self, home, *arguments, stdin=""):
        """Runs a command on a node: what it printed, its seconds, its CPU seconds, its MiB."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as printed:
            given.write(stdin.encode())
            given.seek(0)
            began = time.monotonic()
            process = subprocess.Popen(
                ["countersign", *arguments], stdin=given, stdout=printed, stderr=subprocess.DEVNULL,
                cwd=self.folder, env=self.environment | {"COUNTERSIGN_HOME": str(self.home(home))},
            )
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - began
            printed.seek(0)
            out = printed.read().decode()
            assert status == 0, out[-500:]
        return Measured(out, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    def hub_seconds(self):
        """The CPU seconds that the hub has had."""
        fields = pathlib.Path(f"/proc/{self.serving.pid}/stat").read_text().split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


class Measured:
    def __init__(self, out, seconds, cpu, memory):
        self.out, self.seconds, self.cpu, self.memory = out, seconds, cpu, memory

    @property
    def json(self):
        return json.loads(self.out)


@contextlib.contextmanager
def fixture():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="countersign-bench-"))
    here = Fixture(folder, free_port())
    try:
        here.begin()
        yield here
    finally:
        here.stop()
        shutil.rmtree(folder)
