"""Addresses in one column are compared, and merged, as those in several."""

from typing import Any

import pyarrow as pa
import pytest

from profiles.unify.merging.merge import merge
from profiles.unify.reading.records import TableInput, read_records
from profiles.unify.reading.whole_addresses import spelled_out

APART = {"street": "address.line", "city": "address.city", "zip": "address.postcode"}


def table(name: str, meanings: dict[str, str], **columns: Any) -> TableInput:
    rows = pa.table({"id": [f"{name}{n}" for n in range(len(next(iter(columns.values()))))], **columns})
    return TableInput("x", name, ("id",), *spelled_out(rows, meanings))


def tables(meaning: str) -> list[TableInput]:
    apart = table("a", APART, street=["Hauptstraße 5"], city=["Köln"], zip=["50667"])
    whole = table("b", {"where": meaning}, where=["Hauptstr. 5, 50667 KÖLN, Deutschland"])
    return [apart, whole]


@pytest.mark.parametrize("meaning", ["address.full", "address.line"])
def test_the_parts_are_compared_with_the_columns_of_other_tables(meaning: str) -> None:
    records = read_records(tables(meaning), "DE")
    for name in ("address.line", "address.city", "address.postcode"):
        assert len(set(records.features[name].codes.tolist())) == 1, name


def test_a_street_stays_whole_where_the_table_knows_the_city_by_itself() -> None:
    meanings = {"where": "address.line", "town": "address.city"}
    one = table("c", meanings, where=["Hauptstr. 5, 50667 Köln"], town=["Bonn"])
    assert read_records([one], "DE").features["address.city"].values.to_pylist() == ["bonn"]


def test_a_city_with_its_postcode_is_taken_apart_beside_the_street() -> None:
    meanings = {"street": "address.line", "where": "address.full"}
    one = table("c", meanings, street=["Hauptstr. 5"], where=["50667 Köln"])
    records = read_records([one, tables("address.line")[0]], "DE")
    for name in ("address.line", "address.city", "address.postcode"):
        assert len(set(records.features[name].codes.tolist())) == 1, name


def test_a_run_of_changes_reads_a_column_as_the_full_run_did() -> None:
    where = ["Am Markt 3", "Hauptstr. 5, 50667 Köln", "Kirchplatz 1, 20099 Hamburg"]
    everything = read_records([table("b", {"where": "address.line"}, where=where)], "DE")
    changed = table("b", {"where": "address.line"}, where=["Am Markt 4"])
    assert set(read_records([changed], "DE", readings=everything.readings).features) == set(everything.features)
    assert "address.city" not in read_records([changed], "DE").features


def test_customers_get_the_parts_of_a_whole_address() -> None:
    records = read_records(tables("address.full")[1:], "DE")
    found = merge(records, pa.array(["p"]), pa.nulls(1, pa.timestamp("us", "UTC"))).profiles.to_pylist()[0]
    parts = {name: found[name] for name in ("line", "city", "postcode", "country")}
    assert parts == {"line": "Hauptstr. 5", "city": "KÖLN", "postcode": "50667", "country": "Deutschland"}


def test_a_street_that_is_none_is_merged_as_it_was_written() -> None:
    records = read_records(tables("address.line")[1:], "DE")
    found = merge(records, pa.array(["p"]), pa.nulls(1, pa.timestamp("us", "UTC"))).profiles.to_pylist()[0]
    assert found["line"] == "Hauptstr. 5, 50667 KÖLN, Deutschland"


@pytest.mark.parametrize("order", [["street", "number"], ["number", "street"]])
def test_a_house_number_of_its_own_stands_with_its_street(order: list[str]) -> None:
    values = {"street": ["Hauptstr.", None, "Am Markt"], "number": ["5", "6", None]}
    meanings = {"street": "address.line", "number": "address.number"}
    one = table("d", meanings, **{name: values[name] for name in order})
    whole = {"street": "Hauptstr. 5", "number": "5 Hauptstr."}[order[0]]
    assert one.data.column("street").to_pylist() == [whole, None, "Am Markt"]
    codes = read_records([*tables("address.line")[:1], one], "DE").features["address.line"].codes
    assert codes[0] == codes[1]


def test_a_house_number_without_a_street_is_left_as_it_is() -> None:
    one = table("e", {"number": "address.number"}, number=["5"])
    assert (one.semantics, one.data.column("number").to_pylist()) == ({}, ["5"])
