"""DuckDB alone, in a process of its own: statements come in by line, their value and times go out by line."""

import json
import subprocess
import sys
from dataclasses import asdict
from typing import Self

from bench.common import Run, measured


class Peer:
    """Runs hand-written statements, with as many threads as the site uses. Use as a context manager."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "bench.peer"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *error: object) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(30)

    def value(self, statement: str) -> Run:
        """The times are those of the statement alone, not of the way here and back."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(statement) + "\n")
        self.process.stdin.flush()
        return Run(**json.loads(self.process.stdout.readline()))


def serve() -> None:
    import os

    import duckdb

    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'; SET memory_limit = '4GB'; SET parquet_metadata_cache = true")
    database.execute(f"SET threads = {os.cpu_count() or 1}")
    for line in sys.stdin:
        statement = json.loads(line)
        print(json.dumps(asdict(measured(lambda s=statement: database.execute(s).fetchone()[0]))), flush=True)


if __name__ == "__main__":
    serve()
