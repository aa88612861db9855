"""File locks. The system releases them when the last process that holds the open file ends, even by `kill -9`."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def acquire(path: Path, *, shared: bool = False, wait: bool = True) -> int | None:
    """An open, locked file descriptor, or None when somebody else has the lock and `wait` is false.

    Forked children share the lock; programs started with exec do not inherit it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    try:
        fcntl.flock(handle, mode)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Holds the lock alone for the length of a block."""
    handle = acquire(path)
    assert handle is not None
    try:
        yield
    finally:
        os.close(handle)


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock at this moment."""
    handle = acquire(path, wait=False)
    if handle is None:
        return False
    os.close(handle)
    return True
