"""With many records: what is compared grows as the records do, and leaving out the hopeless changes no result."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.unify.pairs.candidates import Candidates, candidates
from profiles.unify.pairs.grouping import groups
from profiles.unify.reading.records import Feature, Records, TableInput
from profiles.unify.run import prepare
from profiles.unify.setup import Setup
from profiles.unify.values.names import Words
from profiles.unify.values.remembered import Remembered
from profiles.unify.weighing.evidence import Evidence
from profiles.unify.weighing.hopeless import HOPELESS

MEANINGS = {
    "name": "person.full_name",
    "born": "person.birth_date",
    "email": "contact.email",
    "phone": "contact.phone",
    "street": "address.line",
    "zip": "address.postcode",
    "city": "address.city",
    "company": "organization.name",
}
SYLLABLES = np.array(["ba", "de", "fi", "go", "lu", "ma", "ne", "ri", "so", "tu"])


def people(count: int, *, hub: int = 0) -> Records:
    """Everybody twice. Names, days, streets and cities do not grow with the people, as in a country they do not.
    `hub`: so many records have one telephone number."""
    draw = np.random.default_rng(3)
    words = np.char.add(SYLLABLES[:, None], SYLLABLES).ravel()
    owner = np.arange(2 * count) % count
    given_name, family = draw.choice(words[:30], count), draw.choice(words[30:], count)
    born = np.datetime64("1900-01-01") + draw.integers(0, 40_000, count)
    street = np.char.add(draw.choice(words, count), np.char.add(" street ", draw.integers(1, 60, count).astype(str)))
    town = draw.integers(0, 40, count)
    phones = np.char.add("+4930", (2_000_000 + np.arange(count)).astype(str))[owner]
    phones[:hub] = "+49301999999"
    columns = {
        "id": np.arange(2 * count).astype(str),
        "name": np.char.add(np.char.add(given_name, " "), family)[owner],
        "born": born[owner].astype(str),
        "email": np.char.add(np.arange(count).astype(str), "@mail.example")[owner],
        "phone": phones,
        "street": street[owner],
        "zip": (10_000 + 17 * town)[owner].astype(str),
        "city": words[town][owner],
        "company": np.char.add(words[np.arange(count) % 100], " works")[owner],
    }
    kept = {name: pa.array(values.tolist(), mask=draw.random(2 * count) < 0.3) for name, values in columns.items()}
    kept["id"] = pa.array(columns["id"].tolist())
    table = TableInput("x", "people", ("id",), pa.table(kept), MEANINGS)
    return prepare([table], Setup(country="DE"))


@pytest.fixture(scope="module")
def crowds() -> tuple[Records, Records]:
    return people(50_000), people(200_000)


@pytest.fixture(scope="module")
def crowd() -> Evidence:
    return Evidence(people(3_000))


def test_what_has_no_hope_weighs_less_than_that_and_all_else_what_it_weighs(crowd: Evidence) -> None:
    exact = crowd.weigh(crowd.candidates.left, crowd.candidates.right)
    found = crowd.of_candidates
    assert (found[exact >= HOPELESS] == exact[exact >= HOPELESS]).all()
    assert (found[exact < HOPELESS] < HOPELESS).all()
    assert (found >= exact - 1e-9).all()
    assert np.count_nonzero(found != exact) > len(found) / 4  # most are not compared to the end


def test_pairs_grow_as_the_records_do(crowds: tuple[Records, Records]) -> None:
    few, many = (len(candidates(records)) / records.count for records in crowds)
    assert many <= 1.15 * few


def test_strangers_of_one_birthday_meet_in_small_groups_alone(crowds: tuple[Records, Records]) -> None:
    """Of 400,000 records seven were born on each day. Who is one person has a name or a place in common besides."""
    records = crowds[1]
    found, features = candidates(records), records.features

    def same(name: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        one, other = features[name].codes[found.left], features[name].codes[found.right]
        equal: np.ndarray[tuple[int], np.dtype[np.bool_]] = (one == other) & (one >= 0)
        return equal

    others = [same(name) for name in ("person.name", "contact.email", "contact.phone", "address.line", "address.city")]
    alone = same("person.birth_date") & ~np.logical_or.reduce(others)
    assert alone.sum() <= 0.8 * records.count


def test_records_find_each_other_in_a_crowd(crowds: tuple[Records, Records]) -> None:
    records = crowds[1]
    owner = np.array(records.record_ids.to_pylist()).astype(int) % 200_000
    left, right = np.argsort(owner, kind="stable").reshape(-1, 2).T
    found: Candidates = candidates(records)
    _at, known = found.find(np.minimum(left, right), np.maximum(left, right))
    assert known.mean() > 0.9


def test_a_value_of_very_many_adds_no_pairs() -> None:
    assert len(candidates(people(20_000, hub=30_000))) <= len(candidates(people(20_000)))


@given(
    st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), max_size=40),
    st.lists(st.integers(-1, 4), min_size=40, max_size=40),
)
def test_groups_pair_whoever_shares_a_value_of_each_feature(rows: list[tuple[int, int]], other: list[int]) -> None:
    one = Feature(
        "one", tuple(np.array(part, np.int32) for part in ([r[0] for r in rows], [r[1] for r in rows])), TEXTS
    )
    two = Feature("two", (np.array(other[: len(rows)], np.int32),), TEXTS)
    found = groups([one, two], len(rows))
    shared = {
        (a, b)
        for a in range(len(rows))
        for b in range(a + 1, len(rows))
        if (set(rows[a]) & set(rows[b])) - {-1} and other[a] == other[b] >= 0
    }
    assert {divmod(int(pair), max(1, len(rows))) for pair in found.pairs(len(rows))} == shared
    assert sorted(found.all_sizes()) == sorted(np.unique(found.keys, return_counts=True)[1])


TEXTS = pa.array(list("abcde"))


@given(st.lists(st.tuples(st.integers(-1, 7), st.integers(-1, 7)), min_size=1))
def test_remembered_words_are_as_alike_as_when_they_are_compared(pairs: list[tuple[int, int]]) -> None:
    words = Words(["anna", "ana", "bob", "robert", "maria", "maria luisa", "m", "jürgen"])
    known = Remembered(words, np.array([9, 8, 7, 6, 5, 4, 3, 2]), 0.75)
    one, other = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    expected = words.similarity(one, other, 0.75)
    for _again in range(2):
        np.testing.assert_array_equal(known.similarity(one, other), expected)
