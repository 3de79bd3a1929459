#!/usr/bin/env python3
"""Measures each row of the table of costs at the end of the protocol's design; see README.md.

Called by Tests/Benchmarks/run, which builds the programs and names them in COUNTERSIGN_BIN.
"""
import importlib
import pathlib
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "EndToEnd")]


def main():
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    for path in sorted(HERE.glob("measure_*.py")):
        module = importlib.import_module(path.stem)
        if words and not any(word in path.stem for word in words):
            continue
        print(f"{path.stem.removeprefix('measure_')}: {module.__doc__.splitlines()[0]}", flush=True)
        for row in module.rows(quick="--quick" in sys.argv):
            print(f"  {row}", flush=True)


if __name__ == "__main__":
    main()
