from datetime import date
from typing import Any

import pytest

from core.errors import InvalidInput
from rules.language import is_relative, parse, segments_in
from rules.plain import MAX_DEPTH

ONE = {"attribute": "city", "op": "eq", "value": "Rome"}


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"all": [ONE, {**ONE, "vaule": 1}]}, "rule.all[1].vaule"),
        ({"all": [ONE, {"op": "eq"}]}, "rule.all[1]"),
        ({"any": [{"all": [{"attribute": "", "op": "eq"}]}]}, "rule.any[0].all[0].attribute"),
        ({"attribute": "city"}, "rule.op"),
        ({"all": [], "any": []}, "rule"),
        ({}, "rule"),
        ([ONE], "rule"),
        ("DROP", "rule"),
        ({"version": 2, "all": []}, "rule.version"),
        ({"all": {"attribute": "city"}}, "rule.all"),
        ({"related": "o", "having": {"sum": "a", "count": True, "op": "gt"}}, "rule.having"),
        ({"related": "o", "having": {"sum": "a"}}, "rule.having"),
        ({"related": "o", "having": {"exists": True, "op": "gt"}}, "rule.having"),
        ({"all": [{"related": "o", "where": {"all": [{"op": "eq"}]}}]}, "rule.all[0].where.all[0]"),
        ({"related": "o", "within": {"last": 3, "from": "2026-01-01"}}, "rule.within"),
        ({"related": "o", "within": {"from": "yesterday"}}, "rule.within.from"),
        ({"related": "o", "within": {"last": -1}}, "rule.within.last"),
        ({"segment": "s", "is": "maybe"}, "rule.is"),
        ({"attribute": "city", "op": "eq", "value": float("nan")}, "rule"),
        ({"attribute": "city", "op": "eq", "value": object()}, "rule"),
        ({"attribute": "city", "op": "eq", "value": "x" * 5000}, "rule"),
        ({"attribute": "city", "op": "eq", "value": "a\0b"}, "rule"),
        ({"attribute": "city", "op": "eq", "value": "\ud800"}, "rule"),
        ({"attribute": "city", "op": "in", "value": ["x"] * 30_000}, "rule"),
        ({"all": [ONE] * 10_000}, "rule"),
    ],
)
def test_it_refuses_a_wrong_rule_and_names_the_place(rule: Any, place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(rule)
    assert refused.value.place == place
    assert refused.value.message


def nested(depth: int) -> dict[str, Any]:
    rule: dict[str, Any] = ONE
    for _ in range(depth):
        rule = {"all": [rule]}
    return rule


def test_it_survives_any_depth() -> None:
    assert parse(nested(MAX_DEPTH))
    with pytest.raises(InvalidInput, match="too deeply"):
        parse(nested(900))


@pytest.mark.parametrize(
    "rule",
    [
        {"all": [ONE, {"none": [{"segment": "s", "is": "not_in"}]}]},
        {
            "any": [
                {
                    "related": "o",
                    "having": {"sum": "t", "op": "gt", "value": 1.5},
                    "within": {"last": 9, "unit": "weeks"},
                }
            ]
        },
        {"all": [{"related": "o", "within": {"from": "2026-01-01", "to": "2026-02-01"}, "where": {"any": [ONE]}}]},
        {"version": 1, "all": [{"attribute": "x", "op": "in_last", "value": {"n": 3, "unit": "days"}}]},
    ],
)
def test_a_rule_is_written_as_it_was_read(rule: dict[str, Any]) -> None:
    assert parse(rule).as_json() == rule
    assert parse(parse(rule).as_json()) == parse(rule)


def test_a_single_condition_is_the_only_member_of_all() -> None:
    assert parse(ONE).as_json() == {"all": [ONE]}


def test_dates_of_a_yaml_file_become_text() -> None:
    assert parse({**ONE, "op": "before", "value": date(2026, 5, 1)}).as_json()["all"][0]["value"] == "2026-05-01"


def test_it_knows_the_segments_it_speaks_of_and_whether_time_matters() -> None:
    rule = parse({"all": [{"any": [{"segment": "a"}, {"segment": "b", "is": "not_in"}]}]})
    assert segments_in(rule) == {"a", "b"}
    assert not is_relative(rule)
    assert is_relative(parse({"related": "o", "within": {"last": 3}}))
    assert not is_relative(parse({"related": "o", "within": {"from": "2026-01-01"}}))
    assert is_relative(parse({"attribute": "x", "op": "anniversary", "value": 3}))
