"""Filters of list pages. Their values live in the URL."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise

from core.list_cells import raw_value

Text = str | Promise
Choices = Iterable[tuple[Any, Text]]


@dataclass(frozen=True)
class Filter:
    """Base: one key in the URL, compared with one field (`field` where it differs from `key`)."""

    key: str
    label: Text
    field: str = ""

    kind = "text"

    @property
    def path(self) -> str:
        return self.field or self.key

    def value(self, query: QueryDict) -> Any:
        return query.get(self.key, "").strip()

    def apply(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return rows.filter(**{self.path: value})

    def matches(self, row: Any, value: Any) -> bool:
        return bool(str(raw_value(row, self.path)) == value)

    def state(self, query: QueryDict) -> dict[str, Any]:
        value = self.value(query)
        return {"filter": self, "kind": self.kind, "value": value, "active": bool(value), "id": f"filter-{self.key}"}


@dataclass(frozen=True)
class Choice(Filter):
    """One of some values. `choices` may be a function, asked at every request; unknown values are ignored."""

    choices: Choices | Callable[[], Choices] = ()
    by: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None

    kind = "choice"

    def options(self) -> list[tuple[str, Text]]:
        return [(str(value), label) for value, label in (self.choices() if callable(self.choices) else self.choices)]

    def value(self, query: QueryDict) -> str:
        asked = query.get(self.key, "")
        return asked if asked and asked in {value for value, _label in self.options()} else ""

    def apply(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return self.by(rows, value) if self.by else super().apply(rows, value)


@dataclass(frozen=True)
class Flag(Filter):
    """A switch: on narrows the rows to `where` (a Q); in memory, to those whose field is true."""

    where: Q | None = None

    kind = "flag"

    def value(self, query: QueryDict) -> str:
        return "1" if query.get(self.key) == "1" else ""

    def apply(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(self.where if self.where is not None else Q(**{self.path: True}))

    def matches(self, row: Any, value: str) -> bool:
        return bool(raw_value(row, self.path))


@dataclass(frozen=True)
class DateRange(Filter):
    """From and to, both inclusive, as days in the reader's time zone: `<key>_from`, `<key>_to`."""

    kind = "dates"

    def value(self, query: QueryDict) -> Mapping[str, date]:
        days = {end: _day(query.get(f"{self.key}_{end}", "")) for end in ("from", "to")}
        return {end: day for end, day in days.items() if day}

    def apply(self, rows: QuerySet[Any], value: Mapping[str, date]) -> QuerySet[Any]:
        """Points in time are compared with where days begin: an index finds those, but no day of a point in time."""
        begins = _begins if _is_moment(rows, self.path) else (lambda day: day)
        if "from" in value:
            rows = rows.filter(**{f"{self.path}__gte": begins(value["from"])})
        if "to" in value:
            rows = rows.filter(**{f"{self.path}__lt": begins(value["to"] + timedelta(days=1))})
        return rows

    def matches(self, row: Any, value: Mapping[str, date]) -> bool:
        found = raw_value(row, self.path)
        if found is None:
            return False
        day = timezone.localtime(found).date() if isinstance(found, datetime) else found
        return value.get("from", date.min) <= day <= value.get("to", date.max)


def _is_moment(rows: QuerySet[Any], path: str) -> bool:
    model: Any = rows.model
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    return name in {f.name for f in model._meta.get_fields()} and (
        model._meta.get_field(name).get_internal_type() == "DateTimeField"
    )


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _day(text: str) -> date | None:
    """None for what is no day, or lies where no time zone has another one before and after it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if MINYEAR < day.year < MAXYEAR else None
