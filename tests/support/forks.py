"""Processes of the site that begin at once: Django is loaded in one, and each of them is a fork of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from itertools import count
from pathlib import Path
from typing import IO, Any

import pytest
from django.conf import settings

from tests.support.processes import environment

# For each line, a path, a process of its own runs the code, which prints there; the answer is its number. Where the
# line is a number, it waits until that process is gone.
_PARENT = """
import os, sys, django
django.setup()
code = compile(sys.argv[1], "forked", "exec")
for line in sys.stdin:
    if line.strip().isdecimal():
        os.waitpid(int(line), 0)
        print("gone", flush=True)
        continue
    child = os.fork()
    if not child:
        os.dup2(os.open(line.strip(), os.O_WRONLY), 1)
        exec(code)
        os._exit(0)
    print(child, flush=True)
"""


class Fork:
    """One such process; `said`: what it prints, to its end."""

    def __init__(self, parent: "subprocess.Popen[str]", path: Path) -> None:
        assert parent.stdin
        assert parent.stdout
        self._asked, self._answers = parent.stdin, parent.stdout
        os.mkfifo(path)
        self._asked.write(f"{path}\n")
        self.pid = int(self._answers.readline())
        self.said: IO[str] = path.open()

    def kill(self) -> None:
        """As `kill -9` does. It is gone then."""
        os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def end(self) -> None:
        if not self.said.closed:
            self.kill()

    def wait(self) -> None:
        """Until it is gone, whatever it still has to say."""
        self.said.read()
        self.said.close()
        self._asked.write(f"{self.pid}\n")
        assert self._answers.readline() == "gone\n"


@pytest.fixture
def forks(transactional_db: None, tmp_path: Path) -> Iterator[Callable[[str], Fork]]:
    """`forks(code)`: a process that runs this code on what the test sees, as it is set when the first one starts."""
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    numbers = count()
    with ExitStack() as stack:

        @cache
        def parent(code: str) -> "subprocess.Popen[str]":
            command = [sys.executable, "-c", _PARENT, code]
            process = stack.enter_context(
                subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment(), **pipes)  # noqa: S603
            )
            stack.callback(process.stdin.close)
            return process

        def fork(code: str) -> Fork:
            made = Fork(parent(code), tmp_path / f"fork-{next(numbers)}")
            stack.callback(made.end)
            return made

        yield fork
