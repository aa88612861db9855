"""The user's side: have the server running, and hold on to it."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from core.embedded import locks
from core.embedded.server import EmbeddedServerError, Server

CHECKOUT = Path(__file__).resolve().parent.parent.parent
STOP_SECONDS = 60  # PostgreSQL writes everything down first
_held: dict[Path, int] = {}

__all__ = ["EmbeddedServerError", "release", "starting", "use"]


def starting(data: Path) -> AbstractContextManager[None]:
    """Held by whoever makes something in the data folder for the first time."""
    return locks.held(data / "start.lock")


def use(server: Server) -> str:
    """Starts the server where it is not running and holds on to it until this process ends; its address."""
    try:
        server.folder.mkdir(parents=True, exist_ok=True)
        with locks.held(server.start_lock):
            if server.folder not in _held:
                _held[server.folder] = _hold(server)
            if locks.is_free(server.keeper_lock):
                _start_keeper(server)
            return server.url()
    except PermissionError as error:
        raise EmbeddedServerError(
            f"{server.label} cannot use {server.folder}: {error.strerror}. It belongs to another user, perhaps because "
            f"Kindred was started as root before. Give the folder to yourself, or set KINDRED_DATA to another one."
        ) from error


def _hold(server: Server) -> int:
    handle = locks.acquire(server.users_lock, shared=True)
    assert handle is not None
    return handle


def _start_keeper(server: Server) -> None:
    """Returns when the server answers. The keeper lives in a session of its own, so Ctrl-C does not reach it."""
    command = [sys.executable, "-m", "core.embedded.keeper", server.name, str(server.data)]
    answer = subprocess.run(
        command, cwd=CHECKOUT, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    if answer.returncode:
        raise EmbeddedServerError(
            f"{server.label} did not start. {(answer.stdout or answer.stderr).strip()}\n"
            f"Its log is {server.log}. To use a server of your own instead, set {server.setting}."
        )


def release(server: Server) -> None:
    """Lets go; returns when the server has stopped, or at once when others still use it or it is not ours."""
    handle = _held.pop(server.folder, None)
    if handle is None:
        return
    os.close(handle)
    keeper = _keeper_pid(server)
    deadline = time.monotonic() + STOP_SECONDS
    while keeper and not locks.is_free(server.keeper_lock) and time.monotonic() < deadline:
        if not _unused(server):
            return
        _hurry(keeper)
        time.sleep(0.05)


def _unused(server: Server) -> bool:
    """Asked more than once: the keeper takes the lock for an instant whenever it looks."""
    for _attempt in range(3):
        if locks.is_free(server.users_lock) or not locks.is_free(server.start_lock):
            return True
        time.sleep(0.02)
    return False


def _keeper_pid(server: Server) -> int | None:
    try:
        pid: int = json.loads((server.folder / "keeper.json").read_text())["pid"]
    except (OSError, ValueError, KeyError):
        return None
    return pid


def _hurry(keeper: int) -> None:
    """A keeper that gets SIGTERM does not linger; it still stops only what nobody uses."""
    with suppress(ProcessLookupError):
        os.kill(keeper, signal.SIGTERM)
