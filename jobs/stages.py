"""Stages of a refresh. Rooms register theirs; `jobs.refresh` runs them in order."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from jobs.registry import Context
from lake.queries import near, snapshot

ORDER = ("load", "unify", "link", "activities", "measures", "segments", "journeys")


@dataclass(frozen=True)
class StageResult:
    """`rows`: how many rows it wrote. `note`: one sentence for the person who reads the run. `problems`: what of it did
    not succeed though the stage as a whole did, one sentence each."""

    rows: int = 0
    note: str = ""
    problems: Sequence[str] = ()


@dataclass(frozen=True)
class RefreshStage:
    """A step of the refresh. `run(context, full)` publishes its tables itself: all or none.

    `reads` names the lake tables that it depends on, `definition` returns what else decides its result, as JSON. The
    stage is skipped when both are as at its last success and the tables that it wrote are still there. A stage without
    `reads` decides for itself and is never skipped.
    """

    name: str
    label: str | Promise
    run: Callable[[Context, bool], StageResult]
    after: Sequence[str] = ()
    reads: Callable[[], Iterable[str]] | None = None
    definition: Callable[[], Any] | None = None
    writes: Callable[[], Iterable[str]] | None = None

    def inputs(self) -> dict[str, int | None]:
        """The versions of the tables that it would read now."""
        return _versions(self.reads)

    def outputs(self) -> dict[str, int | None]:
        """The versions of the tables that it keeps."""
        return _versions(self.writes)

    def definition_hash(self) -> str:
        value = json.dumps(self.definition() if self.definition else None, sort_keys=True, default=str)
        return hashlib.blake2b(value.encode(), digest_size=16).hexdigest()


def _versions(names: Callable[[], Iterable[str]] | None) -> dict[str, int | None]:
    now = snapshot()
    return {name: now.version_of(name) for name in sorted(names() if names else [])}


_stages: dict[str, RefreshStage] = {}


def register(stage: RefreshStage) -> None:
    _stages[stage.name] = stage


def find(name: str) -> RefreshStage | None:
    return _stages.get(name)


def in_order() -> list[RefreshStage]:
    """Every stage after those that it names in `after`; otherwise as in `ORDER`, then by name.

    Raises InvalidInput when stages wait for each other in a circle. Unknown names in `after` do not count.
    """
    rank = {name: index for index, name in enumerate(ORDER)}
    waiting = sorted(_stages.values(), key=lambda stage: (rank.get(stage.name, len(ORDER)), stage.name))
    ordered: list[RefreshStage] = []
    while waiting:
        placed = {stage.name for stage in ordered}
        ready = [s for s in waiting if all(name in placed or name not in _stages for name in s.after)]
        if not ready:
            raise InvalidInput(
                _("These steps wait for each other: %(names)s.") % {"names": ", ".join(s.name for s in waiting)}
            )
        ordered.append(ready[0])
        waiting.remove(ready[0])
    return ordered


def chosen(names: Sequence[str] | None) -> list[RefreshStage]:
    """The named stages in order, all without names. Raises InvalidInput for an unknown name."""
    stages = in_order()
    if not names:
        return stages
    known = [stage.name for stage in stages]
    for name in names:
        if name not in known:
            alike = ", ".join(near(name, known)) or ", ".join(known)
            raise InvalidInput(
                _("There is no step “%(name)s”. Choose from: %(alike)s.") % {"name": name, "alike": alike}, place=name
            )
    return [stage for stage in stages if stage.name in names]
