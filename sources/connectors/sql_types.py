"""Values that database drivers give in odd ways, or not at all: what to make of them."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection, CursorResult
from sqlalchemy.exc import SQLAlchemyError

MYSQL_BIT = 16  # the protocol's number of the type BIT
_TIMES = ("date", "time", "timetz", "timestamp", "timestamptz", "interval")
Reader = Callable[[Any], Any]


class Readable(Protocol):
    """As much of a table's options as is needed here."""

    table: str
    db_schema: str


def lenient(connection: Connection) -> None:
    """Makes a driver hand over as text what Python has no value for: "infinity", years before Christ, broken UTF-8."""
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        for name in _TIMES:
            kind = raw.adapters.types[name]
            raw.adapters.register_loader(kind.oid, _or_text(raw.adapters.get_loader(kind.oid, psycopg.pq.Format.TEXT)))
    if connection.dialect.name == "sqlite":
        raw.text_factory = lambda data: data.decode("utf-8", "backslashreplace")


def _or_text(loader: Any) -> Any:
    class OrText(psycopg.adapt.Loader):
        def __init__(self, oid: int, context: Any = None) -> None:
            super().__init__(oid, context)
            self._inner = loader(oid, context)

        def load(self, data: Any) -> Any:
            try:
                return self._inner.load(data)
            except (psycopg.DataError, ValueError, OverflowError):
                return bytes(data).decode()

    return OrText


def odd_columns(connection: Connection, options: Readable, result: CursorResult[Any]) -> dict[int, Reader]:
    """Readers for columns, by position, whose values say less than their declared type: bits and 0/1 for no and yes."""
    found: dict[int, Reader] = {}
    if connection.dialect.name in ("mysql", "mariadb"):
        described: Any = result.cursor.description if result.cursor is not None else ()
        found |= {position: _bits for position, column in enumerate(described) if column[1] == MYSQL_BIT}
    flags = _flags(connection, options)
    return found | {position: _flag for position, name in enumerate(result.keys()) if name in flags}


def _flags(connection: Connection, options: Readable) -> set[str]:
    """The columns of a table that are declared as yes or no, where the database keeps them as numbers."""
    if not options.table or connection.dialect.name == "postgresql":
        return set()
    try:
        with warnings.catch_warnings(action="ignore", category=sa.exc.SAWarning):  # types that SQLAlchemy does not know
            columns = sa.inspect(connection.engine).get_columns(options.table, schema=options.db_schema or None)
        declared = [column["name"] for column in columns if _is_flag(column["type"])]
        return _of_two_values(connection, options, declared)
    except SQLAlchemyError:
        return set()


def _of_two_values(connection: Connection, options: Readable, names: Sequence[str]) -> set[str]:
    """MySQL declares states of 0, 1 and 2 as it does no and yes: which they are, only the values tell."""
    if not names:
        return set()
    rows = sa.table(options.table, *map(sa.column, names), schema=options.db_schema or None)
    ends = [end(rows.c[name]) for name in names for end in (sa.func.min, sa.func.max)]
    with connection.engine.connect() as other:  # the rows of this one are being read
        found = list(other.execute(sa.select(*ends)).one())
    pairs = zip(names, found[::2], found[1::2], strict=True)
    return {name for name, low, high in pairs if {low, high} <= {None, 0, 1}}


def _is_flag(kind: Any) -> bool:
    return isinstance(kind, sa.Boolean) or getattr(kind, "display_width", None) == 1


def _flag(value: Any) -> Any:
    return bool(value) if value in (0, 1) else value


def _bits(value: Any) -> Any:
    return int.from_bytes(value, "big") if isinstance(value, bytes) else value


def read_with(readers: Mapping[int, Reader], rows: Sequence[Any]) -> Sequence[Any]:
    if not readers:
        return rows
    return [
        tuple(readers[position](value) if position in readers else value for position, value in enumerate(row))
        for row in rows
    ]
