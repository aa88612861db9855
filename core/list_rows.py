"""Where a list page's rows come from: a queryset, a list in memory, or anything with the same four methods."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, Self, runtime_checkable

from django.db.models import Q, QuerySet
from django.utils.functional import SimpleLazyObject

from core.list_cells import raw_value
from core.list_filters import Filter
from core.text import fold


@runtime_checkable
class Rows(Protocol):
    """A source of rows, for example one backed by the lake. `narrow` returns a new source; it must not read yet.

    `values` maps a filter's key to its non-empty value; `order` is a sort key with "-" in front for descending, or "".
    A source that does not list all it found says so by an attribute `more` that is true.
    """

    def narrow(
        self, query: str, search: Sequence[str], filters: Sequence[Filter], values: Mapping[str, Any], order: str
    ) -> Self: ...

    def count(self) -> int: ...

    def slice(self, start: int, stop: int) -> Sequence[Any]: ...

    def all(self) -> Iterator[Any]: ...


class QueryRows:
    """Rows of the operational database. A query's words must all be found, each in any of the searched fields.

    `shared`: what all rows have in common, by the attribute that it becomes; made once, when it is first looked at.
    """

    def __init__(self, queryset: QuerySet[Any], **shared: Callable[[], Any]) -> None:
        self.queryset, self.shared = queryset, shared

    def narrow(
        self, query: str, search: Sequence[str], filters: Sequence[Filter], values: Mapping[str, Any], order: str
    ) -> "QueryRows":
        rows = self.queryset
        for word in query.split()[:10] if search else []:
            found = Q()
            for name in search:
                found |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(found)
        for item in filters:
            if item.key in values:
                rows = item.apply(rows, values[item.key])
        return QueryRows(rows.order_by(order, "pk") if order else rows, **self.shared)

    def count(self) -> int:
        return self.queryset.count()

    def slice(self, start: int, stop: int) -> Sequence[Any]:
        return list(self._sharing(self.queryset[start:stop]))

    def all(self) -> Iterator[Any]:
        return self._sharing(self.queryset.iterator(chunk_size=2000))

    def _sharing(self, rows: Iterable[Any]) -> Iterator[Any]:
        common = {name: SimpleLazyObject(make) for name, make in self.shared.items()}
        for row in rows:
            for name, value in common.items():
                setattr(row, name, value)
            yield row


class MemoryRows:
    """Rows that are in memory already: objects or dictionaries. Search and sort ignore case and accents."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.rows = rows

    def narrow(
        self, query: str, search: Sequence[str], filters: Sequence[Filter], values: Mapping[str, Any], order: str
    ) -> "MemoryRows":
        rows: Sequence[Any] = self.rows
        words = fold(query).split() if search else []
        if words:
            texts = ((row, fold(" ".join(str(raw_value(row, name) or "") for name in search))) for row in rows)
            rows = [row for row, text in texts if all(word in text for word in words)]
        for item in filters:
            if item.key in values:
                rows = [row for row in rows if item.matches(row, values[item.key])]
        if order:
            rows = sorted(rows, key=lambda row: _order(raw_value(row, order.lstrip("-"))), reverse=order[0] == "-")
        return MemoryRows(rows)

    def count(self) -> int:
        return len(self.rows)

    def slice(self, start: int, stop: int) -> Sequence[Any]:
        return self.rows[start:stop]

    def all(self) -> Iterator[Any]:
        return iter(self.rows)


def _order(value: Any) -> tuple[bool, Any]:
    """Missing values sort as the smallest."""
    return (value is not None, fold(value) if isinstance(value, str) else value if value is not None else 0)
