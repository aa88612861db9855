"""A Spark Connect server: Apache Spark, or Sail. No Django here.

The server reads the lake's Parquet files itself, so it must see them under the same paths. Rows that a question brings
along (memtables) travel to the server and are forgotten with its answer. One session per process; when the server has
forgotten it (it started anew, or nobody asked for an hour), the next question opens another.
"""

import atexit
import re
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import dataset, parquet

from lake.engines import MOST_TABLES, Refused, Unreachable, view_name
from lake.engines.pyspark_client import (
    SQL,
    DefaultChannelBuilder,
    DefaultPolicy,
    PySparkException,
    SparkSession,
    from_arrow_schema,
)
from lake.engines.spark_sql import SOURCE, statement
from lake.watch import Allowance, Watch

CONNECT_SECONDS = 5  # a server that does not even take the connection by then is down
RETRIES = 3  # of a request that got lost on its way: for about a second
ALIVE = "kindred_session"  # a view that every session of ours has: where it is gone, so is the session
# Days begin and texts compare as rules say; names of columns are data; what does not fit is an error, not a null.
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.ansi.enabled": "true",
}


class _Calls(grpc.UnaryStreamClientInterceptor):
    """Keeps hold of the calls that are under way, so that another thread can end them: whoever waits for an answer is
    free at once, and the client then tells the server, also one that is too busy to listen, to stop."""

    def __init__(self) -> None:
        self._thread = threading.local()

    @contextmanager
    def kept_in(self, calls: list[grpc.Call]) -> Iterator[None]:
        """Those that this thread begins in the block."""
        self._thread.calls = calls
        try:
            yield
        finally:
            self._thread.calls = None

    def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        call = continuation(details, request)
        if (calls := getattr(self._thread, "calls", None)) is not None:
            calls.append(call)
        return call


@dataclass(eq=False)
class _Session:
    spark: SparkSession
    calls: _Calls
    views: set[str] = field(default_factory=set)
    sees_files: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class Spark:
    """The engine at an address such as "sc://localhost:15002"; parameters of Spark Connect, such as `;token=…` and
    `;use_ssl=true`, can follow."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._tables: dict[str, tuple[Sequence[str], pa.Schema, str | None]] = {}
        self._lock = threading.RLock()
        self._watch = Watch()
        self._session: _Session | None = None

    def table(self, name: str, files: Sequence[str], schema: pa.Schema, gone: str | None = None) -> ir.Table:
        """Nothing is asked yet: each session gets the view with the first question that needs it."""
        view = re.sub(r"\W", "_", view_name(name, files, schema, gone))
        with self._lock:
            self._tables[view] = (files, schema, gone)
            if len(self._tables) > MOST_TABLES:
                del self._tables[next(iter(self._tables))]
        return _named(view, ibis.Schema.from_pyarrow(schema))

    def arrow(self, expr: ir.Table, allowed: Allowance) -> pa.Table:
        schema = expr.schema().to_pyarrow()
        return pa.concat_tables([schema.empty_table(), *(part.cast(schema) for part in self._answer(expr, allowed))])

    def stream(self, expr: ir.Table, size: int, allowed: Allowance) -> Iterator[pa.RecordBatch]:
        """Batches are gathered up to `size` rows: servers send small ones."""
        schema = expr.schema().to_pyarrow()
        waiting: list[pa.Table] = []
        for part in self._answer(expr, allowed):
            waiting.append(part.cast(schema))
            if sum(table.num_rows for table in waiting) >= size:
                yield from pa.concat_tables(waiting).combine_chunks().to_batches(size)
                waiting = []
        if waiting:
            yield from pa.concat_tables(waiting).combine_chunks().to_batches(size)

    def sql(self, expr: ir.Expr) -> str:
        return statement(expr)

    def close(self) -> None:
        with self._lock:
            if self._session is not None:
                self._session.spark.stop()
                self._session = None

    def _answer(self, expr: ir.Table, allowed: Allowance) -> Iterator[pa.Table]:
        """Once more on a new session where the old one turns out to be gone. Raises Refused and Unreachable."""
        with _refused():
            session = self._current()
            answer = self._asked(session, expr, allowed)
            try:
                first = next(answer, None)
            except PySparkException:
                if _is_alive(session):
                    raise
                answer = self._asked(self._instead_of(session), expr, allowed)
                first = next(answer, None)
            if first is not None:
                yield first
                yield from answer

    def _asked(self, session: _Session, expr: ir.Table, allowed: Allowance) -> Iterator[pa.Table]:
        client, calls = session.spark.client, session.calls
        mine: list[grpc.Call] = []
        with self._watch.over(lambda: _cancel(mine), PySparkException, allowed):
            # What has begun to answer needs its views no more.
            with calls.kept_in(mine), _brought(session.spark, expr) as question:
                self._make_views(session, question)
                parts = client.to_table_as_iterator(SQL(statement(question)).to_proto(client), {})
                part = next(parts, None)
            while part is not None:
                if isinstance(part, pa.Table):
                    yield part
                with calls.kept_in(mine):
                    part = next(parts, None)

    def _make_views(self, session: _Session, question: ir.Table) -> None:
        for node in question.op().find(ops.DatabaseTable):
            with session.lock:
                if node.name not in session.views and node.name in self._tables:
                    files, schema, gone = self._tables[node.name]
                    rows = _read(session.spark, files, schema, gone)
                    if files and gone is None and not session.sees_files:
                        self._require_sight(rows, files[0])
                        session.sees_files = True
                    rows.createOrReplaceTempView(node.name)
                    session.views.add(node.name)

    def _require_sight(self, rows: Any, file: str) -> None:
        """Raises Unreachable. To some servers a file that they do not see is an empty one."""
        why: PySparkException | None = None
        try:
            seen = rows.limit(1).toArrow().num_rows > 0
        except PySparkException as error:
            seen, why = False, error
        if not seen and parquet.read_metadata(file).num_rows:
            message = (
                f"The server at {self._address} must see the lake's folder under the same path: it cannot read {file}"
            )
            raise Unreachable(message) from why

    def _current(self) -> _Session:
        with self._lock:
            if self._session is None:
                self._session = _open(self._address)
                atexit.register(self.close)
            return self._session

    def _instead_of(self, gone: _Session) -> _Session:
        with self._lock:
            if self._session is gone:
                self._session = None
            return self._current()


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except PySparkException as error:
        raise Refused(str(error)) from error


def _open(address: str) -> _Session:
    """Raises Unreachable."""
    try:
        builder, calls = DefaultChannelBuilder(address), _Calls()
        with builder.toChannel() as channel:
            grpc.channel_ready_future(channel).result(CONNECT_SECONDS)  # type: ignore[no-untyped-call]
        builder.add_interceptor(calls)
        spark = SparkSession(builder)
        spark.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES)])
        for name, value in SETTINGS.items():
            spark.conf.set(name, value)
        spark.createDataFrame([(1,)], ["alive"]).createOrReplaceTempView(ALIVE)
    except grpc.FutureTimeoutError as error:
        raise Unreachable(f"Nothing answers at {address}.") from error
    except (PySparkException, grpc.RpcError) as error:
        raise Unreachable(f"What answers at {address} is no Spark Connect server that can be used: {error}") from error
    return _Session(spark, calls)


def _is_alive(session: _Session) -> bool:
    try:
        return bool(session.spark.table(ALIVE).toArrow().num_rows)
    except (PySparkException, grpc.RpcError):
        return False


def _cancel(calls: list[grpc.Call]) -> None:
    for call in calls:
        call.cancel()  # type: ignore[no-untyped-call]


def _read(spark: SparkSession, files: Sequence[str], schema: pa.Schema, gone: str | None) -> Any:
    """A pinned table. One that the other engine patched travels there: a server cannot tell rows by their places. The
    next publication writes it whole."""
    if not files:
        return spark.createDataFrame(schema.empty_table(), from_arrow_schema(schema))
    if gone is not None:
        return spark.createDataFrame(_left(files, schema, gone), from_arrow_schema(schema))
    return spark.read.schema(from_arrow_schema(schema)).parquet(*files)


def _left(files: Sequence[str], schema: pa.Schema, gone: str) -> pa.Table:
    """The rows that are still there."""
    places, parts = parquet.read_table(gone), [schema.empty_table()]
    for file in files:
        rows = dataset.dataset(file, schema=schema).to_table()
        here = places.filter(pc.equal(places.column("file"), Path(file).name)).column("row")
        parts.append(rows.filter(pc.invert(pc.is_in(pa.array(range(rows.num_rows)), value_set=here))))
    return pa.concat_tables(parts)


@contextmanager
def _brought(spark: SparkSession, expr: ir.Table) -> Iterator[ir.Table]:
    """The question with views in place of the rows that it brings along; nobody else's question can meet them."""
    views = {memory: f"memory_{uuid.uuid4().hex}" for memory in expr.op().find(ops.InMemoryTable)}
    try:
        for memory, view in views.items():
            rows = memory.data.to_pyarrow(memory.schema)
            spark.createDataFrame(rows, from_arrow_schema(rows.schema)).createOrReplaceTempView(view)
        instead = {memory: _named(view, memory.schema).op() for memory, view in views.items()}
        yield expr.op().replace(instead).to_expr() if instead else expr
    finally:
        for view in views.values():
            spark.catalog.dropTempView(view)


def _named(view: str, schema: ibis.Schema) -> ir.Table:
    return ops.DatabaseTable(name=view, schema=schema, source=SOURCE, namespace=ops.Namespace()).to_expr()
