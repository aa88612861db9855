"""A small lake in memory, with the catalog that rules need."""

from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from core.text import humanize
from lake import engine
from lake.specs import ColumnInfo, TableInfo

ARROW = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "money": pa.int64(),
    "list": pa.list_(pa.string()),
}


@dataclass(eq=False)
class SmallLake:
    """Tables of rows (dicts) with typed columns, behind the reading half of `lake.queries.Snapshot`."""

    tables: dict[str, tuple[dict[str, str], list[dict[str, Any]]]] = field(default_factory=dict)
    currencies: dict[str, str] = field(default_factory=dict)
    semantics: dict[str, str] = field(default_factory=dict)

    def names(self) -> list[str]:
        return sorted(self.tables)

    def has(self, name: str) -> bool:
        return name in self.tables

    def info(self, name: str) -> TableInfo:
        columns = tuple(
            ColumnInfo(column, kind, humanize(column), self.semantics.get(column, ""), self.currencies.get(column, ""))
            for column, kind in self.tables[name][0].items()
        )
        label = humanize(name.rpartition(".")[2])
        return TableInfo(name, 1, label, "", (), columns, len(self.tables[name][1]), 0)

    def table(self, name: str) -> ir.Table:
        columns, rows = self.tables[name]
        schema = pa.schema([pa.field(column, ARROW[kind]) for column, kind in columns.items()])
        return ibis.memtable(pa.Table.from_pylist(rows, schema=schema))

    def ids(self, expression: ir.Table) -> list[str]:
        return engine.arrow(expression).column(0).to_pylist()
