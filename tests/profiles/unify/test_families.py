"""Names and a street alone: the given name tells the members of a family apart."""

import random

from tests.profiles.unify.test_evidence import FAMILY, GIVEN, Row
from tests.profiles.unify.test_plain import NAMES, WORDS, joined, table

MEANINGS = NAMES | {"street": "address.line"}


def census(homes: int, draw: random.Random) -> list[Row]:
    """Up to four of one name at each address, in few streets."""
    people: list[Row] = []
    for home in range(homes):
        family = f"{draw.choice(FAMILY)}{draw.choice(('', 'mann', 'berger', 's'))}"
        for given in draw.sample(GIVEN, draw.randrange(1, 5)):
            street = f"{home} {WORDS[home % 9]} street"
            people.append({"id": f"{len(people):04d}", "given": given, "family": family, "street": street})
    return people


def misspelt(text: str, draw: random.Random) -> str:
    """One letter is another."""
    at = draw.randrange(1, len(text))
    return f"{text[:at]}{draw.choice('abcdefghijklmnopqrstuvwxyz')}{text[at + 1 :]}"


def test_members_of_a_family_are_told_apart_by_names_and_streets_alone() -> None:
    draw = random.Random(5)
    one = census(250, draw)
    two = [
        row | {part: misspelt(row[part], draw) for part in ("given", "family") if draw.random() < 0.5}
        for row in draw.sample(one, len(one) * 2 // 3)
    ]
    found = joined(table("one", one, MEANINGS), table("two", two, MEANINGS))
    right = sum(a == b for a, b in found)
    assert right > 0.9 * len(two)
    assert len(found) - right < 0.02 * len(two)
