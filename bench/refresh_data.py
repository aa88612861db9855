"""The demo's three tables as they are before a refresh, and after each of several rounds of changes."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from bench.unify.sets import DataSet, Table

SEED = 23
# Of all records, per round.
CHANGED, ADDED, DELETED = 0.006, 0.002, 0.002
# Records of the set that the first refresh does not see: they come later.
HELD_BACK = 0.04
# What moves together when a person moves.
ADDRESS = ("address", "city", "postcode", "country")


def versions(data: DataSet, table: Table) -> Iterator[pa.Table]:
    """The table at first, then after each round: in each, people get another address, e-mail or telephone."""
    rng = np.random.default_rng(SEED)
    every = parquet.read_table(data.file(table))
    shuffled = rng.permutation(every.num_rows)
    held, per_round = int(HELD_BACK * every.num_rows), int(ADDED * every.num_rows)
    waiting, now = shuffled[:held], every.take(pa.array(np.sort(shuffled[held:])))
    for number in range(len(waiting) // max(1, per_round)):
        yield now
        stay = rng.random(now.num_rows) >= DELETED / (1 - HELD_BACK)
        fresh = every.take(pa.array(waiting[number * per_round :][:per_round]))
        now = pa.concat_tables([_changed(now.filter(pa.array(stay)), rng, number), fresh])


def _changed(rows: pa.Table, rng: np.random.Generator, number: int) -> pa.Table:
    chosen = np.flatnonzero(rng.random(rows.num_rows) < CHANGED / (1 - HELD_BACK))
    kind = rng.integers(0, 3, len(chosen))
    moved = [name for name in ADDRESS if name in rows.column_names]
    others = rng.integers(0, rows.num_rows, len(chosen))
    for name in moved:
        rows = _with(rows, name, chosen[kind == 0], rows.column(name).take(pa.array(others[kind == 0])))
    if "email" in rows.column_names:
        texts = [f"new.{number}.{row}@example.com" for row in chosen[kind == 1].tolist()]
        rows = _with(rows, "email", chosen[kind == 1], pa.array(texts, pa.string()))
    phones = [
        f"+1 212 {line // 10_000:03d} {line % 10_000:04d}" for line in rng.integers(2_000_000, 9_999_999, len(chosen))
    ]
    places = chosen[kind == 2] if "email" in rows.column_names else chosen[kind >= 1]
    return _with(rows, "phone", places, pa.array(phones[: len(places)], pa.string()))


def _with(rows: pa.Table, name: str, places: np.ndarray, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    column = rows.column(name)
    index = np.arange(rows.num_rows)
    index[places] = rows.num_rows + np.arange(len(places))
    both = pa.chunked_array([*column.chunks, *pa.chunked_array(values).cast(column.type).chunks], column.type)
    return rows.set_column(rows.column_names.index(name), name, both.combine_chunks().take(pa.array(index)))
