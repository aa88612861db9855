"""Merging against a slow and obvious implementation that looks at one person at a time."""

import datetime
import itertools
from collections import Counter
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.text import fold
from profiles.unify.config.policies import POLICIES, MergeSettings, dump_settings, parse_settings
from profiles.unify.merging.merge import Merged, merge
from profiles.unify.reading.records import TableInput, read_records
from tests.support.examples import examples

TABLES = ("shop.a", "shop.b", "till.c")
COLUMNS = ("color", "line", "city", "zip")
MEANINGS = {"line": "address.line", "city": "address.city", "zip": "address.postcode"}
TIMES = [None, *(datetime.datetime(2024, 1, day, tzinfo=datetime.UTC) for day in (1, 2, 3))]
Row = dict[str, Any]

words = st.sampled_from([None, "Red", "red", "RED ", "Bleu", "bleu", "Grün", "grun", "Violet Sky"])
row = st.fixed_dictionaries(
    {"table": st.sampled_from(TABLES), "person": st.integers(0, 3), "at": st.sampled_from(TIMES)}
    | dict.fromkeys(COLUMNS, words)
)
tables = st.lists(st.sampled_from(TABLES), unique=True).map(tuple)
policies = st.sampled_from(POLICIES)


def merged(rows: list[Row], wanted: MergeSettings, order: Callable[[int], int] = lambda n: n) -> Merged:
    """Rows get their key by place; the tables see them in another order."""
    inputs = []
    for table in TABLES:
        mine = sorted((n for n, row in enumerate(rows) if row["table"] == table), key=order)
        columns = {name: pa.array([rows[n][name] for n in mine], pa.string()) for name in COLUMNS}
        keys = pa.array([f"{n:03}" for n in mine], pa.string())
        inputs.append(TableInput(*table.split("."), ("key",), pa.table({"key": keys, **columns}), MEANINGS))
    records = read_records(inputs, "US")
    numbers = [int(key) for key in records.record_ids.to_pylist()]
    people = pa.array([f"p{rows[n]['person']}" for n in numbers], pa.string())
    times = pa.array([rows[n]["at"] for n in numbers], pa.timestamp("us", "UTC"))
    return merge(records, people, times, wanted)


def value(row: Row, name: str) -> str | None:
    return (row[name] or "").strip() or None


def expected(rows: list[Row], names: tuple[str, ...], policy: str, trust: tuple[str, ...]) -> Row | None:
    """Of one person's rows, the one that these attributes come from."""
    order = [*trust, *(table for table in TABLES if table not in trust)]
    usual = sorted(rows, key=lambda row: (order.index(row["table"]), row["number"]))
    candidates = [row for row in usual if any(value(row, name) for name in names)]
    if "line" in names and policy in ("trust", "recent", "oldest"):
        candidates = [row for row in candidates if value(row, "line")] or candidates
    if not candidates:
        return None
    texts = Counter(tuple(fold(value(row, name) or "") for name in names) for row in candidates)
    far = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)
    score: dict[str, Callable[[Row], Any]] = {
        "trust": lambda row: 0,
        "recent": lambda row: row["at"] or far,
        "oldest": lambda row: -(row["at"] or datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)).timestamp(),
        "frequent": lambda row: texts[tuple(fold(value(row, name) or "") for name in names)],
        "complete": lambda row: sum(value(row, n) is not None for n in (COLUMNS if len(names) == 1 else names)),
        "longest": lambda row: sum(len(value(row, name) or "") for name in names),
    }
    return max(candidates, key=score[policy])  # of equals, the first


def people_of(rows: list[Row]) -> dict[str, list[Row]]:
    numbered = sorted((row | {"number": n} for n, row in enumerate(rows)), key=lambda row: row["person"])
    return {f"p{person}": list(mine) for person, mine in itertools.groupby(numbered, lambda row: row["person"])}


@examples(60)
@given(st.lists(row, min_size=1, max_size=14), policies, tables)
def test_each_policy_chooses_as_the_obvious_implementation(
    rows: list[Row], policy: str, trust: tuple[str, ...]
) -> None:
    wanted = parse_settings({"attributes": [{"attribute": "color", "policy": policy, "trust": trust}]})
    found = merged(rows, wanted).profiles.to_pylist()
    for person in found:
        mine = expected(people_of(rows)[person["profile_id"]], ("color",), policy, trust)
        assert person["color"] == (mine and value(mine, "color"))


@examples(60)
@given(st.lists(row, min_size=1, max_size=14), policies, tables)
def test_what_travels_together_comes_from_one_record(rows: list[Row], policy: str, trust: tuple[str, ...]) -> None:
    names = ("line", "city", "postcode")
    wanted = parse_settings({"groups": [{"name": "home", "attributes": names, "policy": policy, "trust": trust}]})
    found = merged(rows, wanted).profiles.to_pylist()
    for person in found:
        mine = expected(people_of(rows)[person["profile_id"]], ("line", "city", "zip"), policy, trust)
        assert [person[name] for name in names] == [mine and value(mine, name) for name in ("line", "city", "zip")]


@examples(25)
@given(st.lists(row, min_size=1, max_size=14), policies, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[Row], policy: str, random: Any) -> None:
    wanted = parse_settings({"attributes": [{"attribute": "color", "policy": policy, "collect": True}]})
    places = random.sample(range(len(rows)), len(rows))
    one, other = merged(rows, wanted), merged(rows, wanted, places.__getitem__)
    assert one.profiles.equals(other.profiles)
    assert one.provenance.equals(other.provenance)


@examples(40)
@given(st.lists(row, min_size=1, max_size=14), policies)
def test_every_differing_value_keeps_where_and_when_it_is_from(rows: list[Row], policy: str) -> None:
    result = merged(rows, parse_settings({"attributes": [{"attribute": "color", "policy": policy}]}))
    shown = {person["profile_id"]: person["color"] for person in result.profiles.to_pylist()}
    kept = [one for one in result.provenance.to_pylist() if one["attribute"] == "color"]
    for one in kept:
        origin = rows[int(one["record_id"])]
        assert (value(origin, "color"), origin["at"]) == (one["value"], one["value_at"])
        assert one["is_winner"] == (one["value"] == shown[one["profile_id"]])
    known = {
        (person, value(row, "color"))
        for person, mine in people_of(rows).items()
        for row in mine
        if len(mine) > 1 and value(row, "color")
    }
    assert sorted((one["profile_id"], one["value"]) for one in kept) == sorted(known)


def sole(rows: list[Row], wanted: dict[str, Any]) -> Row:
    """The one person that these rows are."""
    blank = {"person": 0, "at": None} | dict.fromkeys(COLUMNS)
    found: list[Row] = merged([blank | row for row in rows], parse_settings(wanted)).profiles.to_pylist()
    return found[0]


RED, BLUE = {"table": "shop.a", "color": "red"}, {"table": "till.c", "color": "blue", "line": "Main St 1"}


def test_an_excluded_attribute_is_nowhere() -> None:
    assert "color" not in sole([RED, BLUE], {"attributes": [{"attribute": "color", "exclude": True}]})


def test_all_values_are_collected_the_most_trusted_first() -> None:
    found = sole([BLUE, RED], {"attributes": [{"attribute": "color", "collect": True}]})
    assert (found["color"], found["all_color"]) == ("red", ["red", "blue"])


def test_columns_are_combined_by_hand() -> None:
    columns = ["shop.a.color", "till.c.line"]
    found = sole([{"table": "shop.a"}, BLUE], {"attributes": [{"attribute": "hue", "columns": columns}]})
    assert (found["hue"], found["color"]) == ("Main St 1", "blue")


def test_columns_are_separated_by_hand() -> None:
    found = sole([RED, BLUE], {"attributes": [{"attribute": "till_color", "columns": ["till.c.color"]}]})
    assert (found["color"], found["till_color"]) == ("red", "blue")


def test_a_column_that_a_list_leaves_out_stands_for_itself() -> None:
    found = sole([RED, BLUE], {"attributes": [{"attribute": "color", "columns": ["shop.a.color"]}]})
    assert (found["color"], found["till_c_color"]) == ("red", "blue")


def test_an_address_need_not_travel_together() -> None:
    rows = [{"table": "shop.a", "city": "Rome"}, {"table": "till.c", "line": "Via Roma 1", "city": "Milano"}]
    assert sole(rows, {})["city"] == "Milano"
    assert sole(rows, {"groups": []})["city"] == "Rome"


def test_settings_are_written_as_short_as_they_can_be() -> None:
    stated = {"attributes": [{"attribute": "color", "policy": "recent"}], "groups": []}
    assert dump_settings(parse_settings(stated)) == stated
    assert dump_settings(MergeSettings()) == {}


@pytest.mark.parametrize(
    ("stated", "place"),
    [
        ({"attributes": [{"attribute": "color", "policy": "best"}]}, "merge.attributes[color].policy"),
        ({"attributes": [{"attribute": "color"}] * 2}, "merge"),
        ({"groups": [{"name": "a", "attributes": ["x"]}, {"name": "b", "attributes": ["x"]}]}, "merge"),
        ({"attributes": [{"attribute": "profile_id"}]}, "merge"),
        ({"groups": [{"name": "a", "attributes": []}]}, "merge.groups[a].attributes"),
        ({"wrong": 1}, "merge.wrong"),
    ],
)
def test_a_mistake_is_refused_with_its_place(stated: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_settings(stated)
    assert caught.value.place == place


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Info@MÜLLER.de ", "info@müller.de"),
        ("josé@x.org", "josé@x.org"),
        ("ａｎｎ＠x.org", "ann@x.org"),
        ("<mailto:Ann@X.org>", "ann@x.org"),
        ("Ann+news@gmail.com", "ann+news@gmail.com"),
    ],
)
def test_an_address_of_a_customer_is_the_one_that_mail_is_sent_to(written: str, shown: str) -> None:
    table = TableInput("s", "a", ("key",), pa.table({"key": ["1"], "mail": [written]}), {"mail": "contact.email"})
    records = read_records([table], "US")
    found = merge(records, pa.array(["p1"]), pa.nulls(1, pa.timestamp("us", "UTC")), MergeSettings())
    [row] = found.profiles.to_pylist()
    assert (row["email"], row["emails"]) == (shown, [shown])
