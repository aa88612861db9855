"""The one place that opens DuckDB. No Django here.

One in-memory database per process, opened after a fork and never shared across one; one cursor per query, so threads
do not wait for each other. Tables are views over pinned lists of Parquet files: a view is made once for a list and
never changes, so readers of different catalog versions live side by side.
"""

import functools
import hashlib
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from lake.watch import Allowance, Watch

# The library opens a database when it is imported, with threads that a fork would leave behind half alive.
duckdb.default_connection().close()

BATCH_ROWS = 122_880
MOST_VIEWS = 2_000
MOST_STATEMENTS = 500
UNLIMITED = Allowance()


@dataclass(frozen=True)
class Limits:
    """What a process may use. `threads` 0: one per core. Sorting and grouping beyond the memory spill to `folder`."""

    memory: str = "4GB"
    threads: int = 0
    folder: str = ""


@dataclass(frozen=True)
class _Engine:
    pid: int
    backend: Any
    lock: threading.RLock
    tables: dict[str, ir.Table]
    watch: Watch


_limits = Limits()
_engine: _Engine | None = None
_opening = threading.Lock()


def configure(limits: Limits) -> None:
    """Takes effect when the process opens its engine."""
    global _limits
    _limits = limits


def warm_up() -> None:
    """Opens this process's engine and runs a first query: call it when a process starts, not in a request (≈ 0.5 s)."""
    scalar(ibis.literal(1))


def table(name: str, files: Sequence[str], schema: pa.Schema, gone: str | None = None) -> ir.Table:
    """The rows of `files` as a table expression. The columns are those of `schema`; `name` helps who reads the SQL;
    `gone`: a file of the rows that are not there, as `store.gone` names it."""
    engine = _current()
    parts = [*files, gone or "", *(f"{f.name}\1{f.type}" for f in schema)]
    key = hashlib.blake2b("\0".join(parts).encode(), digest_size=6)
    view = f"{name}@{key.hexdigest()}"
    with engine.lock:
        if view not in engine.tables:
            _forget_oldest(engine)
            with engine.backend.con.cursor() as cursor:
                cursor.execute(f"CREATE OR REPLACE VIEW {_quoted(view)} AS {_scan(files, schema, gone)}")
            engine.tables[view] = ops.DatabaseTable(
                name=view, schema=ibis.Schema.from_pyarrow(schema), source=engine.backend, namespace=ops.Namespace()
            ).to_expr()
        return engine.tables[view]


def _forget_oldest(engine: _Engine) -> None:
    """A process that lives for months sees many publications; nobody reads the oldest any more."""
    if len(engine.tables) >= MOST_VIEWS:
        oldest = next(iter(engine.tables))
        del engine.tables[oldest]
        with engine.backend.con.cursor() as cursor:
            cursor.execute(f"DROP VIEW IF EXISTS {_quoted(oldest)}")


def arrow(expr: ir.Expr, *, limit: int | None = None, allowed: Allowance = UNLIMITED) -> pa.Table:
    """The whole result. Raises QueryTimeout or QueryUnwanted when it takes longer than allowed."""
    if limit is not None:
        expr = expr.limit(limit)
    schema = _schema_of(expr)
    with _running(expr, allowed) as cursor:
        return cursor.to_arrow_table().cast(schema)


def batches(expr: ir.Expr, size: int = BATCH_ROWS, *, allowed: Allowance = UNLIMITED) -> pa.RecordBatchReader:
    """The result as a stream of batches of about `size` rows: memory stays bounded."""
    schema = _schema_of(expr)
    return pa.RecordBatchReader.from_batches(schema, _stream(expr, schema, size, allowed))


def scalar(expr: ir.Expr, *, allowed: Allowance = UNLIMITED) -> Any:
    """The single value of a scalar expression, as a Python value."""
    with _running(expr.as_table() if isinstance(expr, ir.Scalar) else expr, allowed) as cursor:
        return cursor.to_arrow_table().column(0)[0].as_py()


def sql(expr: ir.Expr) -> str:
    """The statement that runs for an expression: for tests and for people who want to know."""
    return str(_current().backend.compile(expr))


def ordered(data: pa.Table | pa.RecordBatchReader, by: Sequence[str]) -> pa.RecordBatchReader:
    """The rows sorted by columns, nulls last, spilling to disk beyond the memory limit."""
    order = ", ".join(f"{_quoted(column)} ASC NULLS LAST" for column in by)
    return _query({"data": data}, f"SELECT * FROM data ORDER BY {order}")  # noqa: S608


def lookup(
    files: Sequence[str],
    schema: pa.Schema,
    equal: Mapping[str, Any],
    columns: Sequence[str],
    limit: int | None,
    gone: str | None = None,
) -> pa.Table:
    """Some columns of the rows that have these values, in no order. No expression is compiled: for a few rows that
    takes longer than reading them."""
    picked = pa.schema([schema.field(name) for name in columns])
    needed = pa.schema([*picked, *(schema.field(name) for name in equal if name not in columns)])
    names = ", ".join(_quoted(name) for name in columns)
    ways = " AND ".join(f"{_quoted(name)} = ?" for name in equal)
    statement = f"SELECT {names} FROM ({_scan(files, needed, gone)}) WHERE {ways}"  # noqa: S608
    with _cursor() as cursor:
        found = cursor.execute(f"{statement} LIMIT {limit}" if limit is not None else statement, list(equal.values()))
        return found.to_arrow_table().cast(picked)


def row_hashes(data: pa.Table, seed: str) -> pa.Array:
    """A 64-bit number per row, in the order of the rows: equal for equal values of all columns and an equal seed.

    Two different rows have the same number once in 10^19; another version of DuckDB may give all rows new ones.
    """
    columns = ", ".join(_quoted(name) for name in data.column_names)
    with _cursor() as cursor:
        cursor.register("data", data)
        found = cursor.execute(f"SELECT hash(?, {columns}) FROM data", [seed]).to_arrow_table()  # noqa: S608
    return found.column(0).combine_chunks().view(pa.int64())


def rows_of(
    statement: str, data: Mapping[str, Any] | None = None, parameters: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    """For this room's own statements (statistics): all rows. Names in `statement` must be quoted by `quoted`."""
    with _cursor() as cursor:
        for name, value in (data or {}).items():
            cursor.register(name, value)
        rows: list[tuple[Any, ...]] = cursor.execute(statement, list(parameters)).fetchall()
        return rows


def places_of(files: Sequence[str], column: str, values: pa.Array, known: pa.Table) -> pa.Table:
    """Where the rows stand that have one of these values, as `known` tells it of others: `file` (its name), `row`."""
    statement = (
        f"SELECT parse_filename(filename) AS file, file_row_number AS row "  # noqa: S608
        f"FROM read_parquet([{', '.join(map(_text, files))}], filename => true, file_row_number => true) "
        f"WHERE {_quoted(column)} IN (FROM chosen)"
    )
    with _cursor() as cursor:
        cursor.register("chosen", pa.table({"value": values}))
        cursor.register("known", known)
        return cursor.execute(f"{statement} EXCEPT ALL FROM known").to_arrow_table()


def quoted(name: str) -> str:
    return _quoted(name)


def scan(files: Sequence[str], schema: pa.Schema, gone: str | None = None) -> str:
    """The SELECT that reads files as one table."""
    return _scan(files, schema, gone)


def _current() -> _Engine:
    """This process's engine. A child of a fork must not touch its parent's: it opens one of its own."""
    global _engine
    engine = _engine
    if engine is None or engine.pid != os.getpid():
        with _opening:
            engine = _engine
            if engine is None or engine.pid != os.getpid():
                engine = _engine = _Engine(os.getpid(), _connect(), threading.RLock(), {}, Watch())
    return engine


def _connect() -> Any:
    folder = Path(_limits.folder or ".") / f"duckdb-{os.getpid()}"
    settings: dict[str, Any] = {
        "memory_limit": _limits.memory,
        "threads": _limits.threads or os.cpu_count() or 1,
        "temp_directory": str(folder),
        "TimeZone": "UTC",
        "preserve_insertion_order": True,
    }
    backend = ibis.duckdb.connect()
    for name, value in settings.items():
        backend.con.execute(f"SET GLOBAL {name} = ?", [value])
    backend.con.execute("SET GLOBAL parquet_metadata_cache = true")
    return backend


@contextmanager
def _cursor(allowed: Allowance = UNLIMITED) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = _current()
    cursor = engine.backend.con.cursor()
    try:
        if allowed == UNLIMITED:
            yield cursor
        else:
            with engine.watch.over(cursor, allowed):
                yield cursor
    finally:
        cursor.close()


@contextmanager
def _running(expr: ir.Expr, allowed: Allowance) -> Iterator[duckdb.DuckDBPyConnection]:
    engine, memories = _current(), expr.op().find(ops.InMemoryTable)
    # What holds rows of its own is asked once, and would keep them.
    statement = str(engine.backend.compile(expr)) if memories else _statement(engine.backend, expr.op())
    with _cursor(allowed) as cursor:
        for memory in memories:
            cursor.register(memory.name, memory.data.to_pyarrow(memory.schema))
        cursor.execute(statement)
        yield cursor


@functools.lru_cache(MOST_STATEMENTS)
def _statement(backend: Any, question: ops.Node) -> str:
    """Compiling takes longer than many an answer, and people ask the same again. The same question is an equal one."""
    return str(backend.compile(question.to_expr()))


def _stream(expr: ir.Expr, schema: pa.Schema, size: int, allowed: Allowance) -> Iterator[pa.RecordBatch]:
    with _running(expr, allowed) as cursor:
        for batch in cursor.to_arrow_reader(size):
            yield batch if batch.schema == schema else batch.cast(schema)


def _schema_of(expr: ir.Expr) -> pa.Schema:
    """The engine widens some results (a sum of integers is a HUGEINT); the expression says what they are."""
    return expr.as_table().schema().to_pyarrow()


def _query(data: Mapping[str, Any], statement: str) -> pa.RecordBatchReader:
    def stream() -> Iterator[Any]:
        with _cursor() as cursor:
            for name, value in data.items():
                cursor.register(name, value)
            reader = cursor.execute(statement).to_arrow_reader(BATCH_ROWS)
            yield reader.schema
            yield from reader

    batches_ = stream()
    return pa.RecordBatchReader.from_batches(next(batches_), batches_)


def _scan(files: Sequence[str], schema: pa.Schema, gone: str | None = None) -> str:
    columns = ", ".join(_quoted(field.name) for field in schema)
    if not files:
        nothing = ", ".join(f"CAST(NULL AS {_sql_type(field.type)}) AS {_quoted(field.name)}" for field in schema)
        return f"SELECT {nothing} LIMIT 0"
    if gone is None:
        names = ", ".join(map(_text, files))
        union = "true" if len(files) > 1 else "false"
        return f"SELECT {columns} FROM read_parquet([{names}], union_by_name => {union})"  # noqa: S608
    return " UNION ALL ".join(_without(file, gone, schema) for file in files)


def _without(file: str, gone: str, schema: pa.Schema) -> str:
    """The rows of one file that are still there."""
    columns = ", ".join(_quoted(field.name) for field in schema)
    return (
        f"SELECT {columns} FROM read_parquet({_text(file)}, file_row_number => true) here "  # noqa: S608
        f"ANTI JOIN (SELECT row FROM read_parquet({_text(gone)}) WHERE file = {_text(Path(file).name)}) left_out "
        "ON here.file_row_number = left_out.row"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _sql_type(given: pa.DataType) -> str:
    if pa.types.is_list(given):
        return f"{_sql_type(given.value_type)}[]"
    names = {pa.int64(): "BIGINT", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN", pa.date32(): "DATE"}
    if pa.types.is_timestamp(given):
        return "TIMESTAMPTZ"
    return names.get(given, "VARCHAR")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
