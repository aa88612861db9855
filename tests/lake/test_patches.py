"""A patched table is the table that one would have written whole, for every reader."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from core.errors import Conflict
from lake import services, store
from lake.queries import Snapshot, snapshot, snapshot_at
from lake.specs import ColumnSpec, TableSpec
from tests.support.examples import examples

pytestmark = pytest.mark.django_db

PEOPLE = TableSpec("test.people", label="People", columns=[ColumnSpec("owner", label="Owner")])
SCHEMA = pa.schema([("owner", pa.string()), ("value", pa.int64())])
Rows = list[tuple[str, int]]
rows_of = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 3)), max_size=12)
patches = st.lists(st.tuples(rows_of, st.sets(st.sampled_from("abcdefgh"))), max_size=6)


@pytest.fixture(autouse=True)
def _never_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small tables would soon be written whole."""
    monkeypatch.setattr(services, "PATCHED_SHARE", 10.0**6)


def table(rows: Rows) -> pa.Table:
    return pa.table([[row[0] for row in rows], [row[1] for row in rows]], schema=SCHEMA)


def publish(rows: Rows, sort_by: Sequence[str] = ("owner",)) -> None:
    services.write_and_publish(PEOPLE, table(rows), sort_by=sort_by)


def patch(rows: Rows, gone: set[str]) -> None:
    work = services.stage()
    work.patch(TableSpec("test.people"), table(rows), "owner", pa.array(sorted(gone), pa.string()), ["owner"])
    work.publish()


def told(now: Snapshot) -> Rows:
    found: list[dict[str, Any]] = now.arrow(now.table("test.people")).to_pylist()
    return sorted((row["owner"], row["value"]) for row in found)


def replaced(rows: Rows, ours: Rows, gone: set[str]) -> Rows:
    return sorted([*(row for row in rows if row[0] not in gone), *ours])


@examples(8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows_of, patches, st.integers(1, 4), st.sampled_from([(), ("owner",)]))
def test_any_patches_make_the_table_written_whole(
    first: Rows, later: list[tuple[Rows, set[str]]], most: int, sort_by: tuple[str, ...]
) -> None:
    """To those who look it up as well, and to those who pinned an older version; also where some were joined."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(services, "PATCHED_FILES", most)
        publish(first, sort_by)
        versions, wanted = [snapshot().version], [sorted(first)]
        for rows, gone in later:
            patch(rows, gone)
            versions.append(snapshot().version)
            wanted.append(replaced(wanted[-1], rows, gone))
        for version, content in zip(versions, wanted, strict=True):
            now = snapshot_at(version)
            assert told(now) == content
            assert now.info("test.people").rows == len(content)
            if now.info("test.people").sorted_by:
                assert [row["owner"] for row in now.arrow(now.table("test.people")).to_pylist()] == sorted(
                    owner for owner, _value in content
                )
            for owner in "abh":
                found = now.lookup("test.people", {"owner": owner}).to_pylist()
                assert sorted(row["value"] for row in found) == [value for name, value in content if name == owner]


def test_a_question_about_one_column_sees_what_is_gone() -> None:
    publish([("a", 1), ("b", 2), ("c", 3)])
    patch([("b", 20)], {"b", "c"})
    now = snapshot()
    people = now.table("test.people")
    assert now.scalar(people.filter(people.value > 1).select("owner").count()) == 1
    assert now.scalar(people.value.sum()) == 21


def test_a_column_may_be_called_as_the_engine_calls_files() -> None:
    files = TableSpec("test.files")
    services.write_and_publish(files, pa.table({"owner": ["a", "b"], "filename": ["x", "y"], "file": ["p", "q"]}))
    for number in range(3):
        work = services.stage()
        rows = pa.table({"owner": ["b"], "filename": [f"z{number}"], "file": ["r"]})
        work.patch(files, rows, "owner", pa.array(["b"]))
        work.publish()
    now = snapshot()
    found = now.arrow(now.table("test.files").order_by("owner")).to_pylist()
    assert found == [{"owner": "a", "filename": "x", "file": "p"}, {"owner": "b", "filename": "z2", "file": "r"}]


@pytest.mark.parametrize("owners", [7, 90_000], ids=["a few owners", "as many as rows"])
def test_many_rows_are_found_where_they_stand(owners: int) -> None:
    """Beside lists, over several row groups, some of no owner."""
    size = 130_000
    owner = [None if number % 11 == 0 else f"owner {number % owners}" for number in range(size)]
    rows = pa.table({"tags": [["x", "y"]] * size, "owner": owner, "number": range(size)})
    spec = TableSpec("test.many")
    services.write_and_publish(spec, rows)
    kept = list(zip(owner, range(size), strict=True))
    for gone, new in (({"owner 3", "owner 5"}, size), ({"owner 3", "owner 6", "nobody"}, size + 1)):
        work = services.stage()
        work.patch(spec, pa.table({"tags": [["z"]], "owner": ["owner 3"], "number": [new]}), "owner", pa.array(gone))
        work.publish()
        kept = [(one, number) for one, number in kept if one not in gone] + [("owner 3", new)]
        now = snapshot()
        numbers = now.arrow(now.table("test.many").select("number")).column(0).to_pylist()
        assert sorted(numbers) == [number for _one, number in kept]
        assert now.info("test.many").rows == len(kept)


def test_only_what_changed_is_written() -> None:
    publish([("a", 1), ("b", 2), ("c", 3)])
    before = set(snapshot().files("test.people"))
    patch([("b", 20)], {"b"})
    now = snapshot()
    assert before < set(now.files("test.people"))
    assert told(now) == [("a", 1), ("b", 20), ("c", 3)]


def test_much_patched_is_written_whole_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PATCHED_SHARE", 0.5)
    publish([("a", 1), ("c", 3), ("d", 4)])
    patch([("b", 2)], {"c"})
    assert snapshot().gone("test.people")
    patch([("a", 5)], {"a", "d"})
    now = snapshot()
    assert now.gone("test.people") is None
    assert len(now.files("test.people")) == 1
    assert [row["owner"] for row in now.arrow(now.table("test.people")).to_pylist()] == ["a", "b"]
    assert now.info("test.people").sorted_by == ("owner",)


def test_the_catalog_says_what_it_said_and_that_it_is_no_longer_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    publish([("a", 1), ("b", 9)])
    patch([("b", 2)], {"b"})
    info = snapshot().info("test.people")
    owner, value = info.column("owner"), info.column("value")
    assert owner is not None
    assert value is not None
    assert (info.label, owner.label, value.stats.max, value.stats.is_exact) == ("People", "Owner", 9, False)
    monkeypatch.setattr(services, "PATCHED_SHARE", 0.0)
    patch([("b", 3)], {"b"})
    again = snapshot().info("test.people").column("value")
    assert again is not None
    assert (again.stats.max, again.stats.is_exact) == (3, True)


def test_rows_can_be_added_to_a_patched_table() -> None:
    publish([("a", 1), ("b", 2)])
    patch([], {"a"})
    work = services.stage()
    work.append(TableSpec("test.people"), pa.table({"owner": ["c"], "note": ["hi"]}))
    work.publish()
    now = snapshot()
    rows = now.arrow(now.table("test.people").order_by("owner")).to_pylist()
    assert rows == [{"owner": "b", "value": 2, "note": None}, {"owner": "c", "value": None, "note": "hi"}]


def test_a_table_that_was_not_there_is_made() -> None:
    patch([("a", 1)], {"b"})
    assert told(snapshot()) == [("a", 1)]


def test_two_patches_of_one_state_do_not_lose_each_other() -> None:
    publish([("a", 1), ("b", 2)])
    first, second = services.stage(), services.stage()
    nobody = pa.array([], pa.string())
    first.patch(PEOPLE, table([("x", 0)]), "owner", pa.array(["a"]))
    second.patch(PEOPLE, table([("y", 0)]), "owner", nobody)
    second.publish()
    with pytest.raises(Conflict):
        first.publish()
    assert told(snapshot()) == [("a", 1), ("b", 2), ("y", 0)]
    patch([], {"a"})
    assert told(snapshot()) == [("b", 2), ("y", 0)]


def test_a_patch_that_was_never_published_is_not_seen_by_the_next() -> None:
    publish([("a", 1), ("b", 2)])
    services.stage().patch(PEOPLE, table([("lost", 0)]), "owner", pa.array(["b"]))
    assert told(snapshot()) == [("a", 1), ("b", 2)]
    patch([("c", 3)], {"a"})
    assert told(snapshot()) == [("b", 2), ("c", 3)]


def test_cleaning_keeps_what_is_gone_as_long_as_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "RETENTION_HOURS", 0)
    publish([("a", 1), ("b", 2)])
    for number in range(3):
        patch([("b", number)], {"b"})
    services.clean(hours=0)
    services.clean(hours=0)
    now = snapshot()
    assert told(now) == [("a", 1), ("b", 2)]
    assert [str(path) for path in _told_gone()] == [now.gone("test.people")]
    publish([("z", 1)])
    services.clean(hours=0)
    services.clean(hours=0)
    assert not list(_told_gone())
    assert told(snapshot()) == [("z", 1)]


def _told_gone() -> Iterator[Any]:
    return store.path_of(snapshot()._root, "test.people").glob("_gone/*")


def test_the_same_owner_can_be_patched_again_and_again() -> None:
    publish([("a", 0), ("b", 0)])
    draw = random.Random(5)
    for number in range(1, 6):
        patch([("a", number)] * draw.randint(1, 3), {"a"})
    assert set(told(snapshot())) == {("a", 5), ("b", 0)}
