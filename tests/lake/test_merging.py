"""Two streams that are in order become one that is."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from lake.merging import is_sorted, merged

SCHEMA = pa.schema([("owner", pa.string()), ("value", pa.int64())])
owners = st.lists(st.text("abä王", max_size=3), max_size=12)
sizes = st.integers(1, 4)


def batches(names: list[str], first: int, size: int) -> list[pa.RecordBatch]:
    """Numbered in order, from `first` on, with empty batches between them."""
    rows = pa.table({"owner": names, "value": range(first, first + len(names))}, schema=SCHEMA)
    empty = SCHEMA.empty_table().to_batches() or [pa.RecordBatch.from_pylist([], SCHEMA)]
    return [batch for some in rows.to_batches(max_chunksize=size) for batch in (*empty, some)]


def pairs(batch: pa.RecordBatch | pa.Table) -> list[tuple[str, int]]:
    return list(zip(batch["owner"].to_pylist(), batch["value"].to_pylist(), strict=True))


@given(owners, owners, sizes, sizes)
def test_every_row_is_there_once_and_in_order(one: list[str], other: list[str], size: int, another: int) -> None:
    ordered = [sorted(names, key=str.encode) for names in (one, other)]
    streams = batches(ordered[0], 0, size), batches(ordered[1], 100, another)
    found = pa.Table.from_batches(merged(*streams, "owner"), SCHEMA)
    assert is_sorted(found.to_batches(), "owner")
    told = pairs(found)
    assert sorted(told) == sorted((owner, row) for rows in streams for batch in rows for owner, row in pairs(batch))
    assert [value for _owner, value in told if value < 100] == list(range(len(one)))


@given(owners, sizes)
def test_order_is_recognised(names: list[str], size: int) -> None:
    in_order = [name.encode() for name in names] == sorted(name.encode() for name in names)
    assert is_sorted(batches(names, 0, size), "owner") == in_order


def test_what_is_missing_has_no_order() -> None:
    assert not is_sorted(
        pa.table({"owner": ["a", None]}, schema=pa.schema([SCHEMA.field("owner")])).to_batches(), "owner"
    )
