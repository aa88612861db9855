"""Sections of the workspace file. Each room registers its own; the `workspace` room reads and writes the file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from pydantic import BaseModel

from core.errors import KindredError
from core.roles import Actor


@dataclass(frozen=True)
class Change:
    """One difference between a file and the workspace. `path` names the place: "segments[Loyal customers].rule"."""

    action: Literal["add", "change", "remove"]
    path: str
    before: Any = None
    after: Any = None


@dataclass
class ApplyContext:
    """What a section needs to know while it is applied. Relative paths in a file are relative to `folder`."""

    folder: Path
    by: Actor = None
    notes: list[str] = field(default_factory=list)


class Section(Protocol):
    """A named part of the workspace file, in the order in which it must be applied (low first).

    `spec` is the pydantic type of the section's value (a model, or `list[Model]`). `export` returns everything,
    explicitly. `apply` compares what the value states with what is there, writes the difference and returns the
    changes; applying twice returns nothing the second time. What a file does not state is inferred and is no
    difference. Definitions that are there but not in the file stay as they are. Raises InvalidInput with the place.
    """

    @property
    def name(self) -> str: ...
    @property
    def order(self) -> int: ...
    @property
    def spec(self) -> Any: ...

    def export(self) -> Any: ...

    def apply(self, value: Any, context: ApplyContext) -> list[Change]: ...


@runtime_checkable
class NamesFiles(Protocol):
    """A section whose value names files."""

    def beside(self, value: Any, folder: Path) -> Any:
        """The exported value for a file in `folder`: what lies in there or below is named from there."""
        ...


@contextmanager
def at(place: str) -> Iterator[None]:
    """Whatever is refused in here is so at this place of the file, or at a place below it."""
    try:
        yield
    except KindredError as error:
        if not error.place.startswith(place):
            error.place = f"{place}.{error.place}" if error.place else place
        raise


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    _sections[section.name] = section


def all_sections() -> list[Section]:
    """In the order in which they are applied."""
    return sorted(_sections.values(), key=lambda section: section.order)


class Strict(BaseModel):
    """Base of what a workspace file holds: unknown keys are errors, so a typing mistake is never silently ignored.
    Where a text is meant, a number is its digits: names, ids and default values need no quotes."""

    model_config = {"extra": "forbid", "coerce_numbers_to_str": True}
