"""A father and a son of one name, at one address and with one telephone, were born on two days."""

import random

import numpy as np
import pytest

from profiles.unify.run import prepare
from profiles.unify.setup import Setup
from profiles.unify.values.readings import Readings
from profiles.unify.values.words import words
from profiles.unify.weighing.evidence import Evidence
from profiles.unify.weighing.frequencies import as_table
from profiles.unify.weighing.learned import from_json
from tests.profiles.unify.test_evidence import Row
from tests.profiles.unify.test_plain import joined, table

COLUMNS = {
    "first": "person.first_name",
    "last": "person.last_name",
    "born": "person.birth_date",
    "street": "address.line",
    "zip": "address.postcode",
    "tel": "contact.phone",
}
GIVEN = words(
    "Amanda Andrew Barbara Brian Carol Charles Deborah Donald Elizabeth Frank George Helen Janet Jason Joshua Karen"
    " Kevin Laura Linda Mark Melissa Nancy Patricia Paul Rebecca Robert Ruth Sharon Steven Susan Thomas Walter"
)
SYLLABLES = words("ba de fi go lu ma ne ri so tu")


def _born(year: int, draw: random.Random) -> str:
    return f"{year}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"


def _slipped(day: str, draw: random.Random) -> str:
    """One digit of the day is another one, or it is the first of January."""
    return f"{day[:9]}{draw.randrange(10)}" if draw.random() < 0.7 else f"{day[:4]}-01-01"


@pytest.mark.parametrize("juniors", [0.05, 0.3])
def test_two_birth_dates_a_generation_apart_are_two_people(juniors: float) -> None:
    draw, people, whose = random.Random(5), list[Row](), dict[str, int]()
    again = list[Row]()
    for home in range(600):
        last = "".join(draw.choice(SYLLABLES) for _part in range(3)).title()
        shared = {"last": last, "street": f"{home} Oak Street", "tel": f"212{2_000_000 + home}"}
        shared |= {"zip": f"{10_000 + home // 3}"}
        father, year = draw.choice(GIVEN), draw.randrange(1935, 1970)
        born = [(father, _born(year, draw))]
        if draw.random() < 0.7:
            son = father if draw.random() < juniors else draw.choice(GIVEN)
            born.append((son, _born(year + draw.randrange(20, 40), draw)))
        for given, day in born:
            person = len(people)
            key = f"{person:05}"
            people.append(shared | {"id": f"a{key}", "first": given, "born": day})
            if draw.random() < 0.8:
                day = _slipped(day, draw) if draw.random() < 0.05 else day
                again.append(shared | {"id": f"b{key}", "first": given, "born": day})
            whose |= {f"a{key}": person, f"b{key}": person}
    found = joined(table("one", people, COLUMNS), table("two", again, COLUMNS))
    right = sum(whose[one] == whose[other] for one, other in found)
    assert right > 0.97 * len(again)
    assert len(found) - right <= 2


def test_what_an_earlier_version_learned_of_dates_can_still_be_asked() -> None:
    draw = random.Random(6)
    people = [
        {"id": f"{n:03}", "first": draw.choice(GIVEN), "last": draw.choice(SYLLABLES), "born": _born(1950, draw)}
        for n in range(60)
    ]
    meanings = {name: meaning for name, meaning in COLUMNS.items() if name in people[0]}
    records = prepare([table("one", people, meanings), table("two", people, meanings)], Setup(country="US"))
    evidence = Evidence(records)
    weighed, learned = evidence.weigh(np.arange(60), np.arange(60, 120)), evidence.learned(())
    told, values = learned.as_json(), as_table(learned.frequencies)
    assert np.allclose(
        Evidence(records, from_json(told, values, Readings())).weigh(np.arange(60), np.arange(60, 120)), weighed
    )
    for tables in (
        told["model"]["person"],
        told["model"]["household"],
        told["model"]["overall"],
        *told["model"]["strangers"],
    ):
        del tables["person.birth_date"][2]
    earlier = Evidence(records, from_json(told, values, Readings()))
    assert len(earlier.weigh(np.arange(60), np.arange(60, 120))) == 60
