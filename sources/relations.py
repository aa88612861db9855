"""Relationships between source tables: found by names and values, stated or refused by people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lake import relationships
from lake.models import Relationship
from lake.queries import Snapshot, snapshot
from lake.specs import TableInfo
from sources.models import SourceColumn, SourceTable

CONTAINED_SHARE = 0.9  # of the sampled values that must be keys of the other table
SAMPLE_ROWS = 50_000
SHORTEST_STEM = 4  # letters that a column shares with the beginning of a key or table
REFUSED = "relationship"  # in a column's `stated`: a person took the found relationship away


@dataclass(frozen=True)
class Found:
    """`share` of the sampled values of the column are keys of the other table."""

    from_table: str
    from_column: str
    to_table: str
    share: float


def suggest(tables: Iterable[str] | None = None) -> list[Found]:
    """Columns whose name points at another table's key and whose values are found there.

    `tables`: only relationships from or to these; all source tables without. One relationship per column.
    """
    now = snapshot()
    names = [table.full_name for table in SourceTable.objects.select_related("source")]
    infos = {name: now.info(name) for name in names if now.has(name)}
    touched = set(tables) if tables is not None else set(infos)
    found: list[Found] = []
    for name, info in infos.items():
        for column in info.columns:
            if info.key == (column.name,) or column.type not in ("string", "integer"):
                continue
            targets = [
                t for t in infos.values() if t.name != name and {t.name, name} & touched and _points_at(column.name, t)
            ]
            best = max(
                (_measured(now, name, column.name, target) for target in targets), key=lambda f: f.share, default=None
            )
            if best is not None and best.share >= CONTAINED_SHARE:
                found.append(best)
    return found


def relate_found(tables: Iterable[str] | None = None) -> list[Found]:
    """Makes relationships of what is suggested, except where a column has one already or a person refused it."""
    taken = set(Relationship.objects.values_list("from_table", "from_column"))
    refused = {
        (column.table.full_name, column.name)
        for column in SourceColumn.objects.select_related("table__source")
        if column.states(REFUSED)
    }
    new = [found for found in suggest(tables) if (found.from_table, found.from_column) not in taken | refused]
    for found in new:
        relationships.relate(found.from_table, found.from_column, found.to_table, origin=Relationship.Origin.INFERRED)
    return new


def refuse(relationship: Relationship) -> None:
    """Remembers that a column whose relationship was taken away is not to be related by itself again."""
    source, _dot, table = relationship.from_table.partition(".")
    column = SourceColumn.objects.filter(
        table__source__name=source, table__name=table, name=relationship.from_column
    ).first()
    if column is not None:
        column.stated = sorted({*column.stated, REFUSED})
        column.save(update_fields=["stated"])


def _points_at(column: str, target: TableInfo) -> bool:
    """`customer_id` points at a table with the key `customer_id`, and at `customers` with the key `id`; "Mitglied"
    points at the key "Mitgliedsnr" and at "Mitglieder"."""
    if len(target.key) != 1:
        return False
    name, key = _plain(column), _plain(target.key[0])
    table = _plain(target.name.partition(".")[2])
    singular = {table, re.sub(r"s$", "", table), re.sub(r"ies$", "y", table), re.sub(r"es$", "", table)}
    if name == key:
        return key not in ("id", "key", "uuid", "guid")
    if len(name) >= SHORTEST_STEM and (key.startswith(name) or table.startswith(name)):
        return True
    return any(name in (word + key, word + "id", word) for word in singular)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def _measured(now: Snapshot, table: str, column: str, target: TableInfo) -> Found:
    source = now.table(table)
    values = (
        source.filter(source[column].notnull())
        .limit(SAMPLE_ROWS)
        .select(value=source[column].cast("string"))
        .distinct()
    )
    keys = now.table(target.name)
    keys = keys.select(value=keys[target.key[0]].cast("string"))
    total = int(now.scalar(values.count()))
    inside = int(now.scalar(values.semi_join(keys, "value").count())) if total else 0
    return Found(table, column, target.name, inside / total if total else 0.0)
