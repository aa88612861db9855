"""Which values of people would be others, who stay one and the same."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from core.text import humanize
from lake import store
from lake.queries import Snapshot
from lake.specs import ColumnSpec, arrow_type
from profiles.tables import PROFILES

SCHEMA = pa.schema([(name, pa.string()) for name in ("profile_id", "attribute", "before", "after")])


class Changes:
    """`profiles`: people as they would be, and `columns` what the catalog would say of them; `stayed`: `before_id` and
    `after_id` of whom to compare. Texts, as the lake holds them; lists are joined by a comma."""

    def __init__(self, now: Snapshot, profiles: pa.Table, columns: Sequence[ColumnSpec], stayed: pa.Table) -> None:
        self._now, self._stayed = now, stayed
        self._after = _as_stored(profiles, columns)
        known = [c.name for c in now.info(PROFILES).columns] if now.has(PROFILES) else []
        self._labels = {c.name: c.label or humanize(c.name) for c in columns}
        self._labels |= {a.name: a.label for a in now.attributes() if a.table == PROFILES}
        self._gained = [name for name in profiles.column_names if name not in known]
        self._lost = [name for name in known if name not in profiles.column_names]
        self._common = [name for name in known if name in profiles.column_names and name != "profile_id"]
        self._people, self._by_attribute = 0, Counter[str]()

    def reader(self, check: Callable[[], None]) -> pa.RecordBatchReader:
        """One row per person and attribute whose value changes: `profile_id, attribute, before, after`. `check` may
        raise between batches."""
        return pa.RecordBatchReader.from_batches(SCHEMA, self._batches(check))

    def report(self) -> dict[str, Any]:
        """What was read so far. Attributes that only one side has are named; they change nobody."""
        return {
            "people": self._people,
            "attributes": [
                {"name": name, "label": self._labels.get(name, name), "people": count}
                for name, count in sorted(self._by_attribute.items(), key=lambda item: (-item[1], item[0]))
            ],
            "gained": [self._labels.get(name, name) for name in self._gained],
            "lost": [self._labels.get(name, name) for name in self._lost],
        }

    def _batches(self, check: Callable[[], None]) -> Iterator[pa.RecordBatch]:
        if not self._common or not self._stayed.num_rows:
            return
        for batch in self._now.batches(self._differing()):
            check()
            self._people += batch.num_rows
            for name in self._common:
                before, after = batch.column(f"b_{name}"), batch.column(f"a_{name}")
                same = pc.or_(
                    pc.fill_null(pc.equal(before, after), False), pc.and_(pc.is_null(before), pc.is_null(after))
                )
                rows = pc.invert(same)
                if count := pc.sum(rows).as_py():
                    self._by_attribute[name] += count
                    values = [batch.column("before_id").filter(rows), pa.array([name] * count, pa.string())]
                    yield pa.record_batch([*values, before.filter(rows), after.filter(rows)], schema=SCHEMA)

    def _differing(self) -> ir.Table:
        before, after = self._now.table(PROFILES), ibis.memtable(self._after)
        one = before.select(before_id=before.profile_id, **{f"b_{n}": _text(before[n]) for n in self._common})
        other = after.select(after_id=after.profile_id, **{f"a_{n}": _text(after[n]) for n in self._common})
        both = ibis.memtable(self._stayed).inner_join(one, "before_id").inner_join(other, "after_id")
        return both.filter(reduce(or_, (~both[f"b_{n}"].identical_to(both[f"a_{n}"]) for n in self._common)))


def _text(column: ir.Column) -> ir.StringColumn:
    return column.join(", ") if isinstance(column, ir.ArrayColumn) else column.cast("string")


def _as_stored(profiles: pa.Table, columns: Sequence[ColumnSpec]) -> pa.Table:
    """With the types that the lake would give them."""
    stated = {column.name: column for column in columns}
    target = pa.schema(
        pa.field(field.name, arrow_type(stated[field.name], field.type) if field.name in stated else field.type)
        for field in store.canonical_schema(profiles.schema)
    )
    return pa.Table.from_batches([store.cast(batch, target) for batch in profiles.to_batches()], target)
