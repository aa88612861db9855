"""Starts the processes, keeps them running, and ends them all."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from cdp_site.supervisor.child import Child
from cdp_site.supervisor.console import Console
from core import embedded

TICK_SECONDS = 0.2
SERVERS_SECONDS = 5.0  # how often to look after the embedded servers
STOP_SECONDS = 8.0
SAME_SIGNAL_SECONDS = 0.5  # make and the terminal may both pass on one Ctrl-C


class Supervisor:
    def __init__(self, root: Path, data: Path, console: Console, env: Mapping[str, str]) -> None:
        self.root = root
        self.data = data
        self.console = console
        self.env = env
        self.children: list[Child] = []
        self.stop_asked_at: float | None = None
        self.is_impatient = False
        self._guardian: subprocess.Popen[str] | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self.stop_asked_at is None:
            self.stop_asked_at = now
        elif now - self.stop_asked_at > SAME_SIGNAL_SECONDS:
            self.is_impatient = True

    @property
    def is_stopping(self) -> bool:
        return self.stop_asked_at is not None

    def start_guardian(self) -> None:
        """Before any child. Waits until the guardian of a killed run has ended what that run left."""
        self._guardian = subprocess.Popen(
            [sys.executable, "-m", "cdp_site.supervisor.guardian", str(self.data / "guardian.lock")],
            cwd=self.root, stdin=subprocess.PIPE, text=True, bufsize=1, start_new_session=True,
        )  # fmt: skip

    def _tell_guardian(self, change: str, child: Child) -> None:
        assert self._guardian
        assert self._guardian.stdin
        with suppress(BrokenPipeError):
            self._guardian.stdin.write(f"{change}{child.pid}\n")

    def add(self, name: str, command: Sequence[str], *, once: bool = False) -> Child:
        child = Child(name, command, self.console, cwd=self.root, env=self.env, once=once)
        self.children.append(child)
        self._start(child)
        return child

    def _start(self, child: Child) -> None:
        child.start()
        self._tell_guardian("+", child)

    def watch(self) -> None:
        """Returns when somebody asked to stop."""
        looked = time.monotonic()
        while not self.is_stopping:
            time.sleep(TICK_SECONDS)
            self.tick()
            if time.monotonic() - looked > SERVERS_SECONDS:
                looked = time.monotonic()
                self._look_after_servers()

    def tick(self) -> None:
        """Notices deaths, and starts again what is due."""
        for child in list(self.children):
            if child.start_again_at is not None:
                if time.monotonic() >= child.start_again_at:
                    self._start(child)
            elif not child.is_running:
                self._on_death(child)

    def _on_death(self, child: Child) -> None:
        assert child.process
        code = child.process.returncode
        child.kill()  # whatever it left behind
        self._tell_guardian("-", child)
        if child.once:
            self.children.remove(child)
            if code:
                self.console.say(f"{child.name} failed ({_reason(code)}). See {self.console.folder / child.name}.log")
        else:
            wait = child.schedule_restart()
            self.console.say(f"{child.name} ended ({_reason(code)}): starting it again in {wait:.0f} s")

    def _look_after_servers(self) -> None:
        """Starts an embedded server again whose keeper was killed."""
        try:
            if not os.environ.get("DATABASE_URL"):
                embedded.database_url(self.data)
            if not os.environ.get("REDIS_URL"):
                embedded.redis_url(self.data)
        except embedded.EmbeddedServerError as error:
            self.console.say(str(error))

    def stop(self) -> None:
        """Ends every process. A second signal, or too long a wait, ends them at once."""
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        while not all(child.is_gone for child in self.children):
            if time.monotonic() > deadline or self.is_impatient:
                break
            time.sleep(0.05)
        for child in self.children:
            child.kill()
        if self._guardian and self._guardian.stdin:
            for child in self.children:
                self._tell_guardian("-", child)
            self._guardian.stdin.close()
            self._guardian.wait()
        embedded.release(self.data)


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
