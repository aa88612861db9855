"""What each comparison takes for alike, and each exception for two people. Missing values are never alike."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from core.errors import InvalidInput
from profiles.config.words import COMPARISONS, condition_words
from profiles.unify.config.rules import LEVELS, Compare, Condition, MatchRule, dump_rules, parse_rules
from profiles.unify.matching.match import match
from profiles.unify.pairs.score import holds
from profiles.unify.reading.records import Records, TableInput
from profiles.unify.run import prepare
from profiles.unify.setup import Setup
from profiles.unify.weighing.evidence import Evidence

MEANINGS = {
    "given": "person.first_name", "family": "person.last_name", "born": "person.birth_date", "street": "address.line",
}  # fmt: skip
COLUMNS = ("id", *MEANINGS, "value")


def read(rows: list[dict[str, Any]], *conditions: Condition) -> Records:
    rows = [{"id": str(number)} | row for number, row in enumerate(rows)]
    data = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in COLUMNS})
    rule = MatchRule(name="x", when=(Condition(column="value"), *conditions))
    return prepare([TableInput("a", "b", ("id",), data, MEANINGS)], Setup(country="US", rules=(rule,)))


def alike(one: str | None, other: str | None, compare: str, threshold: str | float) -> bool:
    condition = Condition.model_validate({"column": "value", "compare": compare, "threshold": threshold})
    records = read([{"value": one}, {"value": other}], condition)
    left, right = np.array([0]), np.array([1])
    (found,), (back,) = (holds(records, condition, *pair)[0] for pair in ((left, right), (right, left)))
    assert found == back
    return bool(found)


@pytest.mark.parametrize(
    ("compare", "threshold", "one", "other", "wanted"),
    [
        ("phonetic", "high", "Stephen", "Steven", True),
        ("phonetic", "high", "Meier", "Mayr", True),
        ("phonetic", "high", "Catherine Philips", "Kathryn Phillips", True),
        ("phonetic", "high", "Smith", "Jones", False),
        ("phonetic", "exact", "Müller", "Mueller", True),
        ("phonetic", "low", "12", "13", False),
        ("initials", "high", "J. Smith", "John Smith", True),
        ("initials", "high", "J R Smith", "John Robert Smith", True),
        ("initials", "high", "J. Smith", "Jane Smyth", False),
        ("initials", "high", "J. Smith", "Robert Smith", False),
        ("initials", "medium", "J. Smith", "John Robert Smith", True),
        ("initials", "high", "J. Smith", "John Robert Smith", False),
        ("initials", "low", "Smith J.", "John Smith", True),
        ("initials", "low", "J. S.", "John Smith", False),
        ("number", 0.5, "12.50", "13", True),
        ("number", 0.5, "12.50", "13.01", False),
        ("number", 0, "1,250.00", "1250", True),
        ("number", 0.1, "0.2", "0.3", True),
        ("number", "high", "1999", "2000", True),
        ("number", "high", "-1", "1", False),
        ("number", 1000, "twelve", "12", False),
        ("percent", 10, "100", "90", True),
        ("percent", 10, "100", "89", False),
        ("percent", "low", "20", "18.0", True),
        ("days", 3, "2024-02-28", "2024-03-02", True),
        ("days", 2, "2024-02-28", "2024-03-02", False),
        ("days", "medium", "2024-12-28", "04 Jan 2025", True),
        ("jaro_winkler", "exact", "Zürich", "Zürich", True),
    ],
)  # fmt: skip
def test_values_are_alike(compare: str, threshold: str | float, one: str, other: str, wanted: bool) -> None:
    assert alike(one, other, compare, threshold) is wanted


def test_characters_count_and_not_bytes() -> None:
    condition = Condition(column="value", compare="levenshtein", threshold=0.8, normalise=("case",))
    records = read([{"value": "Jürgen"}, {"value": "jurgen"}], condition)
    assert holds(records, condition, np.array([0]), np.array([1]))[1][0] == pytest.approx(5 / 6)


@pytest.mark.parametrize("compare", sorted(set(LEVELS) - {"name", "given_name", "likely", "unlikely"}))
def test_missing_values_are_never_alike(compare: str) -> None:
    assert not alike(None, "1999", compare, "low")
    assert not alike(None, None, compare, "low")


def test_every_comparison_has_words() -> None:
    assert set(COMPARISONS) == set(Compare.__args__)
    days = Condition(column="seen", compare="days", threshold=3)
    assert condition_words(days).endswith("(at most 3 days apart)")
    assert "2.5%" in condition_words(Condition(column="price", compare="percent", threshold=2.5))
    assert condition_words(Condition(compare="twins")) == "All values together are those of twins"
    against = condition_words(Condition(compare="unlikely", threshold=0.5))
    assert against == "All values together speak against one person (at least 50% sure)"


@pytest.mark.parametrize(
    "condition",
    [
        {"column": "a", "compare": "number", "threshold": -1},
        {"column": "a", "compare": "days", "threshold": float("inf")},
        {"column": "a", "compare": "percent", "threshold": float("nan")},
        {"column": "a", "compare": "phonetic", "threshold": 2},
        {"semantic": "person.name", "compare": "twins"},
    ],
)
def test_thresholds_and_names_that_cannot_be_are_refused(condition: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        parse_rules([{"name": "x", "when": [{"semantic": "contact.email"}], "unless": [condition]}])


@pytest.mark.parametrize("compare", ["number", "days", "percent", "phonetic"])
def test_being_near_makes_no_blocks(compare: str) -> None:
    with pytest.raises(InvalidInput, match="At least one condition"):
        parse_rules([{"name": "x", "when": [{"column": "a", "compare": compare, "threshold": "exact"}]}])


def test_rules_are_written_as_short_as_they_were() -> None:
    when = [{"semantic": "contact.email"}, {"column": "visit", "compare": "days", "threshold": 3}]
    rules = [{"name": "x", "when": when, "unless": [{"compare": "household"}]}]
    assert dump_rules(parse_rules(rules)) == rules


ANNA = {"given": "Anna", "family": "Huber", "born": "1980-03-02", "street": "12 Elm Street", "value": "order 7"}


@pytest.mark.parametrize(
    ("situation", "other", "kept_apart"),
    [
        ("twins", {"given": "Bernd"}, True),
        ("twins", {"given": "Bernd", "street": None}, True),
        ("twins", {"given": "Anne"}, False),
        ("twins", {"given": None}, False),
        ("twins", {"given": "A."}, False),
        ("twins", {"given": "Bernd", "born": "1980-03-03"}, False),
        ("twins", {"given": "Bernd", "born": None}, False),
        ("twins", {"given": "Bernd", "family": "Lang"}, False),
        ("twins", {"given": "Bernd", "street": "7 Oak Road"}, False),
        ("household", {"given": "Bernd", "born": "1975-06-07"}, True),
        ("household", {"given": "Bernd", "born": None, "street": "12 Elm St."}, True),
        ("household", {"given": "Bernd"}, False),
        ("household", {"given": "Anna", "born": "1975-06-07"}, False),
        ("household", {"given": "Bernd", "born": None, "street": None}, False),
    ],
)
def test_exceptions_know_twins_and_households(situation: str, other: dict[str, Any], kept_apart: bool) -> None:
    rules = parse_rules([{"name": "x", "when": [{"column": "value"}], "unless": [{"compare": situation}]}])
    records = read([ANNA, ANNA | other])
    assert len(match(records, rules, Evidence(records)).left) == (not kept_apart)
