"""DuckDB in this process: the engine where no other is named, and in any case what sorts and hashes what this process
writes. No Django here.

One cursor per query, so threads do not wait for each other. Tables are views over pinned lists of Parquet files: a view
is made once for a list and never changes, so readers of different catalog versions live side by side.
"""

import functools
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
import sqlglot
import sqlglot.expressions as sge

from core.errors import SignOfNoText
from lake.engines import BATCH_ROWS, MOST_TABLES, UNLIMITED, view_name
from lake.patches import written_whole
from lake.watch import Allowance, Watch

# The library opens a database when it is imported, with threads that a fork would leave behind half alive.
duckdb.default_connection().close()

MOST_STATEMENTS = 500


@dataclass(frozen=True)
class Limits:
    """What a process may use. `threads` 0: one per core. Sorting and grouping beyond the memory spill to `folder`."""

    memory: str = "4GB"
    threads: int = 0
    folder: str = ""


class DuckDB:
    """One in-memory database with its views."""

    def __init__(self, limits: Limits) -> None:
        self.backend = _connect(limits)
        self._lock = threading.RLock()
        self._tables: dict[str, ir.Table] = {}
        self._scans: dict[str, functools.partial[str]] = {}
        self._watch = Watch()

    def table(self, name: str, files: Sequence[str], schema: pa.Schema, gone: str | None = None) -> ir.Table:
        view = view_name(name, files, schema, gone)
        with self._lock:
            if view not in self._tables:
                self._forget_oldest()
                with self.backend.con.cursor() as cursor:
                    cursor.execute(f"CREATE OR REPLACE VIEW {quoted(view)} AS {scan(files, schema, gone)}")
                self._scans[view] = functools.partial(scan, files, gone=gone)
                self._tables[view] = ops.DatabaseTable(
                    name=view, schema=ibis.Schema.from_pyarrow(schema), source=self.backend, namespace=ops.Namespace()
                ).to_expr()
            return self._tables[view]

    def _forget_oldest(self) -> None:
        """A process that lives for months sees many publications; nobody reads the oldest any more."""
        if len(self._tables) >= MOST_TABLES:
            oldest = next(iter(self._tables))
            del self._tables[oldest], self._scans[oldest]
            with self.backend.con.cursor() as cursor:
                cursor.execute(f"DROP VIEW IF EXISTS {quoted(oldest)}")

    def arrow(self, expr: ir.Table, allowed: Allowance) -> pa.Table:
        """Collected by all threads: what `execute` gives is collected by one."""
        with self._asked(expr, allowed) as (cursor, statement):
            return cursor.sql(statement).to_arrow_table().cast(expr.schema().to_pyarrow())

    def stream(self, expr: ir.Table, size: int, allowed: Allowance) -> Iterator[pa.RecordBatch]:
        schema = expr.schema().to_pyarrow()
        with self._asked(expr, allowed) as (cursor, statement):
            for batch in cursor.execute(statement).to_arrow_reader(size):
                yield batch if batch.schema == schema else batch.cast(schema)

    def sql(self, expr: ir.Expr) -> str:
        return str(self.backend.compile(expr))

    def narrowed(self, expr: ir.Expr) -> str:
        """As `sql`, of the columns alone that are named in it: the engine looks at each column of a view anew for every
        statement. Where there is a star, no name tells what is needed."""
        tree = self.backend.compiler.to_sqlglot(expr)
        has_star = any(not isinstance(star.parent, sge.Count) for star in tree.find_all(sge.Star))
        named = set() if has_star else {column.name for column in tree.find_all(sge.Column)}
        statement: str = tree.sql(self.backend.dialect, copy=False, unsupported_level=sqlglot.ErrorLevel.RAISE)
        views = {}
        for node in expr.op().find(ops.DatabaseTable):
            fields = [field for field in node.schema.to_pyarrow() if field.name in named]
            if fields and node.name in self._scans:
                views[node.name] = self._scans[node.name](pa.schema(fields))
        parts = [f"{quoted(view)} AS NOT MATERIALIZED ({text})" for view, text in views.items()]
        if not parts:
            return statement
        begins, rest = f"WITH {', '.join(parts)}", statement.removeprefix("WITH ")
        return f"{begins} {statement}" if rest == statement else f"{begins}, {rest}"

    def close(self) -> None:
        self.backend.con.close()

    @contextmanager
    def cursor(self, allowed: Allowance = UNLIMITED) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of its own to the database; what runs on it is stopped when the allowance is used up."""
        cursor = self.backend.con.cursor()
        try:
            if allowed == UNLIMITED:
                yield cursor
            else:
                with self._watch.over(cursor.interrupt, duckdb.InterruptException, allowed):
                    yield cursor
        finally:
            cursor.close()

    @contextmanager
    def _asked(self, expr: ir.Table, allowed: Allowance) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
        """A connection that knows the rows that the expression holds itself, and the statement."""
        memories = expr.op().find(ops.InMemoryTable)
        # What holds rows of its own is asked once, and would keep them.
        statement = self.sql(expr) if memories else _statement(self, expr.op())
        if "\x00" in statement:  # there the engine would take it to end
            raise SignOfNoText
        with self.cursor(allowed) as cursor:
            for memory in memories:
                cursor.register(memory.name, memory.data.to_pyarrow(memory.schema))
            yield cursor, statement

    def ordered(self, data: pa.Table | pa.RecordBatchReader, by: Sequence[str]) -> pa.RecordBatchReader:
        """The rows sorted by columns, nulls last, spilling to disk beyond the memory limit."""
        order = ", ".join(f"{quoted(column)} ASC NULLS LAST" for column in by)
        stream = self._stream_of(data, f"SELECT * FROM data ORDER BY {order}")  # noqa: S608
        return pa.RecordBatchReader.from_batches(next(stream), stream)

    def _stream_of(self, data: pa.Table | pa.RecordBatchReader, statement: str) -> Iterator[Any]:
        """The schema, then the batches."""
        with self.cursor() as cursor:
            cursor.register("data", data)
            reader = cursor.execute(statement).to_arrow_reader(BATCH_ROWS)
            yield reader.schema
            yield from reader

    def lookup(
        self,
        files: Sequence[str],
        schema: pa.Schema,
        equal: Mapping[str, Any],
        columns: Sequence[str],
        limit: int | None,
        gone: str | None = None,
    ) -> pa.Table:
        """Some columns of the rows that have these values. No expression is compiled: for a few rows that takes longer
        than reading them."""
        picked = pa.schema([schema.field(name) for name in columns])
        needed = pa.schema([*picked, *(schema.field(name) for name in equal if name not in columns)])
        names = ", ".join(quoted(name) for name in columns)
        ways = " AND ".join(f"{quoted(name)} = ?" for name in equal)
        statement = f"SELECT {names} FROM ({scan(files, needed, gone)}) WHERE {ways}"  # noqa: S608
        statement = f"{statement} LIMIT {limit}" if limit is not None else statement
        with self.cursor() as cursor:
            return cursor.execute(statement, list(equal.values())).to_arrow_table().cast(picked)

    def row_hashes(self, data: pa.Table, seed: str) -> pa.Array:
        """A 64-bit number per row, in the order of the rows."""
        lists = [field.name for field in data.schema if pa.types.is_list(field.type)]  # none is to it as an empty one
        columns = ", ".join([*map(quoted, data.column_names), *(f"{quoted(name)} IS NULL" for name in lists)])
        with self.cursor() as cursor:
            cursor.register("data", data)
            found = cursor.execute(f"SELECT hash(?, {columns}) FROM data", [seed]).to_arrow_table()  # noqa: S608
        return found.column(0).combine_chunks().view(pa.int64())

    def rows_of(self, statement: str) -> list[tuple[Any, ...]]:
        """All rows of a statement in DuckDB's SQL."""
        with self.cursor() as cursor:
            rows: list[tuple[Any, ...]] = cursor.execute(statement).fetchall()
            return rows


@functools.lru_cache(MOST_STATEMENTS)
def _statement(engine: DuckDB, question: ops.Node) -> str:
    """Compiling takes longer than many an answer, and people ask the same again. The same question is an equal one."""
    return engine.narrowed(question.to_expr())


def _connect(limits: Limits) -> Any:
    folder = Path(limits.folder or ".") / f"duckdb-{os.getpid()}"
    settings: dict[str, Any] = {
        "memory_limit": limits.memory,
        "threads": limits.threads or os.cpu_count() or 1,
        "temp_directory": str(folder),
        "TimeZone": "UTC",
        "preserve_insertion_order": True,
    }
    backend = ibis.duckdb.connect()
    for name, value in settings.items():
        backend.con.execute(f"SET GLOBAL {name} = ?", [value])
    backend.con.execute("SET GLOBAL parquet_metadata_cache = true")
    return backend


def scan(files: Sequence[str], schema: pa.Schema, gone: str | None = None) -> str:
    """The SELECT that reads files as one table."""
    columns = ", ".join(quoted(field.name) for field in schema)
    if not files:
        nothing = ", ".join(f"CAST(NULL AS {_sql_type(field.type)}) AS {quoted(field.name)}" for field in schema)
        return f"SELECT {nothing} LIMIT 0"
    if gone is None:
        names = ", ".join(map(_text, files))
        union = "true" if len(files) > 1 else "false"
        return f"SELECT {columns} FROM read_parquet([{names}], union_by_name => {union})"  # noqa: S608
    whole = [file for file in files if Path(file).name in written_whole(gone)]
    patches = [file for file in files if file not in whole]
    parts = [_without(file, gone, schema) for file in whole]
    return " UNION ALL ".join(parts + ([_patches_without(patches, gone, schema)] if patches else []))


def _without(file: str, gone: str, schema: pa.Schema) -> str:
    """The rows of one file that are still there. By number alone: with the file's name it takes forty times as long."""
    columns = ", ".join(quoted(field.name) for field in schema)
    return (
        f"SELECT {columns} FROM read_parquet({_text(file)}, file_row_number => true) here "  # noqa: S608
        f"ANTI JOIN (SELECT row FROM read_parquet({_text(gone)}) WHERE file = {_text(Path(file).name)}) left_out "
        "ON here.file_row_number = left_out.row"
    )


def _patches_without(files: Sequence[str], gone: str, schema: pa.Schema) -> str:
    """The rows of all patches that are still there, at one go: they are few."""
    columns = ", ".join(quoted(field.name) for field in schema)
    paths, names = ", ".join(map(_text, files)), ", ".join(_text(Path(file).name) for file in files)
    read = f"read_parquet([{paths}], union_by_name => true, filename => '__file', file_row_number => true)"
    return (
        f"SELECT {columns} FROM {read} here "  # noqa: S608
        f"ANTI JOIN (SELECT file, row FROM read_parquet({_text(gone)}) WHERE file IN ({names})) left_out "
        "ON parse_filename(here.__file) = left_out.file AND here.file_row_number = left_out.row"
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


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
