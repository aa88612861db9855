"""A few customers as they were last published, over any number of runs of changes."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from profiles.inputs import kept, last_customers
from tests.profiles.running.test_publishing import SCHEMA, Person, rows_of, table

NAMES = "abcdefgh"
person = st.tuples(st.sampled_from(["Ann", "Bo", None]), st.lists(st.sampled_from(["x", "y"]), max_size=2) | st.none())
# Who was looked at again, and how those of them are who are still there.
changes = st.tuples(st.sets(st.sampled_from(NAMES)), st.dictionaries(st.sampled_from(NAMES), person))


@given(st.dictionaries(st.sampled_from(NAMES), person), st.lists(changes, max_size=4))
def test_who_is_asked_for_is_found_as_last_published(
    first: dict[str, Person], rounds: list[tuple[set[str], dict[str, Person]]]
) -> None:
    now = {f"other {number}": ("Cy", None) for number in range(40)} | first
    name = kept.write({last_customers.EVERYBODY: table(now)})
    for again, rows in rounds:
        now = {key: row for key, row in now.items() if key not in again} | rows
        beside = last_customers.changed(name, table(rows), pa.array(sorted(again), pa.string()))
        name = kept.write(beside, [last_customers.EVERYBODY], name)
    kept.forget_all_but(name)
    for asked in (list(NAMES), [*"abba"], []):
        found = last_customers.with_ids(name, pa.array(asked, pa.string()))
        assert found is not None
        assert found.schema == SCHEMA
        assert rows_of(found) == {key: row for key, row in now.items() if key in asked}


def test_where_much_changed_nobody_is_kept() -> None:
    everybody = {str(number): ("Ann", None) for number in range(40)}
    name = kept.write({last_customers.EVERYBODY: table(everybody)})
    few = {str(number): ("Bo", None) for number in range(10)}
    assert last_customers.changed(name, table(few), pa.array(list(few)))
    assert not last_customers.changed(name, table(few), pa.array([*few, "11"]))
    assert not last_customers.changed("never written", table(few), pa.array(list(few)))
