"""Who answers questions about the lake: DuckDB in this process, or a Spark Connect server. No Django here."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Protocol

import ibis.expr.types as ir
import pyarrow as pa

from lake.watch import Allowance

BATCH_ROWS = 122_880
MOST_TABLES = 2_000  # that an engine remembers: nobody asks for those of publications of long ago
UNLIMITED = Allowance()


class Unreachable(ConnectionError):
    """The server that should answer does not; the message says which one, and why."""


class Refused(RuntimeError):
    """The server that should answer says that it cannot; the message is its own."""


class Engine(Protocol):
    """Serves one process, from any of its threads."""

    def table(self, name: str, files: Sequence[str], schema: pa.Schema, gone: str | None = None) -> ir.Table:
        """The rows of the Parquet `files` as an expression. The columns are those of `schema`, null where a file does
        not have one; `name` helps who reads the SQL; `gone`: a Parquet file that names the rows (`file`, `row`) that
        are not there."""
        ...

    def arrow(self, expr: ir.Table, allowed: Allowance) -> pa.Table:
        """The whole result, with the types of the expression."""
        ...

    def stream(self, expr: ir.Table, size: int, allowed: Allowance) -> Iterator[pa.RecordBatch]:
        """The result in batches of about `size` rows, with the types of the expression."""
        ...

    def sql(self, expr: ir.Expr) -> str:
        """The statement that runs for an expression."""
        ...

    def close(self) -> None:
        """Nothing can be asked any more."""
        ...


def view_name(name: str, files: Sequence[str], schema: pa.Schema, gone: str | None) -> str:
    """Another one for other files, columns or rows."""
    parts = [*files, gone or "", *(f"{f.name}\1{f.type}" for f in schema)]
    key = hashlib.blake2b("\0".join(parts).encode(), digest_size=6)
    return f"{name}@{key.hexdigest()}"
