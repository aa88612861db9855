"""A Sail server of one's own: Spark Connect without Java, for tests and benchmarks."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

_SERVER = """
import sys
from pysail.spark import SparkConnectServer
server = SparkConnectServer("127.0.0.1", 0)
server.start(background=True)
print("sc://{}:{}".format(*server.listening_address), flush=True)
sys.stdin.read()  # until whoever started it is gone
"""


def is_installed() -> bool:
    return find_spec("pysail") is not None and find_spec("pyspark") is not None


@contextmanager
def sail() -> Iterator[tuple[str, int]]:
    """Its address and process id."""
    command = [sys.executable, "-c", _SERVER]
    environment = os.environ | {"RUST_LOG": "error"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.kill()  # one that is busy does not end in any other way
