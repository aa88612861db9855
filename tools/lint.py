"""`make lint`: every rule that a machine can check. All checks run; the result is 1 when any of them failed.

Names after the command choose: `python tools/lint.py ruff mypy`. `--fix` writes what is generated anew.
"""

import difflib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
OPENAPI = ROOT / "docs" / "openapi.yaml"
# Code and settings are checked, not data: no server is started, and nothing of this machine's environment counts.
OFFLINE = {
    **{name: value for name, value in os.environ.items() if not name.startswith("KINDRED_")},
    "DATABASE_URL": "postgres:///unused",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "only-for-checks",
    "DEBUG": "0",
}
DEPLOYED = OFFLINE | {
    "KINDRED_ENV": "production",
    "SECRET_KEY": "x7" * 40 + "q-z_W%8&kL",
    "ALLOWED_HOSTS": "kindred.example",
    "BASE_URL": "https://kindred.example",
    "DATABASE_URL": "postgres://kindred:secret@db.example/kindred",
    "REDIS_URL": "redis://redis.example/0",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example:587",
    "DEFAULT_FROM_EMAIL": "Shop <hello@shop.example>",
    "KINDRED_DATA": "/var/lib/kindred",
}


def call(*command: str, env: dict[str, str] = OFFLINE) -> bool:
    return subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode == 0


def manage(*arguments: str, env: dict[str, str] = OFFLINE) -> bool:
    return call(sys.executable, "manage.py", *arguments, env=env)


def program(name: str, *arguments: str) -> bool:
    return call(str(BIN / name), *arguments)


def ruff() -> bool:
    return program("ruff", "check", "--quiet", ".") & program("ruff", "format", "--check", "--quiet", ".")


def mypy() -> bool:
    return program("mypy", "--no-error-summary", ".")


def mac() -> bool:
    """What is asked of the system is there on a Mac, too: types are those of its Python."""
    return program("mypy", "--no-error-summary", "--platform", "darwin", "--cache-dir", ".mypy_cache/darwin", ".")


def layers() -> bool:
    return program("lint-imports", "--no-cache")


def templates() -> bool:
    return program("djlint", "templates", "--lint", "--quiet")


def migrations() -> bool:
    """Compares models with migrations; the database is not asked."""
    quiet = {"PYTHONWARNINGS": "ignore::RuntimeWarning"}  # it would like to ask the database for its history
    return manage("makemigrations", "--check", "--dry-run", env=OFFLINE | quiet)


def deployment() -> bool:
    return manage("check", "--deploy", "--fail-level", "WARNING", env=DEPLOYED)


def openapi() -> bool:
    return _is_current(OPENAPI, "spectacular", "--validate", "--fail-on-warn", "--file")


def schema() -> bool:
    """The JSON Schema of workspace files."""
    return _is_current(ROOT / "docs" / "workspace.schema.json", "workspace", "schema")


def normalisers() -> bool:
    """The page of documentation on them."""
    return _is_current(ROOT / "docs" / "normalisers.md", "normalisers")


def translations() -> bool:
    """Every catalogue compiles, and its placeholders are those of the original."""
    sources = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    return all(_compiles(path) for path in sources)


def _compiles(path: Path) -> bool:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as source:
        catalog = read_po(source, abort_invalid=True)
    problems = [(message, error) for message, errors in catalog.check() for error in errors]
    for message, error in problems:
        print(f"{path.relative_to(ROOT)}:{message.lineno}: {error}")
    with tempfile.TemporaryFile() as target:
        write_mo(target, catalog)
    return not problems


def _is_current(path: Path, *command: str) -> bool:
    """Whether a committed file is what the command writes today; with --fix it is written."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / path.name
        if not manage(*command, str(made)):
            return False
        wanted = made.read_text()
    have = path.read_text() if path.exists() else ""
    if wanted == have:
        return True
    if "--fix" in sys.argv:
        path.write_text(wanted)
        return True
    names = (str(path.relative_to(ROOT)), "as generated now")
    sys.stdout.writelines(list(difflib.unified_diff(have.splitlines(True), wanted.splitlines(True), *names))[:60])
    print(f"{names[0]} is not up to date: python tools/lint.py --fix")
    return False


CHECKS: list[Callable[[], bool]] = [
    ruff, mypy, mac, layers, templates, migrations, deployment, openapi, schema, normalisers, translations
]  # fmt: skip


def main() -> int:
    chosen = {name for name in sys.argv[1:] if not name.startswith("-")}
    failed = []
    for check in CHECKS:
        if chosen and check.__name__ not in chosen:
            continue
        started = time.monotonic()
        good = check()
        print(f"{'ok    ' if good else 'FAILED'} {check.__name__} ({time.monotonic() - started:.1f} s)", flush=True)
        if not good:
            failed.append(check.__name__)
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
