"""Unification against data whose truth is known: febrl4, 5,000 people in two files, with nothing but semantic types."""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pytest

from profiles.unify.reading.records import Records, TableInput
from profiles.unify.run import unify
from profiles.unify.setup import Setup

FEBRL = Path(__file__).parent.parent.parent / "data" / "febrl"
MEANINGS = {
    "given_name": "person.first_name",
    "surname": "person.last_name",
    "address_1": "address.line",
    "suburb": "address.city",
    "postcode": "address.postcode",
    "state": "address.region",
    "date_of_birth": "person.birth_date",
    "soc_sec_id": "id.national",
}


def read(name: str) -> TableInput:
    with (FEBRL / f"dataset4{name}.csv").open(encoding="utf-8") as file:
        head, *rows = list(csv.reader(file, skipinitialspace=True))
    columns = {column.strip(): [row[n].strip() or None for row in rows] for n, column in enumerate(head)}
    return TableInput("febrl", name, ("rec_id",), pa.table(columns), MEANINGS)


def no_times(records: Records) -> pa.Array:
    return pa.nulls(records.count, pa.timestamp("us", "UTC"))


def pairs(labels: Iterable[object]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(labels).values())


def test_suggested_rules_find_the_people_of_febrl4() -> None:
    found = unify([read("a"), read("b")], Setup(country="AU"), no_times)
    people = found.links.column("profile_id").to_pylist()
    truth = [record.split("-")[1] for record in found.links.column("record_id").to_pylist()]
    right = pairs(zip(people, truth, strict=True))
    assert 2 * right / (pairs(people) + pairs(truth)) >= 0.999


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_the_order_of_rows_does_not_matter(order: tuple[str, str]) -> None:
    tables = [read(name) for name in order]
    small = [TableInput(t.source, t.table, t.key, t.data.slice(0, 300), t.semantics) for t in tables]
    turned = [TableInput(t.source, t.table, t.key, t.data.take(list(range(299, -1, -1))), t.semantics) for t in small]
    one, other = (unify(given, Setup(country="AU"), no_times).links for given in (small, turned))
    assert one.equals(other)
