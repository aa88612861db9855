"""The rule language: what a rule may say, as JSON. No Django, no tables: names are resolved by the compiler.

A rule is a group: `{"all" | "any" | "none": [node, …]}`, at the top with an optional `"version": 1`. A node is

- a group;
- `{"attribute": name, "op": operator, "value": …}`: something known about the customer, by name or label;
- `{"related": table, "having": {function: column, "op": …, "value": …}, "where": group, "within": {"last": 90, "unit":
  "days"}}`: rows that belong to the customer. All of `where` and `within` speak of the same row; `having` speaks of the
  rows that are left (without it: there is at least one);
- `{"segment": short name, "is": "in" | "not_in"}`.

"None of" means "not any of", also for customers of whom the thing is unknown. An empty `all` (or `none`) is everyone,
an empty `any` is nobody. A single node is read as the only member of an `all`.

Money is in major units. Days are those of the workspace's time zone. Text is compared without regard to case,
with regard to accents: dropping marks changes words in Thai, Hindi and Vietnamese. With `"exact": true` case counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    StrictBool,
    StrictStr,
    Tag,
    ValidationError,
    field_validator,
    model_serializer,
    model_validator,
)

from core.shapes import HOUSE
from rules.plain import MAX_TEXT, plain
from rules.problems import REASONS, explain_problem, told

MAX_SPAN = 100_000  # the largest number of units in a time window
MODES = ("all", "any", "none")
UNITS = ("minutes", "hours", "days", "weeks", "months", "years")
FUNCTIONS = ("exists", "count", "sum", "average", "min", "max", "first", "last")

Unit = Literal["minutes", "hours", "days", "weeks", "months", "years"]
Text = Annotated[StrictStr, Field(min_length=1, max_length=MAX_TEXT)]
Span = Annotated[int, Field(strict=True, ge=0, le=MAX_SPAN)]


class Part(BaseModel):
    """Base of everything in a rule: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_serializer(mode="wrap")
    def _without_defaults(self, handler: Any) -> dict[str, Any]:
        """What was left out stays out, so a rule is written as it was read."""
        written: dict[str, Any] = handler(self)
        fields = type(self).model_fields
        stated = self.model_fields_set | {str(fields[name].alias) for name in self.model_fields_set}
        return {key: value for key, value in written.items() if key in stated}


class Test(Part):
    """An operator and what it compares with. `value` stays as written; the operator checks it against the type."""

    __test__ = False  # not a test of pytest
    op: Text
    value: JsonValue = None
    exact: StrictBool = False


class Condition(Test):
    """Something known about the customer: an attribute, or a measure."""

    attribute: Text


class Having(Test):
    """What must be true of the rows that are left: exactly one function, and a test of its result.

    `exists` takes true or false and no operator. `count` takes true (rows) or a column (rows in which it is known).
    `first` and `last` are the column's value in the earliest and latest row in which it is known.
    Without any row, count and sum are 0 and everything else is unknown.
    """

    op: Text = "is_true"
    exists: StrictBool | None = None
    count: Literal[True] | Text | None = None
    sum: Text | None = None
    average: Text | None = None
    min: Text | None = None
    max: Text | None = None
    first: Text | None = None
    last: Text | None = None

    @model_validator(mode="after")
    def _one_function(self) -> Having:
        named = [name for name in FUNCTIONS if getattr(self, name) is not None]
        if len(named) != 1:
            raise told("one_function")
        if named == ["exists"] and self.model_fields_set & {"op", "value", "exact"}:
            raise told("exists_alone")
        if named != ["exists"] and "op" not in self.model_fields_set:
            raise told("op_missing")
        return self

    @property
    def function(self) -> str:
        return next(name for name in FUNCTIONS if getattr(self, name) is not None)

    @property
    def column(self) -> str | None:
        """The column that the function is of; None for `exists` and for a count of rows."""
        named = getattr(self, self.function)
        return named if isinstance(named, str) else None


class Within(Part):
    """The time window of related rows: the last n units, or days from … to (both included, in the workspace's zone).

    `column` is the time that is meant; without it the table's first time column.
    """

    column: Text | None = None
    last: Span | None = None
    unit: Unit = "days"
    since: Text | None = Field(None, alias="from")
    until: Text | None = Field(None, alias="to")

    @field_validator("since", "until")
    @classmethod
    def _a_day(cls, text: str | None) -> str | None:
        try:
            return text if text is None else date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise told("a_day") from error

    @model_validator(mode="after")
    def _one_window(self) -> Within:
        if (self.last is None) == (self.since is None and self.until is None):
            raise told("one_window")
        return self


class Related(Part):
    """Rows that belong to the customer, e.g. orders."""

    related: Text
    having: Having = Having(exists=True)
    where: Group | None = None
    within: Within | None = None


class Membership(Part):
    """Who is, or is not, in another segment."""

    segment: Text
    is_: Literal["in", "not_in"] = Field("in", alias="is")


class Group(Part):
    """`all`, `any` or `none` of some nodes; exactly one of the three."""

    all: list[Node] | None = None
    any: list[Node] | None = None
    none: list[Node] | None = None

    @model_validator(mode="after")
    def _one_mode(self) -> Group:
        if sum(getattr(self, mode) is not None for mode in MODES) != 1:
            raise told("one_mode")
        return self

    @property
    def mode(self) -> str:
        return next(mode for mode in MODES if getattr(self, mode) is not None)

    @property
    def nodes(self) -> list[Condition | Related | Membership | Group]:
        return list(getattr(self, self.mode))


def _kind(value: Any) -> str | None:
    if isinstance(value, Part):
        return type(value).__name__.lower().replace("rule", "group")
    if not isinstance(value, dict):
        return None
    if any(mode in value for mode in MODES):
        return "group"
    return next(
        (
            kind
            for key, kind in (("related", "related"), ("attribute", "condition"), ("segment", "membership"))
            if key in value
        ),
        None,
    )


Node = Annotated[
    Annotated[Condition, Tag("condition")]
    | Annotated[Related, Tag("related")]
    | Annotated[Membership, Tag("membership")]
    | Annotated[Group, Tag("group")],
    Discriminator(_kind, custom_error_type=HOUSE, custom_error_message=REASONS["node_kind"]),
]


class Rule(Group):
    """A whole rule."""

    version: Literal[1] = 1

    def as_json(self) -> dict[str, Any]:
        """As it is stored and exchanged: what was left out stays out."""
        return self.model_dump(mode="json", by_alias=True)


for part in (Related, Group, Rule):
    part.model_rebuild()


def parse(value: Any, place: str = "rule") -> Rule:
    """Reads a rule. Raises InvalidInput that names the place in the rule, e.g. `rule.all[1].value`."""
    if isinstance(value, Rule):
        return value
    value = plain(value, place)
    single = isinstance(value, dict) and _kind(value) in {"related", "condition", "membership"}
    if single:
        value = {"all": [value]}
    try:
        return Rule.model_validate(value)
    except ValidationError as error:
        raise explain_problem(error, place, single) from error


def walk(group: Group, path: str = "rule") -> Iterator[tuple[str, Condition | Related | Membership | Group]]:
    """Every node of a rule with its path, parents first; the conditions inside related blocks (`where`) included."""
    for index, node in enumerate(group.nodes):
        here = f"{path}.{group.mode}[{index}]"
        yield here, node
        if isinstance(node, Group):
            yield from walk(node, here)
        elif isinstance(node, Related) and node.where is not None:
            yield from walk(node.where, f"{here}.where")


def is_relative(rule: Rule) -> bool:
    """Whether the answer changes as time goes by, although no data does."""
    moving = {"in_last", "not_in_last", "in_next", "anniversary"}
    return any(
        (isinstance(node, Condition) and node.op in moving)
        or (
            isinstance(node, Related)
            and (node.having.op in moving or (node.within is not None and node.within.last is not None))
        )
        for _path, node in walk(rule)
    )


def attributes_in(rule: Rule) -> set[str]:
    """Attributes of the customer that a rule speaks of, as they are written; not the columns of related rows."""
    return {node.attribute for path, node in walk(rule) if isinstance(node, Condition) and ".where." not in path}


def segments_in(rule: Rule) -> set[str]:
    """Short names of the segments that a rule speaks of."""
    return {node.segment for _path, node in walk(rule) if isinstance(node, Membership)}


def tables_in(rule: Rule) -> set[str]:
    """Tables of related rows that a rule speaks of, by their names or labels as they are written."""
    return {node.related for _path, node in walk(rule) if isinstance(node, Related)}
