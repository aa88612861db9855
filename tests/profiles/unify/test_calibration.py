"""Whether the weight of evidence says what is true: learned from data in which people have many records each."""

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.unify.pairs.candidates import comparable
from profiles.unify.reading.records import Feature, TableInput
from profiles.unify.weighing.evidence import Evidence
from tests.profiles.unify.test_evidence import FAMILY, GIVEN, Row, records_of, table
from tests.support.examples import examples


def regulars(people: int, visits: int, known: float, draw: random.Random) -> list[Row]:
    """Few people, each with many records that know a part of what there is to know."""
    rows: list[Row] = []
    for number in range(people):
        own = {
            "given": draw.choice(GIVEN),
            "family": draw.choice(FAMILY),
            "email": f"m{number}@example.org",
            "born": f"{draw.randrange(1940, 2004)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}",
        }
        for _visit in range(visits):
            row = {column: value for column, value in own.items() if draw.random() < known}
            rows.append(row | {"id": f"{number:03d}-{len(rows):05d}"})
    return rows


@pytest.mark.parametrize(("people", "visits"), [(30, 12), (60, 6), (200, 5)])
def test_records_of_one_person_are_not_taken_for_strangers(people: int, visits: int) -> None:
    overall = Evidence(records_of(table("one", regulars(people, visits, 0.7, random.Random(1))))).model.overall
    assert overall["contact.email"][-1] < 0.0005  # nobody shares an address; 1 to 3 in 100 random pairs are one person


def persons_of(evidence: Evidence) -> np.ndarray[Any, np.dtype[np.str_]]:
    return np.array([text.split("-")[0] for text in evidence.records.record_ids.to_pylist()])


def _namesakes(evidence: Evidence) -> tuple[np.ndarray[Any, np.dtype[np.float64]], np.ndarray[Any, np.dtype[np.bool_]]]:
    """The weights of all pairs with one name of which nothing else is known, and which of them are one person."""
    name = evidence.records.features["person.name"].codes
    email = evidence.records.features["contact.email"].codes
    nothing = np.flatnonzero((email < 0) & (name >= 0))
    left, right = np.triu_indices(len(nothing), 1)
    same = name[nothing[left]] == name[nothing[right]]
    left, right = nothing[left[same]], nothing[right[same]]
    persons = persons_of(evidence)
    return evidence.weigh(left, right), persons[left] == persons[right]


def _guests(people: int, visits: int, names: int, draw: random.Random) -> list[Row]:
    """Names out of `names` × `names`, each known at every visit; the e-mail address at three of five."""
    rows: list[Row] = []
    for number in range(people):
        own = {"given": _word(draw.randrange(names)), "family": _word(draw.randrange(names))}
        for _visit in range(visits):
            email = {"email": f"m{number}@example.org"} if draw.random() < 0.6 else {}
            rows.append(own | email | {"id": f"{number:04d}-{len(rows):05d}"})
    return rows


def _word(number: int) -> str:
    return "".join("bdfgklmnprstvz"[number // 14**place % 14] + "aeiou"[(number + place) % 5] for place in range(4))


def test_a_name_joins_where_the_data_shows_that_namesakes_are_one_person() -> None:
    weights, one_person = _namesakes(Evidence(records_of(table("one", _guests(400, 4, 60, random.Random(2))))))
    assert one_person.mean() > 0.9
    assert (weights > 0).mean() > 0.9


def test_a_name_joins_nobody_where_the_data_shows_that_strangers_share_names() -> None:
    weights, one_person = _namesakes(Evidence(records_of(table("one", _guests(800, 2, 20, random.Random(3))))))
    assert one_person.mean() < 0.5
    assert (weights < 0).all()


def test_a_name_joins_nobody_where_nothing_shows_how_often_namesakes_are_one_person() -> None:
    rows = _guests(400, 4, 60, random.Random(4))
    known = [row for row in rows if "email" not in row] + [row for row in rows if "email" in row][:20]
    weights, _one_person = _namesakes(Evidence(records_of(table("one", known))))
    assert len(weights) > 100
    assert (weights < 0).all()


def test_shops_at_one_address_are_told_apart_by_their_names_not_by_their_kind() -> None:
    draw = random.Random(5)
    meanings = {"name": "organization.name", "street": "address.line", "phone": "contact.phone"}
    shops = []
    for mall in range(150):
        shared = {"street": f"Marktplatz {mall}", "phone": f"+4930{1_000_000 + 7 * mall}"}
        shops += [shared | {"name": f"{_word(draw.randrange(2000))} {_word(draw.randrange(2000))}"} for _ in range(2)]
    kinds = ["bakery", "books", "flowers", "music", "shoes", "toys"]

    def listing(name: str) -> TableInput:
        rows = [row | {"id": f"{n:04d}", "kind": draw.choice(kinds)} for n, row in enumerate(shops)]
        columns = {c: pa.array([row[c] for row in rows]) for c in ("id", "kind", *meanings)}
        return TableInput("x", name, ("id",), pa.table(columns), meanings)

    household = Evidence(records_of(listing("one"), listing("two"))).model.household
    assert household["organization.name"][-1] < 0.01
    assert household["contact.phone"][-1] > 0.9


@pytest.mark.parametrize(
    ("column", "one", "other"),
    [
        ("email", "wolkenstein@example.org", "wolkenstien@example.org"),
        ("phone", "+49301234567", "+49301243567"),
        ("card", "4000123456", "4000123465"),
    ],
)
def test_a_slip_in_a_value_hides_nobody_in_little_data(column: str, one: str, other: str) -> None:
    rows = [{"id": "a", column: one}, {"id": "b", column: other}]
    found = Evidence(records_of(table("one", rows))).candidates
    assert (found.left.tolist(), found.right.tolist()) == ([0], [1])


@examples(25)
@given(st.text("abcdef0123456789", min_size=6, max_size=20), st.data())
def test_one_wrong_character_leaves_one_half_right(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    wrong = f"{text[:at]}x{text[at + 1 :]}"
    codes = [np.array([0, 1], np.int32)]
    halves = comparable({"id.card": Feature("id.card", tuple(codes), pa.array([text, wrong]))}, (), closely=True)
    columns = halves["half of id.card"].columns
    assert any(column[0] == column[1] for column in columns)
