"""Writes requirements.lock: every package of a fresh installation of all requirements files, with its version."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = ("requirements-dev.txt", "requirements-node.txt")
HEADER = "# Written by `make lock`: every package, pinned. Used as constraints by every installation.\n"


def main() -> None:
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        python = Path(folder) / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        wanted = [part for name in FILES for part in ("-r", str(ROOT / name))]
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *wanted], check=True)
        frozen = subprocess.run([str(python), "-m", "pip", "freeze"], check=True, capture_output=True, text=True).stdout
    pins = [line for line in frozen.splitlines() if re.match(r"^[\w.-]+==[\w.+!-]+$", line)]
    (ROOT / "requirements.lock").write_text(HEADER + "\n".join(sorted(pins, key=str.lower)) + "\n")


if __name__ == "__main__":
    main()
