"""Reading the lake: a snapshot is one consistent set of tables, pinned for as long as its holder keeps it."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from core.errors import NotFound, Unavailable
from core.text import label_key
from lake import engine, store
from lake.models import CatalogVersion, TableVersion
from lake.specs import Attribute, ColumnInfo, TableInfo
from lake.watch import Allowance, QueryTimeout

logger = logging.getLogger(__name__)

ATTRIBUTE_TABLES = ("unified.profiles", "measures.customer")
LINKED = "linked."


class Snapshot:
    """The tables of one catalog version. Immutable; safe to use from several threads."""

    def __init__(self, version: int, root: str, tables: dict[str, TableInfo]) -> None:
        self.version = version
        self._root = root
        self._tables = tables
        self._files: dict[str, list[str]] = {}
        self._expressions: dict[str, ir.Table] = {}

    def __repr__(self) -> str:
        return f"<Snapshot {self.version}: {len(self._tables)} tables>"

    def names(self) -> list[str]:
        return sorted(self._tables)

    def has(self, name: str) -> bool:
        return name in self._tables

    def info(self, name: str) -> TableInfo:
        """Raises NotFound, naming tables that are written alike."""
        found = self._tables.get(name)
        if found is None:
            raise NotFound(_unknown_table(name, self.names()), place=name)
        return found

    def version_of(self, name: str) -> int | None:
        """The version of a table in this snapshot, None when it is not there: what a stage compares to skip itself."""
        found = self._tables.get(name)
        return found.version if found else None

    def files(self, name: str) -> list[str]:
        """The Parquet files of a table, absolute paths; none when it is empty. Of a patched table, some of their rows
        are no longer there: those in the file `gone`."""
        if name not in self._files:
            with missing_as_unavailable(name):
                self._files[name] = store.files(self._root, name, self.info(name).version)
        return self._files[name]

    def gone(self, name: str) -> str | None:
        """The rows of a patched table's files that are no longer there, as `store.gone` tells them."""
        return store.gone(self._root, name, self.info(name).version)

    def table(self, name: str) -> ir.Table:
        """The table as an expression. Run it with `arrow`, `batches` or `scalar` of a snapshot."""
        if name not in self._expressions:
            with missing_as_unavailable(name):
                schema = store.schema(self._root, name, self.info(name).version)
            self._expressions[name] = engine.table(name, self.files(name), schema, self.gone(name))
        return self._expressions[name]

    def related(self) -> list[str]:
        """Tables whose rows belong to profiles: those with a `linked.` twin."""
        return [name.removeprefix(LINKED) for name in self.names() if name.startswith(LINKED)]

    def attributes(self) -> list[Attribute]:
        """What is known of every profile, in the order of the catalog."""
        return self._attributes

    @cached_property
    def _attributes(self) -> list[Attribute]:
        return [
            _attribute(name, column)
            for name in ATTRIBUTE_TABLES
            if name in self._tables
            for column in self._tables[name].columns
            if not (column.name == "profile_id" and name != ATTRIBUTE_TABLES[0])
        ]

    def arrow(
        self,
        expr: ir.Expr,
        limit: int | None = None,
        timeout: float | None = None,
        unwanted: Callable[[], bool] | None = None,
    ) -> pa.Table:
        """The whole result, in no order but one that `expr` asks for. Raises Unavailable when it takes longer than
        `timeout` seconds, QueryUnwanted soon after `unwanted` has become true (it is asked from another thread)."""
        with _failed_as_unavailable():
            return engine.arrow(expr, limit=limit, allowed=Allowance(timeout, unwanted))

    def lookup(
        self, name: str, equal: Mapping[str, Any], columns: Sequence[str] = (), limit: int | None = None
    ) -> pa.Table:
        """The rows of a table that have these values, in no order; `columns`: these alone. Quick where the table is
        sorted by what is asked for, as tables of people are by `profile_id`; no match for null."""
        schema = self.table(name).schema().to_pyarrow()
        picked = [column for column in schema.names if not columns or column in columns]
        with _failed_as_unavailable():
            return engine.lookup(self.files(name), schema, equal, picked, limit, self.gone(name))

    def batches(
        self, expr: ir.Expr, size: int = engine.BATCH_ROWS, timeout: float | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The result in batches of about `size` rows; memory stays bounded."""
        with _failed_as_unavailable():
            yield from engine.batches(expr, size, allowed=Allowance(timeout))

    def scalar(self, expr: ir.Expr, timeout: float | None = None, unwanted: Callable[[], bool] | None = None) -> Any:
        """The one value of an aggregate such as `table.count()`. Raises as `arrow` does."""
        with _failed_as_unavailable():
            return engine.scalar(expr, allowed=Allowance(timeout, unwanted))


def snapshot() -> Snapshot:
    """The newest publication. Costs one small query; ask once per request or task and hand it on."""
    with connection.cursor() as cursor:  # asked by nearly everything: a queryset takes twice as long
        cursor.execute("SELECT max(id) FROM lake_catalogversion")
        newest: int | None = cursor.fetchone()[0]
    return snapshot_at(newest) if newest is not None else Snapshot(0, str(settings.LAKE_URL), {})


def snapshot_at(version: int) -> Snapshot:
    """A publication by its number, for as long as its files are kept. Raises NotFound."""
    return _load(version, str(settings.LAKE_URL))


@lru_cache(maxsize=16)
def _load(version: int, root: str) -> Snapshot:
    pinned: dict[str, int] | None = CatalogVersion.objects.filter(pk=version).values_list("tables", flat=True).first()
    if pinned is None:
        raise NotFound(_("This version of the data is no longer kept. Reload the page."))
    rows = TableVersion.objects.filter(name__in=pinned, version__in=set(pinned.values()))
    tables = {row.name: info_of(row) for row in rows if pinned[row.name] == row.version}
    return Snapshot(version, root, tables)


def info_of(row: TableVersion) -> TableInfo:
    return TableInfo(
        name=row.name,
        version=row.version,
        label=row.label,
        grain=row.grain,
        key=tuple(row.key),
        columns=tuple(ColumnInfo.from_json(column) for column in row.columns),
        rows=row.rows,
        bytes=row.bytes,
        sorted_by=tuple(row.sorted_by),
        published_at=row.published_at,
    )


def _attribute(table: str, column: ColumnInfo) -> Attribute:
    return Attribute(
        name=column.name,
        label=column.label,
        type=column.type,
        table=table,
        semantic=column.semantic,
        currency=column.currency,
        stats=column.stats,
    )


def near(text: str, candidates: Sequence[str], count: int = 3) -> list[str]:
    """Which of the candidates are written like `text`, best first."""
    keys: dict[str, str] = {}
    for candidate in candidates:
        keys.setdefault(label_key(candidate), candidate)
    wanted = label_key(text)
    within = [key for key in keys if wanted and wanted in key]
    matches = [*get_close_matches(wanted, keys, n=count, cutoff=0.6), *within]
    return [keys[key] for key in dict.fromkeys(matches)][:count]


def _unknown_table(name: str, names: Sequence[str]) -> str:
    alike = near(name, names)
    if alike:
        return _("There is no table “%(name)s”. Did you mean %(alike)s?") % {"name": name, "alike": ", ".join(alike)}
    return _("There is no table “%(name)s”. Load a source first, or choose one of the tables that exist.") % {
        "name": name
    }


@contextmanager
def missing_as_unavailable(name: str) -> Iterator[None]:
    try:
        yield
    except store.Missing as error:
        message = _("The files of “%(name)s” are missing from the lake. Load its source again, or restore the folder.")
        raise Unavailable(message % {"name": name}, place=name) from error


@contextmanager
def _failed_as_unavailable() -> Iterator[None]:
    try:
        yield
    except QueryTimeout as error:
        raise Unavailable(_("This question took too long to answer. Narrow it, or try again later.")) from error
    except engine.Unreachable as error:
        raise Unavailable(_("The query engine cannot be reached. Ask who runs it, or try again later.")) from error
    except engine.Refused as error:
        logger.warning("The query engine refused a question: %s", error)
        raise Unavailable(_("The query engine cannot answer this question. Say it in another way.")) from error
