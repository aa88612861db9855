"""Kinds of background work. A room decorates a function; services and doors find it by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.errors import NotFound

MAX_ATTEMPTS = 3  # a job whose worker died this often is given up: it probably kills its workers


class Context(Protocol):
    """What running work is given. Safe to call from several threads."""

    job_id: int

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Cheap: written at most twice a second. Raises Cancelled when a person asked to stop."""

    def check_cancelled(self) -> None:
        """Raises Cancelled when a person asked to stop, or when another worker has taken this job over."""


Run = Callable[..., dict[str, Any]]


@dataclass(frozen=True)
class Subject:
    """Something that a job works on, and the page that shows it."""

    name: str
    url: str


Subjects = Callable[[Sequence[Mapping[str, Any]]], list[list[Subject]]]
"""What jobs with these parameters work on, in their order: asked for many at once. What is gone is left out."""


@dataclass(frozen=True)
class Kind:
    """`run(context, **params)` returns a JSON object. It must be safe to run again after a crash at any point."""

    name: str
    label: str | Promise
    unit: str | Promise
    run: Run
    max_attempts: int = MAX_ATTEMPTS
    permission: str = ""
    subjects: Subjects | None = None


_kinds: dict[str, Kind] = {}


def job_kind(
    name: str,
    label: str | Promise,
    unit: str | Promise = "",
    *,
    max_attempts: int = MAX_ATTEMPTS,
    permission: str = "",
    subjects: Subjects | None = None,
) -> Callable[[Run], Run]:
    """`unit` says what progress counts ("rows"); `permission` is needed to start, cancel or retry such a job;
    `subjects` tells what a job works on, where it is not everything."""

    def add(run: Run) -> Run:
        _kinds[name] = Kind(name, label, unit, run, max_attempts, permission, subjects)
        return run

    return add


def find(name: str) -> Kind | None:
    return _kinds.get(name)


def get(name: str) -> Kind:
    """Raises NotFound."""
    kind = _kinds.get(name)
    if kind is None:
        raise NotFound(_("There is no work called “%(name)s”.") % {"name": name}, place=name)
    return kind


def subjects_of(name: str, many: Sequence[Mapping[str, Any]]) -> list[list[Subject]]:
    """What jobs of one kind work on, by their parameters; nothing where the kind does not tell or its room is gone."""
    kind = find(name)
    return kind.subjects(many) if kind and kind.subjects else [[] for _params in many]


def all_kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)
