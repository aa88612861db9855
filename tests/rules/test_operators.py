from typing import Any

import pytest

from core.errors import InvalidInput
from rules import labels
from rules.compiler import compile
from rules.language import parse
from rules.operators.base import REGISTRY
from tests.rules.cases import CASES, NOW, Case
from tests.rules.small import SmallLake

pytestmark = pytest.mark.usefixtures("each_engine")


def lake_of(kind: str, values: list[Any]) -> SmallLake:
    rows = [{"profile_id": str(index), "about": value} for index, value in enumerate(values)]
    return SmallLake({"unified.profiles": ({"profile_id": "string", "about": kind}, rows)}, {"about": "EUR"})


def members(kind: str, values: list[Any], test: dict[str, Any]) -> set[str]:
    lake = lake_of(kind, values)
    return set(lake.ids(compile(parse({"attribute": "about", **test}), lake, NOW)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1]} {case[2]}"[:60])
def test_operator_means_what_the_table_says(case: Case) -> None:
    kind, op, value, exact, expected = case
    test = {"op": op, **({"value": value} if value is not None else {}), **({"exact": True} if exact else {})}
    found = members(kind, [given for given, _yes in expected], test)
    assert found == {str(index) for index, (_given, yes) in enumerate(expected) if yes}


def test_every_operator_is_complete_and_in_the_table() -> None:
    covered = {(operator.family, operator.name) for operator in REGISTRY.values()}
    families = {"string": "text", "integer": "number", "number": "number", "money": "number", "boolean": "boolean",
                "date": "time", "timestamp": "time", "list": "list"}  # fmt: skip
    assert covered == {(families[case[0]], case[1]) for case in CASES} == set(labels.OPERATORS)
    for operator in REGISTRY.values():
        assert "nknown" in operator.meaning, f"{operator.family} {operator.name} does not say what unknown means"


@pytest.mark.parametrize(
    ("kind", "test"),
    [
        ("string", {"op": "gt", "value": 1}),
        ("string", {"op": "eq", "value": ""}),
        ("string", {"op": "eq", "value": 5}),
        ("string", {"op": "in", "value": "a"}),
        ("integer", {"op": "gt", "value": "5"}),
        ("integer", {"op": "gt", "value": True}),
        ("integer", {"op": "gt", "value": 10**30}),
        ("integer", {"op": "between", "value": [1]}),
        ("date", {"op": "before", "value": "tomorrow"}),
        ("date", {"op": "in_last", "value": {"n": 2, "unit": "hours"}}),
        ("date", {"op": "in_last", "value": {"n": -2}}),
        ("timestamp", {"op": "on", "value": "2026-05-10T10:00"}),
        ("date", {"op": "month_is", "value": [13]}),
        ("date", {"op": "anniversary", "value": 400}),
    ],
)
def test_operator_refuses_what_does_not_fit_and_names_the_place(kind: str, test: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        members(kind, [None], test)
    assert refused.value.place.startswith("rule.all[0].")


def test_29_february_is_kept_on_the_28th_in_common_years() -> None:
    from datetime import date, datetime

    lake = lake_of("date", [date(2000, 2, 29), date(2000, 2, 28)])
    rule = parse({"attribute": "about", "op": "anniversary", "value": 0})
    for today, expected in (((2026, 2, 28), {"0", "1"}), ((2028, 2, 28), {"1"}), ((2028, 2, 29), {"0"})):
        assert set(lake.ids(compile(rule, lake, datetime(*today, 9, tzinfo=NOW.tzinfo)))) == expected
