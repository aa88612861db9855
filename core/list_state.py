"""What `components/list.html` draws: one page of a list as somebody asked for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest
from django.urls import reverse

from core.list_cells import Cell
from core.list_filters import Filter
from core.list_parts import BulkAction, Column, Empty

PAGE_SIZES = (25, 50, 100, 250)


class Declared(Protocol):
    """The part of a list's declaration (`core.lists.ListPage`) that its state needs."""

    @property
    def name(self) -> str: ...
    @property
    def columns(self) -> Sequence[Column]: ...
    @property
    def filters(self) -> Sequence[Filter]: ...
    @property
    def empty(self) -> Empty | None: ...
    @property
    def export(self) -> bool: ...


@dataclass
class State:
    """What `components/list.html` draws."""

    page: Declared
    request: HttpRequest
    columns: list[Column]
    rows: list[tuple[str, str, list[Cell]]]
    total: int
    number: int
    size: int
    sort: str
    query: str
    filters: list[dict[str, Any]]
    bulk: list[BulkAction]
    views: list[Any]
    narrowed: bool
    more: bool = False

    @property
    def id(self) -> str:
        return f"list-{self.page.name}"

    @property
    def picks(self) -> bool:
        """Whether there is something to do with picked rows."""
        return bool(self.bulk) or self.page.export

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return min(self.total, (self.number - 1) * self.size + 1)

    @property
    def last(self) -> int:
        return min(self.total, self.number * self.size)

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None

    @property
    def all_columns(self) -> list[tuple[Column, bool]]:
        return [(column, column in self.columns) for column in self.page.columns]

    @property
    def heads(self) -> list[dict[str, Any]]:
        return [_head(column, self.sort) for column in self.columns]

    @property
    def empty_url(self) -> str:
        """The empty state's action, for those who may do it."""
        empty = self.page.empty
        if not empty or (empty.permission and not self.request.user.has_perm(empty.permission)):
            return ""
        return empty.url if empty.url.startswith("/") or not empty.url else reverse(empty.url)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the search form carries along in the URL besides its own fields."""
        return self._kept("q", "page", *self._filter_keys())

    @property
    def kept_but_columns(self) -> list[tuple[str, str]]:
        return self._kept("columns", "page")

    @property
    def kept_but_size(self) -> list[tuple[str, str]]:
        return self._kept("size", "page")

    def _filter_keys(self) -> list[str]:
        keys = [item.key for item in self.page.filters]
        return keys + [f"{key}_{end}" for key in keys for end in ("from", "to")]

    def _kept(self, *without: str) -> list[tuple[str, str]]:
        query = self.request.GET
        return [(key, value) for key, values in query.lists() for value in values if key not in without and value]

    @property
    def sizes(self) -> tuple[int, ...]:
        return PAGE_SIZES


def _head(column: Column, sort: str) -> dict[str, Any]:
    up = sort == column.key
    down = sort == f"-{column.key}"
    first = f"-{column.key}" if column.is_number or column.kind in {"date", "ago"} else column.key
    following = (f"-{column.key}" if up else column.key) if up or down else first
    return {"column": column, "next": following, "up": up, "down": down, "aria": "ascending" if up else "descending"}
