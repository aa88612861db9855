"""Where many strangers share a name and a place, both together say less than each by itself."""

from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.unify.reading.records import Codes, Records, TableInput
from profiles.unify.run import prepare
from profiles.unify.setup import Setup
from profiles.unify.values.readings import Readings
from profiles.unify.weighing.aspects import Aspects
from profiles.unify.weighing.evidence import Evidence, as_probability
from profiles.unify.weighing.frequencies import as_table
from profiles.unify.weighing.learned import from_json
from profiles.unify.weighing.together import FEWEST, Counted, combinations, counted, parted
from tests.support.examples import examples

MEANINGS = {
    "given": "person.first_name",
    "family": "person.last_name",
    "zip": "address.postcode",
    "email": "contact.email",
    "phone": "contact.phone",
}
PEOPLE = 8_000
# So many of the people live in the large country, the others in twelve small ones; each has so many given names, family
# names and places.
SHARE, SMALL = 0.7, 12
LARGE_POOL, SMALL_POOL = (40, 60, 60), (6, 6, 4)
SYLLABLES = ("ba", "de", "fi", "go", "lu", "ma", "ne", "ri", "so", "tu")
WORDS = [a + b + c for a, b, c in product(SYLLABLES, SYLLABLES, ("n", "k", "sch"))]


def records_of(rows: list[dict[str, str]], table: str = "people") -> TableInput:
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in ("id", *MEANINGS)}
    return TableInput("x", table, ("id",), pa.table(columns), MEANINGS)


def people() -> list[dict[str, str]]:
    """Each country has names and places of its own: nobody has one of another's."""
    draw = np.random.default_rng(5)
    words, rows = draw.permutation(WORDS).tolist(), []
    for number in range(PEOPLE):
        country = 0 if draw.random() < SHARE else 1 + int(draw.integers(0, SMALL))
        given_names, families, places = SMALL_POOL if country else LARGE_POOL
        first = sum(LARGE_POOL[:2]) + (country - 1) * sum(SMALL_POOL[:2]) if country else 0
        rows.append(
            {
                "id": f"{number:05d}",
                "given": words[first + int(draw.integers(0, given_names))],
                "family": words[first + given_names + int(draw.integers(0, families))],
                "zip": f"{1_000 * (country + 10) + 17 * int(draw.integers(0, places))}",
                "email": f"{draw.integers(10**9)}@mail.example",
                "phone": f"+4930{2_000_000 + 7 * number}",
            }
        )
    return rows


@pytest.fixture(scope="module")
def crowd() -> Records:
    """The second table knows a third of them, and half of these by name and place alone."""
    known = people()
    seen = [dict(row) for row in known[::3]]
    for row in seen[::2]:
        row.update(email="", phone="")
    return prepare([records_of(known, "shop"), records_of(seen, "till")], Setup(country="DE"))


def bare_pairs(records: Records, evidence: Evidence) -> tuple[Codes, Codes]:
    """Those with one name and one place of which nothing else is known."""
    left, right = evidence.candidates.left, evidence.candidates.right
    name, place, mail = (records.features[n].codes for n in ("person.name", "address.postcode", "contact.email"))
    bare = (name[left] == name[right]) & (place[left] == place[right]) & (mail[right] < 0)
    return left[bare], right[bare]


def test_of_a_crowd_who_has_one_name_and_place_is_as_likely_one_person_as_the_weights_say(crowd: Records) -> None:
    evidence = Evidence(crowd)
    left, right = bare_pairs(crowd, evidence)
    ids = np.array(crowd.record_ids.to_pylist())
    same = ids[left] == ids[right]
    likely = as_probability(evidence.weigh(left, right))
    assert 0.5 < same.mean() < 0.7
    assert likely.mean() == pytest.approx(same.mean(), abs=0.1)
    assert same[likely >= 0.8].mean() > 0.9


def test_where_all_have_few_names_one_name_and_place_say_little(crowd: Records) -> None:
    evidence = Evidence(crowd)
    left, right = bare_pairs(crowd, evidence)
    place = crowd.features["address.postcode"]
    large = np.array([text < "11000" for text in place.values.to_pylist()])[place.codes[left]]
    weights = evidence.weigh(left, right)
    assert np.median(weights[large]) > np.median(weights[~large]) + 2


def test_mail_addresses_made_from_one_name_do_not_speak_for_one_person(crowd: Records) -> None:
    rows = [
        {"id": f"a{n}", "given": "anna", "family": "adler", "zip": "10000", "email": email}
        for n, email in enumerate(("anna.adler1@mail.example", "anna.adler7@mail.example", ""))
    ]
    evidence = Evidence(crowd)
    more = prepare([records_of([*people(), *rows])], Setup(country="DE"))
    weighed = Evidence(more, evidence.learned(()) if evidence.model else None)
    first = more.count - 3
    alike, unknown = weighed.weigh(np.array([first, first]), np.array([first + 1, first + 2]))
    assert alike <= unknown + 0.01


def test_what_was_counted_weighs_the_same_once_it_is_written_down(crowd: Records) -> None:
    evidence = Evidence(crowd)
    assert evidence.model
    learned = evidence.learned(())
    again = Evidence(crowd, from_json(learned.as_json(), as_table(learned.frequencies), Readings()))
    left, right = evidence.candidates.left[::50], evidence.candidates.right[::50]
    assert (again.weigh(left, right) == evidence.weigh(left, right)).all()


ROWS = st.tuples(
    st.sampled_from(["", "ann", "bob"]), st.sampled_from(["", "poe", "roe"]), st.sampled_from(["", "1", "2"])
)


@given(st.lists(ROWS, min_size=1, max_size=40))
@examples(20)
def test_each_combination_is_counted_where_all_of_it_is_known(rows: list[tuple[str, str, str]]) -> None:
    texts = [{"id": str(n), "given": g, "family": f, "zip": p} for n, (g, f, p) in enumerate(rows)]
    records = prepare([records_of(texts)], Setup(country="DE"))
    aspects, order = Aspects(records), [int(text) for text in records.record_ids.to_pylist()]
    tables, totals = counted(aspects)
    chosen = {0: (2,), 1: (1,), 2: (1, 0), 3: (1, 2), 4: (1, 2, 0)}
    known = dict(combinations(aspects))["address.postcode"]
    for number, one in enumerate(known):
        parts = [tuple(rows[n][c] for c in chosen[number]) if rows[n][2] else ("",) for n in order]
        expected = [parts.count(part) if all(part) else 0 for part in parts]
        assert totals[one.name] == sum(map(bool, expected))
        placed = [number for number, n in enumerate(order) if rows[n][2]]
        found = Counted(one, parted(tables[one.name], len(one.columns))).of(np.array(placed, np.int64))
        assert found.tolist() == [expected[n] if expected[n] >= FEWEST else 0 for n in placed]
