"""The one door to whoever answers questions about the lake. No Django here.

Each process has engines of its own, opened after a fork and never shared across one. Questions (`table`, `arrow`,
`batches`, `scalar`) go to the engine that is configured. What this process writes, it sorts, hashes and counts itself,
and it looks up a few rows itself (`ordered`, `row_hashes`, `rows_of`, `lookup`): with DuckDB, whichever engine answers
questions.
"""

import os
import threading
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from lake.engines import BATCH_ROWS, UNLIMITED, Engine, Refused, Unreachable
from lake.engines.duckdb import DuckDB, Limits, quoted, scan
from lake.watch import Allowance

__all__ = ["BATCH_ROWS", "UNLIMITED", "Limits", "Refused", "Unreachable", "quoted", "scan"]

DUCKDB, SPARK = "duckdb", "sc://"

_limits, _address = Limits(), DUCKDB
_process: "_Process | None" = None
_opening = threading.RLock()


class _Process:
    """The engines of one process. `answers`: who answers questions; `local`: DuckDB, in any case. `inherited`: those of
    the parent in the child of a fork, kept because closing them would touch threads that are not there."""

    def __init__(self, inherited: "_Process | None") -> None:
        self.pid, self.inherited = os.getpid(), inherited
        self.local = DuckDB(_limits)
        self.answers: Engine = self.local if _address == DUCKDB else _spark(_address)

    def close(self) -> None:
        self.local.close()
        if self.answers is not self.local:
            self.answers.close()


def _spark(address: str) -> Engine:
    warnings.filterwarnings(
        "ignore", "PySpark does not yet fully support pandas", FutureWarning
    )  # nothing here needs it
    from lake.engines.spark import Spark  # its packages are installed only where it is used

    return Spark(address)


def configure(limits: Limits, address: str = DUCKDB) -> None:
    """`address`: "duckdb", or the "sc://host:port" of a Spark Connect server. Takes effect when the process opens its
    engines; those that it had opened are closed."""
    global _limits, _address, _process
    with _opening:
        process, _limits, _address, _process = _process, limits, address, None
    if process is not None and process.pid == os.getpid():
        process.close()


def configured() -> tuple[Limits, str]:
    """What `configure` was told."""
    return _limits, _address


def warm_up() -> None:
    """Opens this process's engines and runs a first query: call it when a process starts, not in a request (≈ 0.5 s).
    Raises Unreachable."""
    scalar(ibis.literal(1))


def table(name: str, files: Sequence[str], schema: pa.Schema, gone: str | None = None) -> ir.Table:
    """The rows of `files` as a table expression. The columns are those of `schema`; `name` helps who reads the SQL;
    `gone`: a file of the rows that are not there, as `store.gone` names it."""
    return _current().answers.table(name, files, schema, gone)


def reads_patches() -> bool:
    """Whether tables of which some rows are gone are read as fast as others: by DuckDB, not by a server."""
    process = _current()
    return process.answers is process.local


def rows(files: Sequence[str], schema: pa.Schema, gone: str | None = None) -> pa.RecordBatchReader:
    """What stands in files, in no order: for who writes it anew."""
    local = _current().local
    stream = local.stream(local.table("rows", files, schema, gone), BATCH_ROWS, UNLIMITED)
    return pa.RecordBatchReader.from_batches(schema, stream)


def arrow(expr: ir.Expr, *, limit: int | None = None, allowed: Allowance = UNLIMITED) -> pa.Table:
    """The whole result. Raises QueryTimeout or QueryUnwanted beyond what is allowed, Refused and Unreachable."""
    asked = expr.as_table()
    return _current().answers.arrow(asked if limit is None else asked.limit(limit), allowed)


def batches(expr: ir.Expr, size: int = BATCH_ROWS, *, allowed: Allowance = UNLIMITED) -> pa.RecordBatchReader:
    """The result as a stream of batches of about `size` rows: memory stays bounded. Raises as `arrow` does."""
    asked = expr.as_table()
    stream = _current().answers.stream(asked, size, allowed)
    return pa.RecordBatchReader.from_batches(asked.schema().to_pyarrow(), stream)


def scalar(expr: ir.Expr, *, allowed: Allowance = UNLIMITED) -> Any:
    """The single value of a scalar expression, as a Python value. Raises as `arrow` does."""
    batches = list(_current().answers.stream(expr.as_table(), 1, allowed))  # to its end: else the query stays open
    return batches[0].column(0)[0].as_py()


def sql(expr: ir.Expr) -> str:
    """The statement that runs for an expression: for tests and for people who want to know."""
    return _current().answers.sql(expr)


def ordered(data: pa.Table | pa.RecordBatchReader, by: Sequence[str]) -> pa.RecordBatchReader:
    """The rows sorted by columns, nulls last, spilling to disk beyond the memory limit."""
    return _current().local.ordered(data, by)


def lookup(
    files: Sequence[str],
    schema: pa.Schema,
    equal: Mapping[str, Any],
    columns: Sequence[str],
    limit: int | None,
    gone: str | None = None,
) -> pa.Table:
    """Some columns of the rows that have these values, in no order."""
    return _current().local.lookup(files, schema, equal, columns, limit, gone)


def row_hashes(data: pa.Table, seed: str) -> pa.Array:
    """A 64-bit number per row, in the order of the rows: equal for equal values of all columns and an equal seed.

    Two different rows have the same number once in 10^19; another version of DuckDB may give all rows new ones.
    """
    return _current().local.row_hashes(data, seed)


def rows_of(statement: str) -> list[tuple[Any, ...]]:
    """For this room's own statements (statistics): all rows. Names in `statement` must be quoted by `quoted`."""
    return _current().local.rows_of(statement)


def _current() -> _Process:
    """This process's engines. A child of a fork must not touch its parent's: it opens engines of its own."""
    global _process
    process = _process
    if process is None or process.pid != os.getpid():
        with _opening:
            process = _process
            if process is None or process.pid != os.getpid():
                process = _process = _Process(process)
    return process
