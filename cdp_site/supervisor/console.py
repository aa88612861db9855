"""What the terminal shows: one line at a time, from many processes, each with its name before it."""

import logging.handlers
import os
import sys
import threading
from pathlib import Path

LOG_BYTES = 5_000_000
LOG_FILES = 3
NAME_WIDTH = 7
COLOURS = {"kindred": "1;36", "web": "32", "worker": "35", "beat": "34", "mail": "33", "demo": "36", "bundle": "90"}


class LogFile(logging.handlers.RotatingFileHandler):
    """Where the disk is full, the terminal alone has the line."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass


class Console:
    """Thread-safe. Every process also has its own file in the log folder, without colours."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._lock = threading.Lock()
        self._files: dict[str, LogFile] = {}
        self._colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def say(self, text: str = "") -> None:
        """A line of the supervisor's own."""
        with self._lock:
            print(text, flush=True)
        self._write("kindred", text)

    def relay(self, name: str, line: str) -> None:
        """A line that a process wrote."""
        label = f"{name:<{NAME_WIDTH}}"
        if self._colours:
            label = f"\033[{COLOURS.get(name, '0')}m{label}\033[0m"
        with self._lock:
            print(f"{label} │ {line}", flush=True)
        self._write(name, line)

    def emphasise(self, text: str) -> str:
        return f"\033[1m{text}\033[0m" if self._colours else text

    def _write(self, name: str, line: str) -> None:
        with self._lock:
            if name not in self._files:
                self._files[name] = self._open(name)
            self._files[name].handle(logging.makeLogRecord({"msg": line, "levelno": logging.INFO}))

    def _open(self, name: str) -> LogFile:
        handler = LogFile(self.folder / f"{name}.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        return handler
