"""Placeholders, hubs, aliases, ignored and trusted values, through the stage and its page."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.contrib.auth.models import User

from core.errors import InvalidInput
from core.sections import ApplyContext
from jobs.refresh import StageReport
from lake.queries import snapshot
from profiles.config import services
from profiles.models import Unification, UnificationRun
from profiles.unify.merging.merge import merge
from profiles.unify.pairs.score import similarity
from profiles.unify.reading.hubs import set_hubs_aside
from profiles.unify.reading.records import Hub, Records, TableInput, read_records
from profiles.unify.values.names import Words
from profiles.unify.values.stated import parse_stated
from profiles.workspace import UnificationSection, UnificationSpec
from tests.profiles.conftest import put
from tests.profiles.test_doors import ClientOf

MEANINGS = {"name": "person.full_name", "email": "contact.email", "born": "person.birth_date"}


def read(rows: list[dict[str, Any]], **values: Any) -> Records:
    table = pa.Table.from_pylist(
        [{"id": str(n), "name": None, "email": None, "born": None, **r} for n, r in enumerate(rows)]
    )
    table = table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))
    given = TableInput("shop", "customers", ("id",), table, MEANINGS)
    stated = parse_stated(values)
    return set_hubs_aside(read_records([given], "US", stated=stated), "US", stated)


def known(records: Records, feature: str) -> list[str | None]:
    found = records.features[feature]
    return [found.values[code].as_py() if code >= 0 else None for code in found.codes.tolist()]


SHARED = [{"name": f"Person{n} Surname{n}", "email": "info@shop.example", "born": "n/a"} for n in range(12)]


def test_what_many_people_share_and_placeholders_are_told_with_their_reason() -> None:
    found = read([*SHARED, {"name": "Ann Lee", "born": "1900-01-01"}])
    assert found.hubs == (
        Hub("contact.email", "info@shop.example", 12, 12, "shared"),
        Hub("person.birth_date", "n/a", 12, 12, "placeholder"),
        Hub("person.birth_date", "1900-01-01", 1, 1, "placeholder"),
    )
    assert not found.features["contact.email"].known


def test_birth_dates_tell_people_apart_where_names_do_not() -> None:
    rows = [{"name": "Kim Lee", "email": "info@shop.example", "born": f"1980-03-{n + 1:02}"} for n in range(12)]
    assert [hub.value for hub in read(rows).hubs] == ["info@shop.example"]


def test_a_trusted_value_is_no_hub() -> None:
    found = read(SHARED, **{"contact.email": {"trusted_values": ["INFO@shop.example"]}})
    assert [hub.value for hub in found.hubs] == ["n/a"]
    assert found.features["contact.email"].known == 12


def test_aliases_and_ignored_values_count_before_comparing() -> None:
    rows = [{"name": "Bobby Lee", "email": "walk-in"}, {"name": "Robert Lee", "email": "till@shop.example"}]
    found = read(
        rows,
        **{"person.full_name": {"aliases": {"bobby": "robert"}}, "email": {"ignore": ["Till@Shop.example"]}},
    )
    assert known(found, "person.full_name") == ["robert lee", "robert lee"]
    assert known(found, "contact.email") == [None, None]


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ("bob", "robert", 0.96), ("bert", "albert", 0.96), ("bert", "robert", 0.96), ("sasha", "aleksandr", 0.96),
        ("pepe", "jose", 0.96), ("hans", "johannes", 0.96), ("lupe", "guadalupe", 0.96), ("gianni", "giovanni", 0.96),
        ("juergen", "jurgen", 0.95), ("yuliya", "julia", 0.95), ("satou", "sato", 0.95), ("mhmd", "mohammed", 0.9),
        ("smchay", "somchai", 0.9), ("mary", "mary ann", 0.93), ("j", "john", 0.87),
    ],
)  # fmt: skip
def test_forms_of_one_name_are_alike(one: str, other: str, least: float) -> None:
    words = Words([one, other])
    zero, first = (words.similarity(*pair)[0] for pair in _both_ways())
    assert zero == first
    assert zero >= least - 1e-6


def _both_ways() -> list[tuple[Any, Any]]:
    zero, one = pa.array([0], pa.int32()).to_numpy(), pa.array([1], pa.int32()).to_numpy()
    return [(zero, one), (one, zero)]


@pytest.mark.parametrize(("one", "other"), [("robert", "albert"), ("james", "jack"), ("mary", "mark"), ("omar", "amr")])
def test_other_names_are_not(one: str, other: str) -> None:
    assert Words([one, other]).similarity(*_both_ways()[0])[0] < 0.92


def test_the_page_says_why_a_value_is_set_aside(
    retailer: None, run: Callable[[], list[StageReport]], client_of: ClientOf, viewer: User
) -> None:
    run()
    hubs = UnificationRun.latest_report()["hubs"]
    assert {
        "attribute": "address.city",
        "value": "n/a",
        "records": 1,
        "people_names": 1,
        "reason": "placeholder",
    } in hubs
    page = client_of(viewer).get("/customers/unify/").content.decode()
    assert "stands for no value" in page


def test_a_rule_compares_in_its_own_way(db: None, run: Callable[[], list[StageReport]]) -> None:
    people = [
        {"customer_id": "1", "email": "ann@x.org", "first_name": "Ann", "last_name": "Lee", "nick": "Änn-Ä"},
        {"customer_id": "2", "email": "lee@x.org", "first_name": "Bo", "last_name": "Ng", "nick": "ANNA"},
    ]
    put("shop.customers", "customer_id", people)
    rule = {"name": "Nick", "when": [{"column": "nick", "normalise": ["case", "accents", "no_spaces"]}]}
    services.save_unification(tables=["shop.customers"], rules=[rule])
    assert Unification.current().rules == [rule]
    run()
    assert snapshot().info("unified.profiles").rows == 1


def test_stated_values_go_through_the_workspace_file(retailer: None) -> None:
    values = {"person.first_name": {"aliases": {"bob": "robert"}}, "tier": {"ignore": ["-"], "trusted_values": ["N/A"]}}
    spec = UnificationSpec.model_validate({"values": values})
    section, context = UnificationSection(), ApplyContext(Path())
    assert [change.path for change in section.apply(spec, context)] == ["unification.values"]
    assert Unification.current().values == values
    assert section.apply(spec, context) == []
    exported = section.export()
    assert exported is not None
    assert exported["values"] == values


def test_values_of_what_no_table_has_are_refused_with_their_place(retailer: None) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.save_unification(values={"shoe_size": {"ignore": ["0"]}})
    assert refused.value.place == "unification.values[shoe_size]"
    with pytest.raises(InvalidInput) as refused:
        services.save_unification(values={"contact.email": {"ignored": ["0"]}})
    assert refused.value.place == "unification.values[contact.email].ignored"


def test_the_form_keeps_the_normalisers_of_a_rule(unified: None, client_of: ClientOf, analyst: User) -> None:
    rule = {"name": "Tier", "when": [{"column": "tier", "normalise": ["case", "spaces"]}]}
    services.save_unification(rules=[rule])
    page = client_of(analyst).get("/customers/unify/match/0/").content.decode()
    assert 'name="rule-0-when-0-normalise" value="case,spaces"' in page
    data = {
        "rule-0-name": "Tier", "rule-0-active": "on",
        "rule-0-when-0-what": "column:tier", "rule-0-when-0-compare": "exact", "rule-0-when-0-normalise": "case,spaces",
    }  # fmt: skip
    assert client_of(analyst).post("/customers/unify/match/0/", data).status_code == 303
    assert Unification.current().rules == [rule]
    assert "Tier (Case, Spaces)" in client_of(analyst).get("/customers/unify/match/").content.decode()


def test_each_column_of_dates_is_read_in_its_own_order() -> None:
    found = _born({"a.one": ["31/12/1979", "03/02/1980"], "b.two": ["12/31/1979", "03/02/1980"]})
    assert found == ["19791231", "19800203", "19791231", "19800302"]


def test_a_stated_order_counts_before_what_the_column_tells() -> None:
    found = _born({"a.one": ["03/02/1980"], "b.two": ["03/02/1980"]}, **{"a.one.born": {"order": "dmy"}})
    assert found == ["19800203", "19800302"]


def test_a_slip_in_a_date_is_near_to_the_date_and_never_shown_as_one() -> None:
    born = {"born": "person.birth_date"}
    records = read_records(
        [TableInput("a", "one", ("id",), _numbered("born", ["1980-13-02", "1980-03-02"]), born)], "US"
    )
    date = records.features["person.birth_date"]
    near = similarity(date, "date", date.codes[:1], date.codes[1:])
    assert near.tolist() == pytest.approx([7 / 8])
    people = pa.array(["p1", "p2"])
    found = merge(records, people, pa.nulls(2, pa.timestamp("us", "UTC"))).profiles["birth_date"]
    assert found.to_pylist() == [None, datetime.date(1980, 3, 2)]


def _born(tables: dict[str, list[str]], **values: Any) -> list[str | None]:
    given = [
        TableInput(*name.split("."), ("id",), _numbered("born", texts), {"born": "person.birth_date"})
        for name, texts in tables.items()
    ]
    return known(read_records(given, "US", stated=parse_stated(values)), "person.birth_date")


def _numbered(column: str, texts: list[str]) -> pa.Table:
    return pa.table({"id": [str(n) for n in range(len(texts))], column: texts})


def test_a_phone_is_read_in_the_country_of_its_own_record() -> None:
    rows = _numbered("phone", ["030 1234567", "030 1234567", "212 555 0123", "020 7946 0958"])
    rows = rows.append_column("land", pa.array(["Deutschland", "Italia", None, "UK"]))
    given = TableInput("x", "y", ("id",), rows, {"phone": "contact.phone", "land": "address.country"})
    found = known(read_records([given], "US"), "contact.phone")
    assert found == ["+49301234567", "+390301234567", "+12125550123", "+442079460958"]


def test_a_column_of_one_table_can_be_stated(retailer: None) -> None:
    values = {"shop.customers.birth_date": {"order": "dmy"}}
    services.save_unification(values=values)
    assert Unification.current().values == values
    with pytest.raises(InvalidInput):
        services.save_unification(values={"shop.customers.shoe_size": {"order": "dmy"}})
