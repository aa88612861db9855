"""What a step of a journey is, and the registry of its kinds. No Django models here: a kind's own module has them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from pydantic import BaseModel, ConfigDict, Field

MAX_LABEL = 120
ID_PATTERN = r"^[A-Za-z0-9_-]{1,40}$"


class Step(BaseModel):
    """A step as it is stored. `next` is the id of the step that follows; None completes the person's run."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    id: str = Field(pattern=ID_PATTERN)
    kind: str
    label: str = Field("", max_length=MAX_LABEL)
    next: str | None = None

    def exits(self) -> list["Exit"]:
        """The ways out, by outcome number: `exits()[outcome].target`."""
        return [Exit("", self.next)]


@dataclass(frozen=True)
class Exit:
    """One way out of a step. `label` is the name that a person gave it, mostly none."""

    label: str
    target: str | None


@dataclass(frozen=True)
class Problem:
    """Why a journey cannot be published; or, as a hint, what deserves a second look. `step` is a step's id, or "start";
    `field` is the name of its input."""

    step: str
    field: str
    message: str

    def as_dict(self) -> dict[str, str]:
        return {"step": self.step, "field": self.field, "message": self.message}


@dataclass(frozen=True)
class Person:
    enrolment_id: int
    profile_id: str


@dataclass(frozen=True)
class Batch:
    """People who leave one step together. `frozen` is what `freeze` pinned for this step at publication."""

    journey_id: int
    journey_slug: str
    version_id: int
    version_number: int
    people: Sequence[Person]
    now: datetime
    frozen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """What became of people who passed a step: `show` is what the results call it, `label` follows the number."""

    show: str
    label: str
    count: int

    def as_dict(self) -> dict[str, str | int]:
        return {"show": self.show, "label": self.label, "count": self.count}


def _nothing(step: Any, batch: Batch) -> None:
    return None


def _first_exit(step: Any, profile_ids: Sequence[str], now: datetime) -> dict[str, int]:
    return dict.fromkeys(profile_ids, 0)


def _no_hints(step: Any) -> list[Problem]:
    return []


def _at_once(step: Any, now: datetime) -> datetime:
    return now


def _freeze_nothing(step: Any) -> dict[str, Any]:
    return {}


def _no_lines(step: Any, profile_id: str) -> list[str]:
    return []


def _everybody(step: Any, profile_ids: Sequence[str]) -> dict[str, int]:
    return {}


def _no_figures(version: Any) -> dict[str, list[Figure]]:
    return {}


def _unnamed(step: Any) -> list[str]:
    return [way.label for way in step.exits()]


def _as_it_is(step: Any) -> Any:
    return step


def _no_context(step: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class StepKind:
    """Everything about one kind of step.

    `check` returns what stands against publication, `hints` what does not but may be a mistake, `words` the line on the
    card. A person who arrives at `now` may leave at `due(step, now)`. Leaving is `act` (writes, must be safe to repeat)
    and then `decide` (reads only): profile id to the number of the exit (`exit_names` says what they are called). The
    dry run and the walk use `decide` without `act`; `preview` adds what one person would get, and
    `forecast` says how many would not get it, by reason in words. `figures` says of a version, by step id, what became
    of those who passed; they add up to them. `resolve` puts short names in place of names, as files may have.
    """

    name: str
    label: str | Promise
    description: str | Promise
    icon: str
    schema: type[Step]
    panel: str
    check: Callable[[Any], list[Problem]]
    words: Callable[[Any], str]
    shorthand: Callable[[Any], Any]
    longhand: Callable[[Any], dict[str, Any]]
    hints: Callable[[Any], list[Problem]] = _no_hints
    finishes: bool = False
    due: Callable[[Any, datetime], datetime] = _at_once
    act: Callable[[Any, Batch], None] = _nothing
    decide: Callable[[Any, Sequence[str], datetime], dict[str, int]] = _first_exit
    freeze: Callable[[Any], dict[str, Any]] = _freeze_nothing
    exit_names: Callable[[Any], list[str]] = _unnamed
    preview: Callable[[Any, str], list[str]] = _no_lines
    forecast: Callable[[Any, Sequence[str]], Mapping[str, int]] = _everybody
    figures: Callable[[Any], Mapping[str, Sequence[Figure]]] = _no_figures
    resolve: Callable[[Any], Any] = _as_it_is
    panel_context: Callable[[Any], dict[str, Any]] = _no_context
    order: int = 50

    @property
    def acts(self) -> bool:
        """Whether anything happens to people in such a step, but that they go on."""
        return self.act is not _nothing


_kinds: dict[str, StepKind] = {}


def register(kind: StepKind) -> StepKind:
    _kinds[kind.name] = kind
    return kind


def get(name: str) -> StepKind | None:
    return _kinds.get(name)


def kind_of(step: Step) -> StepKind:
    return _kinds[step.kind]


def all_kinds() -> Iterable[StepKind]:
    """In the order in which the designer offers them."""
    return sorted(_kinds.values(), key=lambda kind: kind.order)
