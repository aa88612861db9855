"""One person's activities of all kinds, newest first. Higher rooms add what they know (messages) as providers."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
from django.contrib.auth.models import User

from core.text import humanize
from lake.queries import Snapshot, snapshot
from profiles.activities.stage import ACTIVITIES, COLUMNS

PAGE_SIZE = 25
# Who has no more than so many activities, and that is nearly everybody, has them read at once and put in order here.
FEW = 1_000
PROVIDED = 500  # what a provider is asked for to count its kinds


@dataclass(frozen=True)
class Activity:
    """`amount` is in minor units of `currency`. `key` orders activities of the same moment. `label`: the kind in words,
    made from `type` where empty."""

    time: datetime.datetime
    type: str
    title: str
    amount: int | None = None
    currency: str = ""
    url: str = ""
    source: str = ""
    table: str = ""
    record_id: str = ""
    icon: str = ""
    label: str = ""

    @property
    def kind(self) -> str:
        return self.label or humanize(self.type)

    @property
    def key(self) -> str:
        return "|".join((self.type, self.source, self.table, self.record_id))

    @property
    def cursor(self) -> str:
        """Where the next page begins."""
        return f"{self.time.isoformat()}~{self.key}"


@dataclass(frozen=True)
class Page:
    """`next` is the `before` of the following page, "" at the end."""

    items: list[Activity]
    next: str = ""


@dataclass(frozen=True)
class Kind:
    """How many activities of one type there are."""

    type: str
    label: str
    count: int


Provider = Callable[[User | None, str, datetime.datetime | None, int], list[Activity]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """`provider(user, profile_id, before, limit)`: the newest activities at or before a time that the user may see (the
    system, None, sees all), newest first, within 20 ms."""
    if provider not in _providers:
        _providers.append(provider)


def timeline(
    profile_id: str, types: Sequence[str] = (), before: str = "", limit: int = PAGE_SIZE, user: User | None = None
) -> Page:
    """The next `limit` activities of these types (all: none named) before a cursor. Unreadable cursors start anew."""
    return _page(_all_of(snapshot(), profile_id), profile_id, types, before, limit, user)


def timeline_with_kinds(profile_id: str, types: Sequence[str], user: User | None) -> tuple[Page, list[Kind]]:
    """The first page, and what kinds there are, the most frequent first: the activities are read once for both."""
    now = snapshot()
    few = _all_of(now, profile_id)
    page = _page(few, profile_id, types, "", PAGE_SIZE, user)
    counts = _counted(now, profile_id) if few is None else {}
    labels: dict[str, str] = {}
    provided = [item for provider in _providers for item in provider(user, profile_id, None, PROVIDED)]
    for item in [*(few or ()), *provided]:
        counts[item.type] = counts.get(item.type, 0) + 1
        labels[item.type] = item.kind
    kinds = [Kind(kind, labels.get(kind) or humanize(kind), count) for kind, count in counts.items()]
    return page, sorted(kinds, key=lambda kind: (-kind.count, kind.type))


def _page(
    few: list[Activity] | None, profile_id: str, types: Sequence[str], before: str, limit: int, user: User | None
) -> Page:
    start, key = _parse(before)
    found = list(few) if few is not None else _newest(snapshot(), profile_id, types, start, key, limit + 1)
    for provider in _providers:
        found += provider(user, profile_id, start, max(limit + 1, PROVIDED))
    if types:
        found = [item for item in found if item.type in types]
    if start is not None:
        found = [item for item in found if item.time < start or (item.time == start and item.key > key)]
    newest = sorted(found, key=lambda item: (-item.time.timestamp(), item.key))
    items = newest[:limit]
    return Page(items, items[-1].cursor if len(newest) > limit else "")


def _counted(now: Snapshot, profile_id: str) -> dict[str, int]:
    table = now.table(ACTIVITIES)
    mine = table.filter(table.profile_id == profile_id).group_by("type").agg(count=lambda t: t.count())
    return {row["type"]: row["count"] for row in now.arrow(mine).to_pylist()}


def _all_of(now: Snapshot, profile_id: str) -> list[Activity] | None:
    """What the lake has of a person; None where that is much."""
    if not now.has(ACTIVITIES):
        return []
    rows = now.lookup(ACTIVITIES, {"profile_id": profile_id}, COLUMNS[1:], FEW + 1)
    return None if rows.num_rows > FEW else [_activity(row) for row in rows.to_pylist()]


def _parse(before: str) -> tuple[datetime.datetime | None, str]:
    moment, _sign, key = before.partition("~")
    try:
        start = datetime.datetime.fromisoformat(moment)
    except ValueError:
        return None, ""
    return (start if start.tzinfo else start.replace(tzinfo=datetime.UTC)), key


def _newest(
    now: Snapshot, profile_id: str, types: Sequence[str], start: datetime.datetime | None, key: str, limit: int
) -> list[Activity]:
    rows = now.table(ACTIVITIES)
    rows = rows.filter(rows.profile_id == profile_id)
    if types:
        rows = rows.filter(rows.type.isin(list(types)))
    keyed = rows.mutate(key=rows.type + "|" + rows.source + "|" + rows.table + "|" + rows.record_id)
    if start is not None:
        moment = ibis.literal(start, "timestamp('UTC')")
        keyed = keyed.filter((keyed.time < moment) | ((keyed.time == moment) & (keyed.key > key)))
    newest = keyed.order_by(ibis.desc("time"), "key").drop("profile_id", "key")
    return [_activity(row) for row in now.arrow(newest, limit).to_pylist()]


def _activity(row: dict[str, Any]) -> Activity:
    return Activity(**{name: value for name, value in row.items() if value is not None})
