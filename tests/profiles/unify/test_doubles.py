"""Which tables hold somebody twice is learned, and tells what two of their records are."""

import random

import pytest

from profiles.review.pair_words import reason_words
from profiles.unify.weighing.aspects import TABLES
from tests.profiles.unify.test_evidence import FAMILY, GIVEN, Row
from tests.profiles.unify.test_plain import NAMES, WORDS, joined, table

MEANINGS = NAMES | {"born": "person.birth_date", "place": "address.city"}


def people(count: int, draw: random.Random) -> list[Row]:
    return [
        {
            "id": f"{n:04d}",
            "given": draw.choice(GIVEN),
            "family": draw.choice(FAMILY),
            "born": f"{draw.randrange(1940, 2000)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}",
            "place": draw.choice(WORDS),
        }
        for n in range(count)
    ]


def test_namesakes_of_a_table_without_doubles_are_two() -> None:
    some = people(1200, random.Random(1))
    known = ("given", "family", "place")
    bare = [{"id": f"n{number}"} | {name: row[name] for name in known} for number, row in enumerate(some[:20])]
    for row in bare:
        row["place"] += "ham"
    one = [*some, *bare, *({**row, "id": f"x{row['id']}"} for row in bare)]
    found = joined(table("one", one, MEANINGS), table("two", [*some, *bare], MEANINGS))
    assert sum(a == b for a, b in found) > 1200
    assert not [a for a, _b in found if a.startswith("x")]


def test_doubles_are_found_where_a_table_has_them() -> None:
    some = people(600, random.Random(3))
    doubled = [*some, *({**row, "id": f"x{row['id']}"} for row in some[::3])]
    found = joined(table("one", doubled, MEANINGS), table("two", some, MEANINGS))
    pairs = {tuple(sorted((a.removeprefix("x"), b.removeprefix("x")))) for a, b in found}
    assert len(found) > 780
    assert sum(a != b for a, b in pairs) <= 6


@pytest.mark.parametrize(("level", "words"), [(1, "Twice in one table"), (3, "Known to two tables")])
def test_reasons_say_whether_a_table_has_both(level: int, words: str) -> None:
    told = {"aspect": TABLES, "level": level, "equal": 3, "weight": 0.4}
    assert [reason.words for reason in reason_words([told])] == [words]
