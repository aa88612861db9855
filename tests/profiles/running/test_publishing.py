"""Customers after changes: only those who differ are written."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from profiles.running.publishing import differing, with_values

SCHEMA = pa.schema([("profile_id", pa.string()), ("name", pa.string()), ("emails", pa.list_(pa.string()))])
people = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(st.sampled_from(["Ann", "Bo", None]), st.lists(st.sampled_from(["x", "y"]), max_size=2) | st.none()),
)
Person = tuple[str | None, list[str] | None]


def table(rows: dict[str, Person]) -> pa.Table:
    return pa.table([list(rows), [n for n, _e in rows.values()], [e for _n, e in rows.values()]], schema=SCHEMA)


def rows_of(found: pa.Table) -> dict[str, Person]:
    return {row["profile_id"]: (row["name"], row["emails"]) for row in found.to_pylist()}


@given(people, people)
def test_only_who_differs_is_replaced(before: dict[str, Person], after: dict[str, Person]) -> None:
    found = differing(table(before), table(after))
    same = {name for name in after if name in before and before[name] == after[name]}
    assert rows_of(found.rows) == {name: row for name, row in after.items() if name not in same}
    assert found.rows.column("profile_id").to_pylist() == sorted(set(after) - same)
    assert found.instead_of is not None
    assert set(found.instead_of.to_pylist()) == set(before) - same


def test_whose_groups_alone_changed_keep_all_else() -> None:
    before = {"a": ("A", ["x"]), "b": ("B", None), "c": ("C", [])}
    moved = pa.table({"profile_id": ["c", "b"], "name": ["new", None]})
    assert rows_of(with_values(table(before), moved)) == {"b": (None, None), "c": ("new", [])}
