"""What rooms show on the home page: key figures, and things that need a hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # AppConfigs import this module before there are models
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Kpi:
    """One figure. `value` is formatted for the reader; `hint` says since when or of what; `order` sorts, low first."""

    label: str
    value: str
    url: str
    hint: str = ""
    order: int = 50


@dataclass(frozen=True)
class Todo:
    """Something that needs a hand: one sentence and the page on which it can be done."""

    text: str
    url: str
    action: str
    level: str = "warning"  # or "danger", "info"


@dataclass(frozen=True)
class StoryStep:
    """One of the steps that lead newcomers: who they are, sources, unify, segment, journey, results."""

    order: int
    title: str
    text: str
    url: str
    action: str
    done: bool


_kpis: list[Callable[["User"], list[Kpi]]] = []
_todos: list[Callable[["User"], list[Todo]]] = []
_story: list[Callable[["User"], StoryStep | None]] = []


def register_kpis(provider: Callable[["User"], list[Kpi]]) -> None:
    _kpis.append(provider)


def register_todos(provider: Callable[["User"], list[Todo]]) -> None:
    _todos.append(provider)


def register_story_step(provider: Callable[["User"], StoryStep | None]) -> None:
    """`provider` gives nothing where the step is not this user's to do."""
    _story.append(provider)


def kpis(user: "User") -> list[Kpi]:
    return sorted((kpi for provider in _kpis for kpi in provider(user)), key=lambda kpi: kpi.order)


def todos(user: "User") -> list[Todo]:
    """The most urgent first."""
    found = (todo for provider in _todos for todo in provider(user))
    return sorted(found, key=lambda todo: ("danger", "warning", "info").index(todo.level))


def story(user: "User") -> list[StoryStep]:
    return sorted((step for provider in _story if (step := provider(user))), key=lambda step: step.order)
