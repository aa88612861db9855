"""Titles tell the gender where no column does; initials in a column of their own are given names."""

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from profiles.unify.changes.incremental import update
from profiles.unify.reading.plain import plain_columns
from profiles.unify.reading.records import Feature, Records, TableInput, read_records
from profiles.unify.weighing.aspects import Aspects
from tests.profiles.unify.test_evidence import Row
from tests.profiles.unify.test_plain import SETUP, full_run, told, village
from tests.profiles.unify.test_plain import table as as_table

NAMES = {"given": "person.first_name", "family": "person.last_name"}


def table(meanings: dict[str, str], **columns: Any) -> TableInput:
    rows = pa.table({"id": [str(n) for n in range(len(next(iter(columns.values()))))], **columns})
    return TableInput("x", "t", ("id",), rows, meanings)


def values_of(feature: Feature) -> list[str | None]:
    texts = feature.values.to_pylist()
    return [None if code < 0 else texts[code] for code in feature.codes.tolist()]


def read(one: TableInput, **more: Any) -> Records:
    return read_records([one], "US", **more)


@pytest.mark.parametrize(
    ("title", "gender"),
    [
        ("Mr", "m"), ("Mrs.", "f"), ("Herrn", "m"), ("Frau Dr.", "f"), ("Dr.", None), ("Sra.", "f"), ("Sr.", "m"),
        ("Mme", "f"), ("Sig.ra", "f"), ("Prof. Dr. Frau", "f"), ("Mr and Mrs", None),
    ],
)  # fmt: skip
def test_a_column_of_titles_tells_the_gender(title: str, gender: str | None) -> None:
    one = table(NAMES, given=["Ann", "Bob"], family=["Lee", "Ray"], title=[title, "Ms"])
    assert values_of(read(one).features["person.gender"]) == [gender, "f"]


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Mrs J Smith", "f"), ("SMITH/JOHN MR", "m"), ("Frau Anna Meier", "f"), ("Sr. Juan Soto", "m"),
        ("นายสมชาย ใจดี", "m"),
        ("王女士", "f"), ("John Smith Sr.", None), ("M. Smith", None),
        ("Mr & Mrs Smith", None), ("Missy Herring", None),
    ],
)  # fmt: skip
def test_titles_in_names_tell_it_too(name: str, gender: str | None) -> None:
    one = table({"name": "person.full_name"}, name=[name, "Mr. Bob Ray"])
    assert values_of(read(one).features["person.gender"]) == [gender, "m"]


def test_a_column_that_states_the_gender_counts_alone() -> None:
    one = table({"name": "person.full_name", "sex": "person.gender"}, name=["Mr. Bob Ray"], sex=["f"])
    assert values_of(read(one).features["person.gender"]) == ["f"]


def test_titles_of_books_and_names_without_titles_tell_nothing() -> None:
    one = table(NAMES, given=["Ann"] * 3, family=["Lee"] * 3, title=["Mr Palomar", "Emma", "Ulysses"])
    assert "person.gender" not in read(one).features


def test_a_run_of_changes_reads_titles_as_the_full_run_did() -> None:
    everything = read(table({"name": "person.full_name"}, name=["Mr. Bob Ray", "Ann Lee"]))
    changed = table({"name": "person.full_name"}, name=["Ann Lee"])
    assert set(read(changed, readings=everything.readings).features) == set(everything.features)
    without = read(changed)
    titled = table({"name": "person.full_name"}, name=["Mr. Bob Ray"])
    assert set(read(titled, readings=without.readings).features) == set(without.features)


@pytest.mark.parametrize(
    ("column", "value", "given"),
    [
        ("Initials", "J.P.", "j p"),
        ("voorletters", "JP", "j p"),
        ("Initialen", "j.", "j"),
        ("Iniciales", "Th.J.", "t j"),
    ],
)
def test_initials_beside_a_family_name_are_a_given_name(column: str, value: str, given: str) -> None:
    one = table({"family": "person.last_name"}, family=["Berg"], **{column: [value]})
    assert values_of(read(one).features["person.first_name"]) == [given]
    assert not plain_columns([one, one])


def test_a_given_name_counts_before_initials() -> None:
    one = table(NAMES, given=["Jan", None], family=["Berg", "Dahl"], initials=["J.P.", "A."])
    assert values_of(read(one).features["person.first_name"]) == ["jan", "a"]


def test_a_column_of_other_words_is_none_of_initials() -> None:
    one = table({"family": "person.last_name"}, family=["Berg", "Dahl"], initial_plan=["basic", "premium"])
    assert "person.first_name" not in read(one).features


def levels(one: str, other: str) -> dict[str, int]:
    records = read(table({"name": "person.full_name"}, name=[one, other]))
    return {
        name: int(found[0])
        for name, found in Aspects(records).levels(pa.array([0]).to_numpy(), pa.array([1]).to_numpy()).items()
    }


@pytest.mark.parametrize("other", ["John Berg", "John Peter Berg", "J. Berg", "Berg, J.P."])
def test_initials_are_near_to_the_names_that_they_fit(other: str) -> None:
    assert levels("J.P. Berg", other)["given name"] >= 3


@pytest.mark.parametrize("other", ["Mark Berg", "John Mark Berg", "K. Berg", "J.M. Berg"])
def test_they_are_far_from_all_others(other: str) -> None:
    assert levels("J.P. Berg", other)["given name"] == 1


def test_a_single_word_may_be_the_given_name() -> None:
    found = levels("Nicole", "Nicole Sliex")
    assert (found["given name"], found["family name"]) == (4, 0)
    found = levels("Sliex", "Nicole Sliex")
    assert (found["given name"], found["family name"]) == (0, 5)


def test_a_single_word_among_given_names_may_be_the_family_name() -> None:
    found = Aspects(read(table(NAMES, given=["Duncan", "Arthur"], family=[None, "Duncan"])))
    levels = found.levels(np.array([0]), np.array([1]))
    assert (levels["given name"][0], levels["family name"][0]) == (0, 4)


def test_a_run_of_changes_ends_as_a_full_run() -> None:
    draw = random.Random(6)
    letters = {"title": None, "initials": None, "family": None}
    people = [
        row | {"name": f"{draw.choice(('Mr', 'Mrs'))} {row['given']} {row['family']}"} for row in village(80, draw)
    ]
    one = [{part: row[part] for part in ("id", "name", "trade")} for row in people]
    two = [
        {"id": row["id"], "title": row["name"].split()[0], "initials": row["given"][0], "family": row["family"]}
        for row in people
    ]
    full_name, family = {"name": "person.full_name"}, {"family": "person.last_name"}

    def tables(first: list[Row], second: list[Row]) -> list[TableInput]:
        blank = {"name": None, "trade": None}
        return [
            as_table("one", [blank | row for row in first], full_name),
            as_table("two", [letters | row for row in second], family),
        ]

    state = full_run(tables(one, two))
    changed: dict[int, Row] = {7: {"name": "Ann Lee"}, 11: {"name": "Mrs Ann Lee"}, 12: {"name": None}}
    after = [row | changed.get(number, {}) for number, row in enumerate(one)]
    later = [*two[:7], two[7] | {"title": "Mrs", "initials": "Q."}, *two[8:]]
    gone = np.isin(np.arange(160), [*changed, 87])
    found = update(state, tables([after[number] for number in changed], [later[7]]), SETUP, gone)
    wanted = full_run(tables(after, later), state)
    assert {"person.gender", "person.first_name"} <= set(found.compared.column_names)
    assert told(found.compared, found.matches, found.clusters) == told(wanted.compared, wanted.matches, wanted.clusters)


@pytest.mark.parametrize(
    ("family", "given", "whole"),
    [
        ("石川", "恵", "石川　恵"), ("田中", "一郎", "田中一郎"),
        (" 佐藤", "花子さん", "佐藤 花子"), ("王", "恵", "王恵"),
        ("石川", "智美", "石川智美"),
    ],
)  # fmt: skip
def test_given_names_are_read_by_the_family_name_beside_them(family: str, given: str, whole: str) -> None:
    """As in whole names: 恵 of Japan is Megumi, of China Hui."""
    apart = table(NAMES, given=[given, "Ann"], family=[family, "Lee"])
    together = replace(table({"name": "person.full_name"}, name=[whole, "Ann Lee"]), table="u")
    codes = read_records([apart, together], "JP").features["person.name"].codes
    assert codes[0] == codes[2]
    assert codes[1] == codes[3]
