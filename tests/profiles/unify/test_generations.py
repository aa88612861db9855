"""Jr. and Sr. tell a father and a son of one name apart."""

import numpy as np
import pytest

from profiles.unify.reading.records import read_records
from profiles.unify.weighing.aspects import Aspects
from tests.profiles.unify.test_beside_names import table, values_of

NAMES = {"first": "person.first_name", "last": "person.last_name"}
WHOLE = {"name": "person.full_name"}


@pytest.mark.parametrize(
    ("name", "generation"),
    [
        ("John Smith Jr.", "junior"), ("John Smith, SR", "senior"), ("SMITH JOHN II", "junior"),
        ("John Smith III", "third"), ("John Smith", None), ("Sr. Juan Soto", None), ("Ana Srb", None),
    ],
)  # fmt: skip
def test_the_end_of_a_name_tells_the_generation(name: str, generation: str | None) -> None:
    one = table(WHOLE, name=[name, "Bob Ray Jr"])
    assert values_of(read_records([one], "US").features["person.generation"]) == [generation, "junior"]


def test_a_column_of_its_own_tells_it_too() -> None:
    one = table(NAMES, first=["Ann", "Bob", "Cy"], last=["Lee", "Ray", "Orr"], sufx=["Jr", "SR.", "MD"])
    assert values_of(read_records([one], "US").features["person.generation"]) == ["junior", "senior", None]


@pytest.mark.parametrize("values", [["II", "III", "IV"], ["gold", "Jr", "silver"]])
def test_phases_and_grades_are_no_generations(values: list[str]) -> None:
    one = table(NAMES, first=["Ann", "Bob", "Cy"], last=["Lee", "Ray", "Orr"], phase=values)
    assert "person.generation" not in read_records([one], "US").features


def test_that_father_and_son_have_one_given_name_tells_nothing() -> None:
    rows = [("Guy", "Oliver Sr."), ("Guy", "Oliver Jr."), ("Guy", "Oliver"), ("Ann", "Oliver Jr.")]
    one = table(NAMES, first=[first for first, _last in rows], last=[last for _first, last in rows])
    found = Aspects(read_records([one], "US")).levels(np.zeros(3, np.int64), np.arange(1, 4))
    equal = found["given name"][1]
    assert found["given name"].tolist() == [0, equal, 1]
    assert found["person.generation"].tolist() == [1, 0, 1]
