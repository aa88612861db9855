"""Little is known of anybody, and whoever stands there twice is written with one mistake the second time."""

import random

from tests.profiles.unify.test_evidence import FAMILY, GIVEN, Row
from tests.profiles.unify.test_plain import joined, table

PEOPLE, TWICE = 3_000, 600
MEANINGS = {"first": "person.first_name", "last": "person.last_name", "born": "person.birth_date"}


def test_who_stands_twice_with_one_mistake_is_found_by_name_and_birth_date() -> None:
    draw = random.Random(8)
    people: list[Row] = [
        {"id": f"{n:05}", "first": draw.choice(GIVEN), "last": _family(draw), "born": _day(draw)} for n in range(PEOPLE)
    ]
    again = [_with_a_mistake(row, draw) | {"id": f"{row['id']}-2"} for row in draw.sample(people, TWICE)]
    found = joined(table("list", people + again, MEANINGS))
    right = sum(one[:5] == other[:5] for one, other in found)
    assert right > 0.75 * TWICE
    assert len(found) - right < 0.05 * TWICE


def _family(draw: random.Random) -> str:
    return f"{draw.choice(FAMILY)}{draw.choice(('', '', 'son', 'mann', 'berg'))}"


def _day(draw: random.Random) -> str:
    return f"{draw.randrange(1930, 2005)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"


def _with_a_mistake(row: Row, draw: random.Random) -> Row:
    column = draw.choice(sorted(MEANINGS))
    if column == "born":
        part = draw.randrange(3)
        return row | {"born": "-".join((_day(draw) if n == part else row["born"]).split("-")[n] for n in range(3))}
    at, text = draw.randrange(1, len(row[column])), row[column]
    return row | {column: text[:at] + draw.choice("abcdefghiklmnoprstuvwz") + text[at + 1 :]}
