"""Members as rows of a list page: a page at a time from the lake, names from the serving copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.urls import reverse

from core.list_filters import Filter
from lake.queries import Snapshot, snapshot
from profiles.customers import queries
from profiles.models import Profile
from rules import services
from rules.catalog import ID, MEMBERS
from segments.models import Segment

SEARCHED = 20_000  # customers of one search, at most
BATCH = 5_000


@dataclass(frozen=True)
class Member:
    """One row. `since` is None for drafts, whose members are not kept."""

    id: str
    name: str
    email: str
    phone: str
    since: datetime | None
    segment: str

    @property
    def why_url(self) -> str:
        """Where the membership is explained."""
        return f"{reverse('segments:explain', args=[self.segment])}?{urlencode({'profile': self.id})}"

    @property
    def label(self) -> str:
        return self.name or self.email or self.phone or self.id

    def get_absolute_url(self) -> str:
        return reverse("profiles:detail", args=[self.id])


@dataclass(frozen=True)
class MemberRows:
    """Rows of `core.lists`: those of the last refresh of a live segment, else those who meet the rule now."""

    segment: Segment
    lake: Snapshot
    query: str = ""
    order: str = ""

    @classmethod
    def of(cls, segment: Segment) -> MemberRows:
        return cls(segment, snapshot())

    def narrow(
        self, query: str, search: Sequence[str], filters: Sequence[Filter], values: Mapping[str, Any], order: str
    ) -> MemberRows:
        return replace(self, query=query, order=order)

    def count(self) -> int:
        return int(self.lake.scalar(self._table.count()))

    def slice(self, start: int, stop: int) -> list[Member]:
        rows = self.lake.arrow(self._ordered().limit(stop - start, offset=start)).to_pylist()
        return _named(rows, self.segment.slug)

    def all(self) -> Iterator[Member]:
        for batch in self.lake.batches(self._ordered(), BATCH):
            yield from _named(batch.to_pylist(), self.segment.slug)

    def _ordered(self) -> ir.Table:
        table = self._table
        if self.order.lstrip("-") == "since":
            return table.order_by([ibis.desc("since") if self.order.startswith("-") else ibis.asc("since"), ID])
        return table.order_by(ID)

    @cached_property
    def _table(self) -> ir.Table:
        table = self._everyone()
        if not self.query:
            return table
        ids = pa.table({ID: pa.array(queries.found(self.query, most=SEARCHED).ids, pa.string())})
        return table.semi_join(ibis.memtable(ids), ID)

    def _everyone(self) -> ir.Table:
        if self.segment.is_live and self.segment.refreshed_at and self.lake.has(MEMBERS):
            members = self.lake.table(MEMBERS)
            return members.filter(members.segment == self.segment.slug).select(ID, "since")
        return services.members(self.segment.rule, self.lake).mutate(since=ibis.null("timestamp('UTC', 6)"))


def _named(rows: list[dict[str, Any]], segment: str) -> list[Member]:
    known = {p.pk: p for p in Profile.objects.filter(pk__in=[row[ID] for row in rows]).defer("attributes", "search")}
    found = []
    for row in rows:
        profile = known.get(row[ID])
        names = (profile.name, profile.email, profile.phone) if profile else ("", "", "")
        found.append(Member(row[ID], *names, row["since"], segment))
    return found
