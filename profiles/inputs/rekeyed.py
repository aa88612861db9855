"""Tables that have another key than in the last run: their records are the same ones under other ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from lake.queries import Snapshot
from profiles.inputs.mapping import key_text
from profiles.unify.reading.keys import SEPARATOR


@dataclass(frozen=True)
class Rekeyed:
    """`tables`: source.table of those whose key is another one. `was`: table and id of a record in the last run, `ids`:
    the id that it has now, aligned. Records of these tables that are not in it are gone, or cannot be told apart."""

    tables: pa.Array
    was: pa.Array
    ids: pa.Array

    def __bool__(self) -> bool:
        return len(self.tables) > 0

    def ids_of(self, tables: pa.ChunkedArray | pa.Array, records: pa.ChunkedArray | pa.Array) -> pa.Array:
        """The ids that records have now, by their tables and the ids of the last run; null where that is not known."""
        names = pc.binary_join_element_wise(tables, records, SEPARATOR)
        now = self.ids.take(pc.index_in(names, value_set=self.was).cast(pa.int64()))
        return pc.if_else(pc.is_in(tables, value_set=self.tables), now, records)

    def rows(self, rows: pa.Table | None) -> pa.Table | None:
        """Rows with `source`, `table` and `record_id`, under the ids of now; without those that have none."""
        if rows is None or not self:
            return rows
        source, table = (rows.column(part).cast(pa.string()) for part in ("source", "table"))
        found = self.ids_of(pc.binary_join_element_wise(source, table, "."), rows.column("record_id"))
        place = rows.column_names.index("record_id")
        return rows.set_column(place, "record_id", found).filter(pc.is_valid(found))

    def pairs(self, rows: pa.Table | None) -> pa.Table | None:
        """Decisions under the ids of now. One that names a record that cannot be found stays as it is: it may have been
        written for the new key."""
        if rows is None or not self:
            return rows
        for side in ("left", "right"):
            records = rows.column(f"{side}_id")
            found = pc.coalesce(self.ids_of(rows.column(f"{side}_table"), records), records)
            rows = rows.set_column(rows.column_names.index(f"{side}_id"), f"{side}_id", found)
        return rows


def rekeyed(now: Snapshot, keys: Mapping[str, Sequence[str]]) -> Rekeyed:
    """`keys`: the key of each table in the last run. Where its columns are still there, they tell what a record was
    called; where they are not, ids are taken to be those of before under another name of the column."""
    tables, was, ids = [], [pa.array([], pa.string())], [pa.array([], pa.string())]
    for name, key in keys.items():
        info = now.info(name) if now.has(name) else None
        if info is None or list(info.key) == list(key) or any(info.column(column) is None for column in key):
            continue
        rows = now.table(name)
        both = now.arrow(rows.select(was=key_text(rows, key), now=key_text(rows, info.key)))
        once = both.group_by("was").aggregate([("now", "count"), ("now", "min")])
        once = once.filter(pc.equal(once.column("now_count"), 1))
        tables.append(name)
        was.append(pc.binary_join_element_wise(name, once.column("was").combine_chunks(), SEPARATOR))
        ids.append(once.column("now_min").combine_chunks())
    return Rekeyed(pa.array(tables, pa.string()), pa.concat_arrays(was), pa.concat_arrays(ids))
