"""One person's activities of all kinds, newest first. Higher rooms add what they know (messages) as providers."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ibis

from lake.queries import Snapshot, snapshot
from profiles.activities import ACTIVITIES

PAGE_SIZE = 25


@dataclass(frozen=True)
class Activity:
    """`amount` is in minor units of `currency`. `key` orders activities of the same moment."""

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


Provider = Callable[[str, datetime.datetime | None, int], list[Activity]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """`provider(profile_id, before, limit)`: the newest activities at or before a time, newest first, within 20 ms."""
    if provider not in _providers:
        _providers.append(provider)


def timeline(profile_id: str, types: Sequence[str] = (), before: str = "", limit: int = PAGE_SIZE) -> Page:
    """The next `limit` activities of these types (all: none named) before a cursor. Unreadable cursors start anew."""
    start, key = _parse(before)
    found = _from_lake(snapshot(), profile_id, types, start, key, limit + 1)
    for provider in _providers:
        found += [item for item in provider(profile_id, start, limit + 1) if not types or item.type in types]
    newest = sorted(found, key=lambda item: (-item.time.timestamp(), item.key))
    if start is not None:
        newest = [item for item in newest if item.time < start or (item.time == start and item.key > key)]
    items = newest[:limit]
    return Page(items, items[-1].cursor if len(newest) > limit else "")


def types_of(profile_id: str) -> dict[str, int]:
    """How many activities of each type a person has, the most frequent first."""
    now = snapshot()
    counts: dict[str, int] = {}
    if now.has(ACTIVITIES):
        table = now.table(ACTIVITIES)
        mine = table.filter(table.profile_id == profile_id).group_by("type").agg(count=lambda t: t.count())
        counts = {row["type"]: row["count"] for row in now.arrow(mine).to_pylist()}
    for provider in _providers:
        for item in provider(profile_id, None, 500):
            counts[item.type] = counts.get(item.type, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _parse(before: str) -> tuple[datetime.datetime | None, str]:
    moment, _sign, key = before.partition("~")
    try:
        start = datetime.datetime.fromisoformat(moment)
    except ValueError:
        return None, ""
    return (start if start.tzinfo else start.replace(tzinfo=datetime.UTC)), key


def _from_lake(
    now: Snapshot, profile_id: str, types: Sequence[str], start: datetime.datetime | None, key: str, limit: int
) -> list[Activity]:
    if not now.has(ACTIVITIES):
        return []
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
