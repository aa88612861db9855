"""`python -m bench [CASE ...]`: runs the cases one after the other, each in a process of its own."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.common import FOLDER, Result, report

CASES = ("load", "segments", "search", "send")


def main() -> None:
    chosen = [name for name in sys.argv[1:] if name in CASES] or CASES
    options = [option for option in sys.argv[1:] if option not in CASES]
    FOLDER.mkdir(parents=True, exist_ok=True)
    found: list[Result] = []
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        for name in chosen:
            file = Path(folder) / f"{name}.json"
            subprocess.run([sys.executable, "-m", f"bench.{name}", "--json", str(file), *options], check=True)
            found += [Result(**row) for row in json.loads(file.read_text())]
    print()
    report(found, FOLDER / "results.json")
    print(f"\nAs JSON: {FOLDER / 'results.json'}")


if __name__ == "__main__":
    main()
