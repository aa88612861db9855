"""How changed people come among the others."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from profiles.running.publishing import merged, with_values

SCHEMA = pa.schema([("profile_id", pa.string()), ("name", pa.string())])
ids = st.lists(st.text("abc", min_size=1, max_size=3), unique=True).map(sorted)


def rows(people: list[str], name: str) -> pa.Table:
    return pa.table({"profile_id": people, "name": [name] * len(people)}, schema=SCHEMA)


@given(ids, ids, st.sets(st.text("abc", min_size=1, max_size=3)), st.integers(1, 4))
def test_they_take_their_place_in_the_order(before: list[str], ours: list[str], gone: set[str], size: int) -> None:
    left_out = pa.array(sorted(gone | set(ours)), pa.string())
    batches = rows(before, "old").to_batches(max_chunksize=size)
    found = pa.Table.from_batches(merged(batches, SCHEMA, rows(ours, "new"), left_out), SCHEMA)
    wanted = {name: "old" for name in before if name not in gone} | dict.fromkeys(ours, "new")
    assert [(row["profile_id"], row["name"]) for row in found.to_pylist()] == sorted(wanted.items())


@given(ids, st.sets(st.text("abc", min_size=1, max_size=3)), st.integers(1, 4))
def test_who_is_in_another_group_alone_stays_where_they_are(before: list[str], moved: set[str], size: int) -> None:
    names = {name: None if len(name) > 2 else f"new {name}" for name in sorted(moved)}
    values = pa.table({"profile_id": list(names), "name": list(names.values())}, schema=SCHEMA)
    seen: list[pa.Table] = []
    batches = with_values(rows(before, "old").to_batches(max_chunksize=size), values, seen.append)
    found = pa.Table.from_batches(batches, SCHEMA).to_pylist()
    assert found == [{"profile_id": name, "name": names.get(name, "old")} for name in before]
    told = [row for part in seen for row in part.to_pylist()]
    assert told == [row for row in found if row["profile_id"] in moved]
