"""One running installation per data folder."""

import json
import os
from pathlib import Path

from core.embedded import locks


class AlreadyRunning(Exception):
    def __init__(self, pid: int | None, address: str) -> None:
        super().__init__(address)
        self.pid = pid
        self.address = address


def claim(data: Path, address: str) -> int:
    """Takes the data folder for this process until it ends; the lock's handle. Raises AlreadyRunning."""
    lock, note = data / "run.lock", data / "run.json"
    handle = locks.acquire(lock, wait=False)
    if handle is None:
        try:
            other = json.loads(note.read_text())
        except (OSError, ValueError):
            other = {}
        raise AlreadyRunning(other.get("pid"), other.get("address", ""))
    note.write_text(json.dumps({"pid": os.getpid(), "address": address}))
    return handle
