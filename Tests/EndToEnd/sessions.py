"""Plays the transcripts in Samples: types what stands after `$` and compares what is printed.

    # A line of the reader's own.
    $ countersign list --due | head -2        typed into bash, in a settled world with the hub off
    > more of the same command                directly below it, such as a here-document
    banking/B-00000  …                        expected, stdout and stderr as they come
    …                                         any lines, also none
    [exit 65]                                 the exit code, where it is not 0

In an expected line `…` stands for any text. `as ana` changes whose node `countersign` is; `hub on`
and `hub off` start and stop the hub.
"""
import re
import subprocess

from world import PATIENCE, SAMPLES, world

PREPARE = r"""
as() { export COUNTERSIGN_HOME="$HOME/$1"; }
hub() {
    if [ "$1" = on ]; then
        : >serve.out
        countersign-hub serve --listen "127.0.0.1:$HUB_PORT" 2>/dev/null >serve.out & serving=$!
        until grep -q listening serve.out; do kill -0 $serving && sleep 0.05; done
    else
        kill $serving; wait $serving
    fi
}
trap '[ -z "${serving-}" ] || kill $serving 2>/dev/null' EXIT
exec 2>&1
"""


class Step:
    def __init__(self, number, command):
        self.number, self.command, self.expected, self.code = number, command, [], 0


def files():
    return sorted(SAMPLES.glob("*.session"))


def read(path):
    steps = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("$ "):
            steps.append(Step(number, line[2:]))
        elif line.startswith("#"):
            continue
        elif steps and not steps[-1].expected and re.match(r">( |$)", line):
            steps[-1].command += "\n" + line[2:]
        elif ended := re.fullmatch(r"\[exit (\d+)\]", line):
            steps[-1].code = int(ended[1])
        elif steps:
            steps[-1].expected.append(line)
    for step in steps:
        while step.expected and not step.expected[-1]:
            step.expected.pop()  # Empty lines before the next command are for the reader's eye.
    return steps


def pattern(expected):
    """A regular expression for the whole of what a command prints."""
    lines = []
    for line in expected:
        if line.strip() == "…":
            lines.append(r"(?:.*\n)*?")
        else:
            lines.append(".*?".join(map(re.escape, line.split("…"))) + r"\n")
    return re.compile("".join(lines))


def play(path):
    steps = read(path)
    assert steps, f"{path} has no command"
    script = PREPARE
    for step in steps:
        script += f"{step.command}\necho \"@@@ $?\"\n"
    with world() as here:
        done = subprocess.run(
            ["bash"], input=script, text=True, capture_output=True, timeout=PATIENCE,
            cwd=here.folder,
            env=here.environment
            | {"HUB_PORT": str(here.port), "SAMPLES": str(SAMPLES), "TERM": "vt100"},
        )
    printed = re.split(r"@@@ (\d+)\n", done.stdout)
    for step, text, code in zip(steps, printed[::2], printed[1::2]):
        text = "".join(line.rstrip() + "\n" for line in text.splitlines())
        where = f"{path.name}:{step.number}: $ {step.command}\n"
        wanted = "".join(line + "\n" for line in step.expected)
        assert pattern(step.expected).fullmatch(text.rstrip("\n") + "\n" if text.strip() else ""), (
            f"{where}--- expected\n{wanted}--- printed\n{text}"
        )
        assert int(code) == step.code, f"{where}exit {code}, and not {step.code}\n{text}"
    assert len(printed) // 2 == len(steps), f"{path.name} ended early\n{done.stdout}{done.stderr}"
