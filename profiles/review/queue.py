"""The questions of the last run with their answers; how far one is, and what the answers say of quality."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import ibis
import pyarrow as pa

from lake.queries import Snapshot, snapshot
from profiles.decisions import services as decisions
from profiles.decisions.services import PAIR, Pair
from profiles.models import Profile, UnificationRun
from profiles.tables import LINKS, REVIEW
from profiles.unify.judging import quality
from profiles.unify.judging.quality import Estimate, Stratum
from profiles.unify.judging.questions import SAMPLE

QUEUE = "queue"
MODES = (QUEUE, SAMPLE)
_SHOWN = ["number", *PAIR, "left_profile", "right_profile", "reason", "stratum", "probability", "gain"]


@dataclass(frozen=True)
class Question:
    """A pair to be decided. `reason`: a kind of `unify.judging.review`, or "sample". `verdict`: "" if open. A record
    of a table that only adds to customers may have an id and be of none."""

    number: int
    pair: Pair
    left_profile: str
    right_profile: str
    reason: str
    stratum: str
    probability: float | None
    gain: float
    verdict: str = ""
    left_is_customer: bool = True
    right_is_customer: bool = True
    left_name: str = ""
    right_name: str = ""

    @property
    def pk(self) -> int:
        return self.number

    @property
    def is_joined(self) -> bool:
        """Whether the last run took them for one person."""
        return self.left_profile == self.right_profile

    @property
    def left_customer(self) -> str | None:
        return self.left_profile if self.left_is_customer else None

    @property
    def right_customer(self) -> str | None:
        return self.right_profile if self.right_is_customer else None

    @property
    def left(self) -> str:
        return f"{self.pair.left_table} {self.pair.left_id}"

    @property
    def right(self) -> str:
        return f"{self.pair.right_table} {self.pair.right_id}"


@dataclass(frozen=True)
class Details:
    """What the two records held at the time of the run, by column, and what each aspect adds to the evidence."""

    left: dict[str, str]
    right: dict[str, str]
    reasons: list[dict[str, Any]]


@dataclass(frozen=True)
class Progress:
    answered: int
    total: int

    @property
    def left(self) -> int:
        return self.total - self.answered


@dataclass(frozen=True)
class Quality:
    """`answers` to the sample so far; an estimate is None while there are too few."""

    answers: int
    total: int
    precision: Estimate | None
    recall: Estimate | None


def questions(now: Snapshot | None = None, mode: str = "") -> list[Question]:
    """All of the last run in the order in which they are best asked, with the answers that they have by now.

    Cost: the table of at most a few thousand rows once per publication, and one query.
    """
    now = now or snapshot()
    if not now.has(REVIEW):
        return []
    every = [q for q in _published(now) if not mode or (q.reason == SAMPLE) == (mode == SAMPLE)]
    known = decisions.verdicts(question.pair for question in every)
    return [replace(q, verdict=known[q.pair]) if q.pair in known else q for q in every]


@lru_cache(maxsize=2)
def _published(now: Snapshot) -> tuple[Question, ...]:
    rows = now.arrow(now.table(REVIEW).select(*_SHOWN).order_by("number")).to_pylist()
    known = _customers(now, {row[side] for row in rows for side in ("left_profile", "right_profile")})
    return tuple(
        Question(
            pair=Pair(*(row.pop(name) for name in PAIR)),
            left_is_customer=row["left_profile"] in known,
            right_is_customer=row["right_profile"] in known,
            **row,
        )
        for row in rows
    )


def _customers(now: Snapshot, ids: Collection[str]) -> set[str]:
    """Which of these ids are customers."""
    asked = ibis.memtable(pa.table({"profile_id": pa.array(sorted(ids), pa.string())}))
    found = now.table(LINKS).select("profile_id").semi_join(asked, "profile_id").distinct()
    return set(now.arrow(found).column("profile_id").to_pylist())


def details(now: Snapshot, number: int) -> Details:
    row = now.lookup(REVIEW, {"number": number}, ["left_values", "right_values", "reasons"], 1).to_pylist()[0]
    return Details(json.loads(row["left_values"]), json.loads(row["right_values"]), json.loads(row["reasons"]))


def following(every: Sequence[Question], after: int = 0, back: bool = False) -> Question | None:
    """The next open question after a number (or the one before it); at the end, it begins anew."""
    still = [q for q in every if not q.verdict]
    if back:
        return next((q for q in reversed(still) if q.number < after), still[-1] if still else None)
    return next((q for q in still if q.number > after), still[0] if still else None)


def named(every: Sequence[Question]) -> list[Question]:
    """With what the customers of both records are called; one query."""
    ids = {profile for q in every for profile in (q.left_profile, q.right_profile)}
    names = dict(Profile.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        replace(q, left_name=names.get(q.left_profile, ""), right_name=names.get(q.right_profile, "")) for q in every
    ]


def progress(every: Sequence[Question]) -> Progress:
    return Progress(sum(1 for q in every if q.verdict), len(every))


def measured(every: Sequence[Question]) -> Quality:
    """From the answers to the sample; don't-knows count as no answer."""
    sample = [q for q in every if q.reason == SAMPLE]
    told = [q for q in sample if q.verdict in (decisions.Verdict.JOIN, decisions.Verdict.APART)]
    strata = [_with_answers(Stratum(**raw), told) for raw in UnificationRun.latest_report().get("strata", [])]
    return Quality(len(told), len(sample), quality.precision(strata), quality.recall(strata))


def _with_answers(stratum: Stratum, told: Sequence[Question]) -> Stratum:
    mine = [q for q in told if q.stratum == stratum.name]
    right = sum(1 for q in mine if q.verdict == decisions.Verdict.JOIN)
    return replace(stratum, answered=len(mine), right=right)


def last_run() -> datetime | None:
    return UnificationRun.objects.values_list("at", flat=True).first()
