"""Lists of organisations of which nothing but the name is known."""

import random

from tests.profiles.unify.test_evidence import FAMILY, Row
from tests.profiles.unify.test_plain import WORDS, joined, table

MEANINGS = {"name": "organization.name"}


def test_organisations_of_one_name_are_one_where_nothing_else_is_known() -> None:
    draw = random.Random(1)
    names = sorted({f"{draw.choice(FAMILY)} {draw.choice(WORDS)} {draw.choice(WORDS)}" for _ in range(500)})
    one: list[Row] = [{"id": f"{n:04d}", "name": name} for n, name in enumerate(names)]
    two = [row | {"name": f"{row['name']} {draw.choice(('Inc', 'Ltd', ''))}"} for row in draw.sample(one, 200)]
    found = joined(table("one", one, MEANINGS), table("two", two, MEANINGS))
    assert sum(a == b for a, b in found) == 200
    assert len(found) == 200
