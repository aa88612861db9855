"""Ends the children of a supervisor that was killed and could not do it itself.

`python -m cdp_site.supervisor.guardian LOCK` reads "+pid" and "-pid" lines from its standard input. When that closes,
whatever is still on the list is ended, with all that it started. LOCK is held until then.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from core.embedded import locks

GRACE_SECONDS = 5


def main(lock: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    handle = locks.acquire(lock)
    groups: set[int] = set()
    for line in sys.stdin:
        change, pid = line[0], int(line[1:])
        if change == "+":
            groups.add(pid)
        else:
            groups.discard(pid)
    end(groups)
    if handle is not None:
        os.close(handle)


def end(groups: set[int]) -> None:
    """Asks the leader of every process group to stop, then kills what is left of the groups."""
    for group in groups:
        with suppress(ProcessLookupError):
            os.kill(group, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while any(exists(group) for group in groups) and time.monotonic() < deadline:
        time.sleep(0.1)
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def exists(group: int) -> bool:
    """Whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]))
