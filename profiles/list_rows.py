"""The customers of the list page: searched, filtered and paged in the serving copy."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from core.list_filters import Filter
from profiles import queries
from profiles.models import Profile


class CustomerRows:
    """`core.lists.Rows` over profiles. Counts stop at 10,000: who wants to go further narrows the search."""

    def __init__(self, rows: QuerySet[Profile]) -> None:
        self._rows = rows

    def narrow(
        self, query: str, search: Sequence[str], filters: Sequence[Filter], values: Mapping[str, Any], order: str
    ) -> "CustomerRows":
        rows = self._rows
        facets = [(item.key, str(values[item.key])) for item in filters if item.key in values]
        if query:
            found = queries.exact_id(query)
            rows = rows.filter(pk=found.pk) if found else rows.filter(pk__in=queries.matching(query).values("pk"))
        return CustomerRows(queries.with_facets(rows, facets).order_by(order or "sort_name", "pk"))

    def count(self) -> int:
        return queries.counted(self._rows)

    def slice(self, start: int, stop: int) -> Sequence[Profile]:
        return list(self._rows[start:stop])

    def all(self) -> Iterator[Profile]:
        return self._rows.iterator(chunk_size=2000)
