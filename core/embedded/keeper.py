"""Keeps one embedded server: starts it, restarts it when it dies, stops it when nobody uses it any more.

`python -m core.embedded.keeper postgres|broker DATA` returns when the server answers and leaves the keeper behind.
It prints what is wrong, and returns 1, when the server cannot run.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from types import FrameType

from core.embedded import locks
from core.embedded.broker import Broker
from core.embedded.postgres import Postgres
from core.embedded.server import EmbeddedServerError, Server

TICK_SECONDS = 0.2
LINGER_SECONDS = 1.5  # so that commands one after another find it running
READY_SECONDS = 120  # recovery after a crash takes its time
STOP_SECONDS = 60
RESTARTS = 5
RESTART_WINDOW_SECONDS = 60
LOG_BYTES = 5_000_000
READY = b"ready"
_PARENT_DEATH = 1  # linux/prctl.h: PR_SET_PDEATHSIG

SERVERS: dict[str, type[Server]] = {"postgres": Postgres, "broker": Broker}


class Keeper:
    def __init__(self, server: Server) -> None:
        self.server = server
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths: list[float] = []
        self.hurry = False

    def start(self) -> None:
        """Returns when the server answers. Raises EmbeddedServerError."""
        server = self.server
        self._end_left_over()
        lock = locks.acquire(server.server_lock, wait=False)
        if lock is None:
            raise EmbeddedServerError(f"A server still runs in {server.folder}.")
        server.prepare()
        if server.log.exists() and server.log.stat().st_size > LOG_BYTES:
            server.log.replace(server.log.with_name("log.1"))
        command = server.command(server.choose_port())
        with server.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=server.folder,
                env=server.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock],
                preexec_fn=self._in_the_server,
            )
        os.close(lock)
        self._await_ready()

    def _in_the_server(self) -> None:
        self.server.before_exec()
        if sys.platform == "linux":  # a server without its keeper would run for ever
            ctypes.CDLL(None).prctl(_PARENT_DEATH, self.server.stop_signal, 0, 0, 0)

    def _await_ready(self) -> None:
        assert self.process
        deadline = time.monotonic() + READY_SECONDS
        while not self.server.is_ready(self.process.pid):
            if self.process.poll() is not None:
                raise EmbeddedServerError(f"It ended at once: {_last_lines(self.server.log)}")
            if time.monotonic() > deadline:
                self.stop()
                raise EmbeddedServerError(f"It did not answer within {READY_SECONDS} s: {_last_lines(self.server.log)}")
            time.sleep(0.02)

    def _end_left_over(self) -> None:
        """Ends a server whose keeper was killed: it is unwatched, and holds the lock of its folder."""
        deadline = time.monotonic() + STOP_SECONDS
        while not locks.is_free(self.server.server_lock):
            pid = self.server.left_over_pid()
            if pid:
                with suppress(ProcessLookupError):
                    os.kill(pid, self.server.stop_signal)
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"A server from before still runs in {self.server.folder}. End it first.")
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.server.stop_signal)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def keep(self) -> None:
        """Returns when nobody has used the server for a moment and it has stopped."""
        assert self.process
        unused_since = None
        while True:
            time.sleep(TICK_SECONDS)
            if self.process.poll() is not None:
                self._restart()
            if not locks.is_free(self.server.users_lock):
                unused_since = None
                continue
            unused_since = unused_since or time.monotonic()
            if (self.hurry or time.monotonic() - unused_since >= LINGER_SECONDS) and self._stop_if_unused():
                return

    def _restart(self) -> None:
        now = time.monotonic()
        self.deaths = [died for died in self.deaths if now - died < RESTART_WINDOW_SECONDS] + [now]
        if len(self.deaths) > RESTARTS:
            raise EmbeddedServerError(f"It died {len(self.deaths)} times within a minute.")
        with locks.held(self.server.start_lock):
            self.start()

    def _stop_if_unused(self) -> bool:
        """Nobody can begin to use it meanwhile: that takes the start lock too."""
        start = locks.acquire(self.server.start_lock, wait=False)
        if start is None:
            return False
        try:
            if not locks.is_free(self.server.users_lock):
                return False
            self.stop()
            self.server.keeper_lock.unlink()
            return True
        finally:
            os.close(start)

    def on_terminate(self, number: int, frame: FrameType | None) -> None:
        self.hurry = True


def _last_lines(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:])


def _in_background(server: Server, answer: int) -> None:
    """The keeper's whole life. `answer` gets "ready" when the server is up, else what is wrong."""
    os.setsid()
    with open(os.devnull, "r+b") as nothing, server.log.open("ab") as log:
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
        os.dup2(log.fileno(), 2)
    keeper = Keeper(server)
    signal.signal(signal.SIGTERM, keeper.on_terminate)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    lock = locks.acquire(server.keeper_lock, wait=False)
    if lock is None:
        os.write(answer, b"Another keeper is at work.")
        return
    (server.folder / "keeper.json").write_text(json.dumps({"pid": os.getpid()}))
    try:
        keeper.start()
    except (EmbeddedServerError, OSError, subprocess.SubprocessError) as error:
        keeper.stop()
        os.write(answer, str(error).encode())
        return
    except Exception as error:
        keeper.stop()
        os.write(answer, f"Its keeper failed: {error!r}".encode())
        raise
    os.write(answer, READY)
    os.close(answer)
    keeper.keep()


def main(name: str, data: str) -> int:
    server = SERVERS[name](Path(data))
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(reading)
        try:
            _in_background(server, writing)
        except Exception:
            traceback.print_exc()  # into the server's log
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    if said == READY:
        return 0
    print(said.decode())
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
