"""Lists of organisations, without persons."""

import random

from profiles.unify.run import prepare
from profiles.unify.weighing.evidence import Evidence
from tests.profiles.unify.test_evidence import FAMILY, Row
from tests.profiles.unify.test_plain import SETUP, WORDS, joined, table

MEANINGS = {"name": "organization.name"}


def test_organisations_of_one_name_are_one_where_nothing_else_is_known() -> None:
    draw = random.Random(1)
    names = sorted({f"{draw.choice(FAMILY)} {draw.choice(WORDS)} {draw.choice(WORDS)}" for _ in range(500)})
    one: list[Row] = [{"id": f"{n:04d}", "name": name} for n, name in enumerate(names)]
    two = [row | {"name": f"{row['name']} {draw.choice(('Inc', 'Ltd', ''))}"} for row in draw.sample(one, 200)]
    found = joined(table("one", one, MEANINGS), table("two", two, MEANINGS))
    assert sum(a == b for a, b in found) == 200
    assert len(found) == 200


def test_what_one_organisation_looks_like_is_learned_where_names_and_telephones_agree() -> None:
    draw = random.Random(2)
    meanings = MEANINGS | {"phone": "contact.phone"}
    firms: list[Row] = [
        {"id": f"{n:04d}", "name": f"{draw.choice(FAMILY)} {draw.choice(WORDS)} {draw.choice(WORDS)}",
         "phone": f"+4930{1_000_000 + n}", "branch": draw.choice(WORDS)}
        for n in range(45)
    ]  # fmt: skip
    again = [row | ({"branch": draw.choice(WORDS)} if draw.random() < 0.9 else {}) for row in firms]
    records = prepare((table("one", firms, meanings), table("two", again, meanings)), SETUP)
    branch = Evidence(records).model.person["column:branch"]
    assert branch[-1] < 0.3  # hardly ever the same; half of the time was expected
