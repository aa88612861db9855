"""Who is in which segment: the table `segments.members`, written for all segments in one publication."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.errors import KindredError
from lake.queries import Snapshot, snapshot
from lake.services import stage
from lake.specs import STRING, TIMESTAMP, ColumnSpec, TableSpec
from rules import services
from rules.catalog import ID, MEMBERS, PROFILES
from segments.models import Segment, SegmentRun

logger = logging.getLogger(__name__)

INSTANT = "timestamp('UTC', 6)"  # how the lake keeps times
LOCK = 7_204_151  # any number: refreshes of members wait for each other on it, so none overwrites another's answer
SCHEMA = pa.schema(
    [("segment", pa.string()), (ID, pa.string()), ("since", pa.timestamp("us", tz="UTC"))],
)


@dataclass(frozen=True)
class MembersReport:
    """`sizes` by short name; `problems` by short name: these keep the members that they had."""

    sizes: dict[str, int] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(self.sizes.values())


def refresh_members(context: Any = None, only: Collection[str] | None = None) -> MembersReport:
    """Writes the members of all live segments (or of `only` these short names anew) in one publication.

    Who stays keeps `since`. A segment whose rule cannot be answered keeps its members and shows its problem; the others
    go on. Segments that are no longer live lose their members.
    """
    with _one_after_another():
        return _Refresh(context, only).run()


@contextmanager
def _one_after_another() -> Iterator[None]:
    """By a lock of the connection. In a transaction the first progress would hold the job's row until the end: nobody
    could see it, and whoever cancelled the job would wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


class _Refresh:
    def __init__(self, context: Any, only: Collection[str] | None) -> None:
        self.context = context
        self.lake: Snapshot = snapshot()
        self.now: datetime = services.moment()
        self.live = list(Segment.objects.filter(state=Segment.State.LIVE).order_by("slug"))
        self.asked = [s for s in self.live if only is None or s.slug in only]
        self.problems: dict[str, str] = {}

    def run(self) -> MembersReport:
        answers = {segment.slug: self._answer(segment) for segment in self.asked}
        try:
            sizes = self._publish({slug: answer for slug, answer in answers.items() if answer is not None})
        except (KindredError, SoftTimeLimitExceeded):
            raise
        except Exception:
            logger.exception("segments are asked one by one: all together failed")
            sizes = self._publish(self._that_work(answers))
        return MembersReport(sizes, self.problems)

    def _answer(self, segment: Segment) -> ir.Table | None:
        self._progress(segment)
        try:
            return services.members(segment.rule, self.lake, self.now)
        except KindredError as error:
            self.problems[segment.slug] = str(error)
            return None

    def _that_work(self, answers: dict[str, ir.Table | None]) -> dict[str, ir.Table]:
        """The expressions that the engine can answer; the rest become problems."""
        working: dict[str, ir.Table] = {}
        for slug, answer in answers.items():
            if answer is None:
                continue
            try:
                self.lake.scalar(answer.count())
            except Exception as error:
                logger.exception("segment %s cannot be answered", slug)
                self.problems[slug] = _("The rule could not be answered: %(why)s") % {"why": type(error).__name__}
            else:
                working[slug] = answer
        return working

    def _publish(self, answers: dict[str, ir.Table]) -> dict[str, int]:
        work = stage()
        spec = TableSpec(
            name=MEMBERS,
            label=gettext_noop("Segment members"),
            grain=gettext_noop("segment and member"),
            key=["segment", ID],
            columns=[ColumnSpec("segment", STRING), ColumnSpec(ID, STRING), ColumnSpec("since", TIMESTAMP)],
        )
        found = self._members(answers)
        work.write(spec, SCHEMA.empty_table() if found is None else found, sort_by=("segment", ID))
        with transaction.atomic():
            work.publish("segments")
            return self._record(snapshot())

    def _members(self, answers: dict[str, ir.Table]) -> ir.Table | None:
        """(segment, profile_id, since) of everybody: who was there keeps since, and kept segments keep everything."""
        parts = [
            answer.select(ID).mutate(segment=ibis.literal(slug)).select("segment", ID)
            for slug, answer in answers.items()
        ]
        before = self._before()
        now = ibis.literal(self.now.astimezone(UTC), type=INSTANT)
        found = None
        if parts:
            found = ibis.union(*parts, distinct=False) if len(parts) > 1 else parts[0]
            if before is None:
                found = found.mutate(since=now)
            else:
                joined = found.left_join(before, ["segment", ID])
                found = joined.select(found.segment, found[ID], since=before.since.fill_null(now))
        kept = [segment.slug for segment in self.live if segment.slug not in answers]
        if before is None or not kept:
            return found
        rest = before.filter(before.segment.isin(kept)).select("segment", ID, "since")
        return rest if found is None else found.union(rest, distinct=False)

    def _before(self) -> ir.Table | None:
        return self.lake.table(MEMBERS) if self.lake.has(MEMBERS) else None

    def _record(self, after: Snapshot) -> dict[str, int]:
        """Sizes, problems and the history of what was asked; returns the sizes of what could be answered."""
        table = after.table(MEMBERS)
        new = ibis.literal(self.now.astimezone(UTC), type=INSTANT)
        rows = after.arrow(
            table.group_by("segment").aggregate(size=table.count(), joined=(table.since == new).sum())
        ).to_pylist()
        sizes = {row["segment"]: (int(row["size"]), int(row["joined"] or 0)) for row in rows}
        before = self._sizes_before()
        of_all = self.lake.info(PROFILES).rows if self.lake.has(PROFILES) else 0
        runs = []
        for segment in self.asked:
            segment.problem = self.problems.get(segment.slug, "")
            if not segment.problem:
                segment.size, joined = sizes.get(segment.slug, (0, 0))
                segment.refreshed_at = self.now
                left = max(0, before.get(segment.slug, 0) + joined - segment.size)
                runs.append(
                    SegmentRun(segment=segment, at=self.now, size=segment.size, of_all=of_all, joined=joined, left=left)
                )
        Segment.objects.bulk_update(self.asked, ["size", "refreshed_at", "problem"])
        SegmentRun.objects.bulk_create(runs)
        return {segment.slug: int(segment.size or 0) for segment in self.asked if not segment.problem}

    def _sizes_before(self) -> dict[str, int]:
        table = self._before()
        if table is None:
            return {}
        rows = self.lake.arrow(table.group_by("segment").aggregate(size=table.count())).to_pylist()
        return {row["segment"]: int(row["size"]) for row in rows}

    def _progress(self, segment: Segment) -> None:
        if self.context is not None:
            self.context.check_cancelled()
            self.context.progress(self.asked.index(segment), len(self.asked), segment.name)
