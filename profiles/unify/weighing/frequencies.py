"""How many records have each value: what makes a rare value say more than a common one.

Counted once, from all records, and kept with what was learned. Values of one record alone are not kept, for nearly all
e-mail addresses are of that kind: whatever is not in the list has been seen once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.reading.records import Feature
from profiles.unify.weighing.aspects import Aspects
from profiles.unify.weighing.name_aspects import ALONE, IN_USE, NAME, given_alone
from profiles.unify.weighing.together import NOTHING, Parted, counted, parted

Counts = npt.NDArray[np.int64]
# So small a part of the values that were counted are few.
FEW = 0.5


@dataclass(frozen=True)
class Frequencies:
    """Per aspect the `values` (columns `value`, `records`) of several records, and the `totals` of records with any; so
    too of names and places together. `tables`: from how many tables."""

    values: Mapping[str, pa.Table]
    totals: Mapping[str, int]
    tables: int
    _found: dict[str, tuple[pa.Array, Counts]] = field(init=False, default_factory=dict, compare=False, repr=False)
    _parted: dict[str, Parted] = field(init=False, default_factory=dict, compare=False, repr=False)

    def of(self, name: str, texts: pa.Array) -> Counts:
        """How many records were counted with each of these values; 1 for values that were not seen."""
        if name not in self._found or self._found[name][0] is not texts:
            self._found[name] = texts, self._looked_up(name, texts)
        return self._found[name][1]

    def together(self, name: str, columns: int) -> Parted:
        """How many records were counted with each combination of so many values."""
        if name not in self._parted:
            self._parted[name] = parted(self.values.get(name, NOTHING), columns)
        return self._parted[name]

    def _looked_up(self, name: str, texts: pa.Array) -> Counts:
        known, found = self.values.get(name), np.ones(len(texts), np.int64)
        if known is None or not known.num_rows:
            return found
        if len(texts) < FEW * known.num_rows and len(texts.unique()) == len(texts):
            at = pc.index_in(known.column("value"), value_set=texts)  # the small side is hashed
            found[at.drop_null().to_numpy()] = known.column("records").filter(pc.is_valid(at)).to_numpy()
            return found
        at = pc.index_in(texts, value_set=known.column("value"))
        counts: Counts = pc.fill_null(known.column("records").take(at), 1).to_numpy()
        return counts


def count(aspects: Aspects) -> Frequencies:
    values, totals = counted(aspects)
    found = Frequencies(values, totals, len(aspects.records.tables))
    for aspect in aspects.all:
        known = aspects.values(aspect.name)
        if known is None:
            continue
        used = np.bincount(known.codes + 1, minlength=len(known.texts) + 1)[1:]
        several = np.flatnonzero(used > 1)
        texts = known.texts.take(pa.array(several))
        values[aspect.name] = pa.table({"value": texts.cast(pa.string()), "records": pa.array(used[several])})
        totals[aspect.name] = int(used.sum())
        found._found[aspect.name] = known.texts, np.maximum(used, 1)
    if NAME in aspects.records.features:
        values[ALONE] = _given_alone(aspects.records.features[NAME])
    return found


def _given_alone(names: Feature) -> pa.Table:
    chosen = np.flatnonzero(given_alone(names))
    texts = pa.array(names.words.texts, pa.string()).take(pa.array(chosen))
    return pa.table({"value": texts, "records": pa.array(np.full(len(chosen), IN_USE))})


def as_table(found: Frequencies) -> pa.Table:
    """`aspect`, `value`, `records`, sorted by aspect and value."""
    parts = [
        table.add_column(0, "aspect", pa.array([name] * table.num_rows, pa.string())).sort_by("value")
        for name, table in sorted(found.values.items())
    ]
    schema = pa.schema([("aspect", pa.string()), ("value", pa.string()), ("records", pa.int64())])
    return pa.concat_tables([schema.empty_table(), *parts])


def from_table(table: pa.Table, totals: Mapping[str, int], tables: int) -> Frequencies:
    """`table`: as `as_table` has it, or in any order."""
    aspect = table.column("aspect").combine_chunks().dictionary_encode()
    codes, names = aspect.indices.to_numpy(), aspect.dictionary.to_pylist()
    if (codes[1:] < codes[:-1]).any():
        return from_table(table.sort_by("aspect"), totals, tables)
    rows, ends = table.drop_columns("aspect"), np.searchsorted(codes, np.arange(len(names) + 1)).tolist()
    values = {name: rows.slice(at, end - at) for name, at, end in zip(names, ends[:-1], ends[1:], strict=True)}
    return Frequencies(values, totals, tables)
