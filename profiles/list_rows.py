"""The customers of the list page: searched, filtered and paged in the serving copy."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from core.list_filters import Filter
from profiles import queries
from profiles.models import Profile


def _ids(query: str) -> QuerySet[Profile, Any]:
    """Ids of all who are found. Where they are few the limit, which changes nothing, keeps the database from walking
    everybody in the order of names until it has met enough of them: seconds for a rare word among a million."""
    found = queries.matching(query)
    few = queries.counted(found) < queries.COUNTED
    return found.values("pk")[: queries.COUNTED] if few else found.values("pk")


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
            rows = rows.filter(pk=found.pk) if found else rows.filter(pk__in=_ids(query))
        return CustomerRows(queries.with_facets(rows, facets).order_by(order or "sort_name", "pk"))

    def count(self) -> int:
        return queries.counted(self._rows)

    def slice(self, start: int, stop: int) -> Sequence[Profile]:
        return list(self._rows[start:stop])

    def all(self) -> Iterator[Profile]:
        return self._rows.iterator(chunk_size=2000)
