"""`python -m bench [CASE ...]`: runs the cases one after the other, each in a process of its own."""

import json
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from bench.common import FOLDER, Result, report

CASES = ("load", "segments", "search", "send", "refresh")


def main(argv: Sequence[str] | None = None) -> None:
    options = _options(argv)
    FOLDER.mkdir(parents=True, exist_ok=True)
    sizes = [f"--{name}={value}" for name in ("people", "runs") if (value := getattr(options, name)) is not None]
    found: list[Result] = []
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        for name in options.cases or CASES:
            file = Path(folder) / f"{name}.json"
            subprocess.run([sys.executable, "-m", f"bench.{name}", f"--json={file}", *sizes], check=True)
            found += [Result(**row) for row in json.loads(file.read_text())]
    print()
    report(found, options.json)
    print(f"\nAs JSON: {options.json}")


def _options(argv: Sequence[str] | None) -> Namespace:
    """`people` and `runs` are None where each case decides; `json` is where all results go together."""
    parser = ArgumentParser(prog="python -m bench")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--people", type=int)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--json", type=Path, default=FOLDER / "results.json")
    options = parser.parse_intermixed_args(argv)
    if unknown := sorted(set(options.cases) - set(CASES)):
        parser.error(f"There is no case {', '.join(unknown)}; there are {', '.join(CASES)}.")
    return options


if __name__ == "__main__":
    main()
