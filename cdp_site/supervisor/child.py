"""One process of the installation."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from cdp_site.supervisor.console import Console
from cdp_site.supervisor.guardian import exists

FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 30.0
STEADY_SECONDS = 60.0  # after so long, a death counts as the first again


class Child:
    """Runs in a session and process group of its own, so that Ctrl-C reaches the supervisor alone.

    `once`: it is expected to end, and is not started again.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        console: Console,
        *,
        cwd: Path,
        env: Mapping[str, str],
        once: bool = False,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.console = console
        self.cwd = cwd
        self.env = {**os.environ, **env}
        self.once = once
        self.process: subprocess.Popen[str] | None = None
        self.started_at = 0.0
        self.delay = FIRST_DELAY_SECONDS
        self.start_again_at: float | None = None

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        self.start_again_at = None
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command, cwd=self.cwd, env=self.env, text=True, errors="replace", bufsize=1,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self._relay, args=(self.process,), daemon=True).start()

    def _relay(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            self.console.relay(self.name, line.rstrip("\r\n"))

    def schedule_restart(self) -> float:
        """After a death; waits twice as long each time. The seconds until the next start."""
        now = time.monotonic()
        if now - self.started_at > STEADY_SECONDS:
            self.delay = FIRST_DELAY_SECONDS
        wait, self.delay = self.delay, min(self.delay * 2, LONGEST_DELAY_SECONDS)
        self.start_again_at = now + wait
        return wait

    def ask_to_stop(self) -> None:
        """To the leader alone: web server and worker stop their own children in order."""
        if self.is_running:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    @property
    def is_gone(self) -> bool:
        """Neither it nor anything that it started is left."""
        return self.process is None or (self.process.poll() is not None and not exists(self.pid))

    def kill(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()
