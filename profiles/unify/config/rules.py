"""Matching rules as they are written in the workspace file and stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Annotated, Any, Literal, Protocol, Self, TypeVar

import numpy as np
from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

import profiles.unify.normalisers  # noqa: F401  (registers them)
from core.shapes import gettext_noop, invalid, no_list, problem, refused
from profiles.unify.config.tolerances import likeness
from profiles.unify.normalisers.registry import named, names

# Features made in a rule's own way begin so.
OWN_WAY = "by "
Compare = Literal[
    "exact", "jaro_winkler", "levenshtein", "damerau", "token_set", "phonetic", "initials", "date", "name",
    "given_name", "number", "percent", "days", "missing", "differs", "likely", "unlikely", "twins", "household",
]  # fmt: skip
# Of all that is known of two records together; these name no value.
EVIDENCE = ("likely", "unlikely")
# What two people may be to each other; these name no value, and know no degrees.
SITUATIONS = ("twins", "household")
# How far two values may be apart: thresholds are in the unit of the value, in percent, or in days.
TOLERANCES = ("number", "percent", "days")
# Equal values are not all that reaches the highest likeness, or there is none.
NEVER_KEYS = ("missing", "differs", "phonetic", *TOLERANCES, *EVIDENCE, *SITUATIONS)
# How values are made comparable where that is not the usual way of their kind.
OWN_NORMALISERS = {"number": ("spaces",), "percent": ("spaces",), "days": ("date",)}
Level = Literal["exact", "high", "medium", "low"]

# What a named threshold means, per comparison: similarity from 0 to 1 that must be reached; of tolerances, how far
# apart two values may be.
LEVELS: dict[str, dict[str, float]] = {
    "jaro_winkler": {"exact": 1.0, "high": 0.92, "medium": 0.86, "low": 0.75},
    "levenshtein": {"exact": 1.0, "high": 0.8, "medium": 0.6, "low": 0.3},
    "damerau": {"exact": 1.0, "high": 0.8, "medium": 0.6, "low": 0.3},
    "token_set": {"exact": 1.0, "high": 0.9, "medium": 0.75, "low": 0.5},
    "phonetic": {"exact": 1.0, "high": 0.9, "medium": 0.75, "low": 0.5},
    "initials": {"exact": 1.0, "high": 0.9, "medium": 0.8, "low": 0.7},
    "number": {"exact": 0, "high": 1, "medium": 2, "low": 5},
    "percent": {"exact": 0, "high": 1, "medium": 5, "low": 10},
    "days": {"exact": 0, "high": 1, "medium": 7, "low": 31},
    "date": {"exact": 1.0, "high": 0.85, "medium": 0.7, "low": 0.6},
    "name": {"exact": 1.0, "high": 0.92, "medium": 0.86, "low": 0.75},
    "given_name": {"exact": 1.0, "high": 0.92, "medium": 0.86, "low": 0.75},
    "likely": {"exact": 0.99, "high": 0.95, "medium": 0.8, "low": 0.5},
    "unlikely": {"exact": 0.99, "high": 0.95, "medium": 0.8, "low": 0.5},
}
# How a kind of value is compared when only "differs" is asked for.
NATURAL: dict[str, str] = {"person.birth_date": "date", "person.name": "name", "person.first_name": "given_name"}


def usual_level(compare: str) -> str:
    """The threshold where none is written."""
    plain = dict.fromkeys(("exact", "missing", *SITUATIONS), "exact")
    return (plain | dict.fromkeys(("differs", *EVIDENCE), "low")).get(compare, "high")


@dataclass(frozen=True)
class Compared:
    """A plain column that a rule names, or any values made comparable in the rule's own way, found as `feature`."""

    feature: str
    column: str = ""
    semantic: str = ""
    normalise: tuple[str, ...] = ()


class Condition(BaseModel):
    """One comparison of two records. `missing`: at least one of them has no value. `differs`: both have one, and they
    are less alike than `threshold` (default: low). `number`, `percent`, `days`: they are no further apart than
    `threshold`. `likely`, `unlikely`: by the evidence of all values together, they are one person with at least this
    probability, or are not one. `twins`: born on one day under one family name and address, with other given names;
    `household`: one address and family name, other given names and birth dates. All others are false when a value is
    missing."""

    model_config = {"extra": "forbid", "frozen": True}

    semantic: str = ""
    column: str = ""
    compare: Compare = "exact"
    threshold: Level | float = "exact"
    normalise: tuple[Annotated[str, Field(json_schema_extra={"enum": list(names())})], ...] = Field(
        (), description="Normalisers by name, in order, in place of the usual one; docs/normalisers.md lists them."
    )

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, value: Any) -> Any:
        compare = value.get("compare", "exact") if isinstance(value, dict) else None
        if isinstance(compare, str) and "threshold" not in value:
            return value | {"threshold": usual_level(compare)}
        return value

    @field_validator("normalise")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            named(name)
        return value

    @model_validator(mode="after")
    def _complete(self) -> "Condition":
        if self.is_of_all:
            if self.semantic or self.column or self.normalise:
                message = gettext_noop("“%(compare)s” is of all values together: name no type, column or normaliser.")
                raise problem(message, compare=self.compare)
        elif bool(self.semantic) == bool(self.column):
            raise problem(gettext_noop("Name either a semantic type or a column."))
        if self.normalise and self.measure in ("name", "given_name"):
            raise problem(gettext_noop("Names are compared as a whole, in the usual way: name no normalisers."))
        if isinstance(self.threshold, float | int):
            self._check(self.threshold)
        return self

    def _check(self, threshold: float) -> None:
        if self.compare in TOLERANCES:
            if not 0 <= threshold < inf:
                raise problem(gettext_noop("A tolerance is a number from 0 on."))
        elif not 0 <= threshold <= 1:
            raise problem(gettext_noop("A threshold lies between 0 and 1."))

    @property
    def is_evidence(self) -> bool:
        return self.compare in EVIDENCE

    @property
    def is_of_all(self) -> bool:
        """Of all that is known of two records, not of one value."""
        return self.compare in (*EVIDENCE, *SITUATIONS)

    @property
    def subject(self) -> str:
        """What is compared; "" for all values together."""
        if self.is_of_all:
            return ""
        return self.semantic or f"column:{self.column}"

    @property
    def feature(self) -> str:
        """The name under which the values are found, made comparable."""
        return f"{OWN_WAY}{'+'.join(self.normalisers)}: {self.subject}" if self.normalisers else self.subject

    @property
    def normalisers(self) -> tuple[str, ...]:
        """Those that are named, or that the comparison needs; none for the usual one."""
        return self.normalise or OWN_NORMALISERS.get(self.compare, ())

    @property
    def measured_feature(self) -> str:
        """Names are compared as a whole, in either order of their parts."""
        return "person.name" if self.measure in ("name", "given_name") else self.feature

    @property
    def is_key(self) -> bool:
        """True when only equal values pass: such conditions make the blocks."""
        return self.compare == "exact" or (self.compare not in NEVER_KEYS and self.limit >= 1)

    @property
    def measure(self) -> str:
        """The similarity that is computed."""
        return NATURAL.get(self.semantic, "exact") if self.compare == "differs" else self.compare

    @property
    def tolerance(self) -> float:
        """How far apart two values may be, in the unit of the comparison."""
        return self._value

    @property
    def limit(self) -> float:
        """The likeness that must be reached."""
        return float(np.float32(likeness(self._value))) if self.compare in TOLERANCES else self._value

    @property
    def _value(self) -> float:
        if not isinstance(self.threshold, str):
            return float(self.threshold)
        return float(LEVELS.get(self.measure, {}).get(self.threshold, 1.0))


class HasName(Protocol):
    """A model of pydantic of which every name stands once in a list."""

    @property
    def name(self) -> str: ...

    @classmethod
    def model_validate(cls, obj: Any) -> Self: ...


Named = TypeVar("Named", bound=HasName)


class MatchRule(BaseModel):
    """Two records are one person when all of `when` hold and none of `unless`."""

    model_config = {"extra": "forbid", "frozen": True}

    name: str = Field(min_length=1, max_length=200)
    when: tuple[Condition, ...] = Field(min_length=1)
    unless: tuple[Condition, ...] = ()
    active: bool = True

    @model_validator(mode="after")
    def _selective(self) -> "MatchRule":
        if not any(condition.is_key or condition.compare == "likely" for condition in self.when):
            raise problem(
                gettext_noop(
                    "At least one condition must ask for exactly equal values or for evidence, or every record meets"
                    " every other."
                )
            )
        return self

    @property
    def asks_for_evidence(self) -> bool:
        return self.active and any(c.is_evidence for c in (*self.when, *self.unless))


def own_way(feature: str) -> list[str]:
    """The normalisers that a rule named for this feature; none of a usual one."""
    return feature.removeprefix(OWN_WAY).partition(": ")[0].split("+") if feature.startswith(OWN_WAY) else []


def meaning_of(feature: str) -> str:
    """Of its values, also where they are made comparable in a rule's own way."""
    return feature.partition(": ")[2] if feature.startswith(OWN_WAY) else feature


def compared_in_rules(rules: Iterable[MatchRule]) -> list[Compared]:
    """What rules compare beside the columns with a meaning in the usual way, each once."""
    wanted = {c.feature: c for rule in rules for c in (*rule.when, *rule.unless) if c.column or c.normalisers}
    return [Compared(name, c.column, c.semantic, c.normalisers) for name, c in sorted(wanted.items())]


def parse_rules(value: Sequence[Any]) -> list[MatchRule]:
    """Raises InvalidInput with the place of the first mistake."""
    return parse_named(MatchRule, value, "rules", gettext_noop("Two rules are named “%(name)s”."))


def parse_named(kind: type[Named], value: Sequence[Any], place: str, twice: str) -> list[Named]:
    """Items of one kind whose names differ. `place`: the list in which they stand; `twice`: what is said of two with
    one `%(name)s`. Raises InvalidInput with the place of the first mistake."""
    if not isinstance(value, list | tuple):
        raise no_list(place)
    found: list[Named] = []
    for number, item in enumerate(value):
        try:
            found.append(kind.model_validate(item))
        except ValidationError as error:
            name = item.get("name", number) if isinstance(item, dict) else number
            raise refused(error, f"{place}[{name}]", item) from error
    names = [item.name for item in found]
    for name in names:
        if names.count(name) > 1:
            raise invalid(twice, f"{place}[{name}].name", name=name)
    return found


def dump_rules(rules: list[MatchRule]) -> list[dict[str, Any]]:
    """As short as it can be written: what is as usual is left out."""
    dumped = []
    for rule in rules:
        item: dict[str, Any] = {"name": rule.name, "when": [_dump(condition) for condition in rule.when]}
        if rule.unless:
            item["unless"] = [_dump(condition) for condition in rule.unless]
        dumped.append(item if rule.active else item | {"active": False})
    return dumped


def _dump(condition: Condition) -> dict[str, Any]:
    item = condition.model_dump(mode="json", exclude_defaults=True, exclude={"threshold"})
    usual = usual_level(condition.compare)
    return item if condition.threshold == usual else item | {"threshold": condition.threshold}
