"""The customers of the list page: searched, filtered and paged in the serving copy."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from core.list_filters import Filter
from profiles.customers import queries
from profiles.models import Profile
from profiles.search.finding import EVERYBODY, EXPORT_SECONDS, LISTED, SECONDS, Found

FETCHED = 2000


class CustomerRows:
    """`core.lists.Rows` over profiles. A search lists its best 1,000, best first or from the end of the alphabet;
    other counts stop at 10,000: who wants to go further narrows the search. An export has everybody."""

    def __init__(
        self, rows: QuerySet[Profile], query: str = "", facets: Sequence[tuple[str, str]] = (), order: str = "sort_name"
    ) -> None:
        self._rows, self._query, self._facets, self._order = rows, query, facets, order

    def narrow(
        self, query: str, search: Sequence[str], filters: Sequence[Filter], values: Mapping[str, Any], order: str
    ) -> "CustomerRows":
        facets = [(item.key, str(values[item.key])) for item in filters if item.key in values]
        rows = queries.with_facets(self._rows, facets).order_by(order or "sort_name", "pk")
        return CustomerRows(rows, query, facets, order or "sort_name")

    @cached_property
    def _found(self) -> Found:
        return self._find()

    @property
    def more(self) -> bool:
        """Whether there are others than those that can be paged to."""
        return self._found.more if self._query else self.count() >= queries.COUNTED

    def count(self) -> int:
        return len(self._found.ids) if self._query else self._counted

    @cached_property
    def _counted(self) -> int:
        return queries.counted(self._rows)

    def slice(self, start: int, stop: int) -> Sequence[Profile]:
        return self._fetched(self._found.ids[start:stop]) if self._query else list(self._rows[start:stop])

    def all(self) -> Iterator[Profile]:
        if not self._query:
            yield from self._rows.iterator(chunk_size=FETCHED)
            return
        ids = self._find(EVERYBODY, EXPORT_SECONDS).ids
        for start in range(0, len(ids), FETCHED):
            yield from self._fetched(ids[start : start + FETCHED])

    def _find(self, most: int = LISTED, seconds: float = SECONDS) -> Found:
        if self._rows.query.is_empty():  # nobody may be seen
            return Found()
        found = queries.found(self._query, self._facets, most, seconds)
        if self._order.startswith("-"):
            names = dict(self._rows.filter(pk__in=found.ids).values_list("pk", "sort_name"))
            return Found(sorted(names, key=lambda pk: (names[pk], pk), reverse=True), found.more)
        return found

    def _fetched(self, ids: Sequence[str]) -> list[Profile]:
        rows = self._rows.order_by().in_bulk(list(ids))
        return [rows[pk] for pk in ids if pk in rows]
