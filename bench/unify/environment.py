"""splink's own environment in the benchmarks' folder: nothing of it belongs into the product's."""

import hashlib
import subprocess
import sys
from pathlib import Path

from bench.unify.sets import HOME, ROOT

REQUIREMENTS = ROOT / "requirements-bench.txt"


def python() -> Path:
    """The interpreter of the environment, made or brought up to date where needed."""
    folder = HOME / "venv"
    stamp, wanted = folder / ".installed", hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    program = folder / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != wanted:
        print("Making an environment for splink …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([program, "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS], check=True)
        stamp.write_text(wanted)
    return program
