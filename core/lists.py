"""List pages: search, sort, filters, columns and page size in the URL; bulk actions, saved views and CSV export of all
that match, or of what is picked.

    PAGE = ListPage(
        name="segments",
        columns=[Column("name", _("Name"), link=True), Column("size", _("People"), "number")],
        search=["name", "description"],
        filters=[Choice("state", _("State"), choices=Segment.State.choices)],
        bulk=[BulkAction("delete", _("Delete"), delete_many, permission="segments.delete_segment", confirm=_("…"))],
        default_sort="name",
    )
    def list_(request): return PAGE.response(request, Segment.objects.visible_to(request.user), "segments/list.html")

The page template includes `components/list.html`; HTMX fetches that fragment from the same address.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase  # of Django's two kinds of responses; views may return either
from django.shortcuts import render
from django.utils.translation import gettext as _

from core import audit, htmx
from core.csv_files import csv_pieces, csv_response
from core.errors import KindredError
from core.list_cells import Cell, cell, decimals, export_value, raw_value
from core.list_filters import Choice, DateRange, Filter, Flag
from core.list_parts import BulkAction, Column, Empty, Text
from core.list_rows import MemoryRows, QueryRows, Rows
from core.list_state import PAGE_SIZES, State
from core.list_views import apply_saved_view, saved_views
from core.roles import actor
from core.text import whole

EXPORT = "export"  # what every list that may be exported does with picked rows

__all__ = ["BulkAction", "Choice", "Column", "DateRange", "Empty", "Filter", "Flag", "ListPage", "MemoryRows", "Rows"]


@dataclass
class ListPage:
    """A list's declaration. `name` is stable: it names the fragment, saved views and the exported file. `personal`:
    what the audit calls its export ("customer.export"), where it lets data of people out."""

    name: str
    columns: Sequence[Column]
    search: Sequence[str] = ()
    filters: Sequence[Filter] = ()
    bulk: Sequence[BulkAction] = ()
    default_sort: str = ""
    size: int = 50
    export: bool = True
    personal: str = ""
    empty: Empty | None = None
    search_hint: Text = ""
    key: Callable[[Any], str] = field(default=lambda row: str(getattr(row, "pk", None) or _item(row, "id")))
    url: Callable[[Any], str] | None = None
    panel: bool = False  # a row's link opens the side panel

    def response(
        self,
        request: HttpRequest,
        rows: "QuerySet[Any] | Iterable[Any] | Rows",
        template: str,
        extra: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page, its fragment, a CSV file, or the answer to a bulk action or saved view.

        A KindredError of a bulk action becomes a toast.
        """
        source = rows_of(rows)
        if request.method == "POST":
            return self._post(request, source)
        narrowed = self._narrow(request, source)
        if self.export and request.GET.get("export") == "csv":
            return self._file(request, narrowed.all())
        state = self.state(request, source, narrowed)
        is_part = htmx.is_fragment(request) and htmx.details(request).target == state.id
        context = {**(extra or {}), "list": state}
        return render(request, "components/list.html" if is_part else template, context)

    def state(self, request: HttpRequest, source: "Rows", narrowed: "Rows | None" = None) -> State:
        narrowed = narrowed or self._narrow(request, source)
        total = narrowed.count()
        size, number = self._place(request, total)
        columns = self._columns(request)
        shown = list(narrowed.slice((number - 1) * size, number * size))
        least = [decimals(column, shown) for column in columns]
        rows = [self._row(row, columns, least) for row in shown]
        return State(
            page=self, request=request, columns=columns, rows=rows, total=total, number=number, size=size,
            sort=self._sort(request), query=request.GET.get("q", ""),
            filters=[item.state(request.GET) for item in self.filters],
            bulk=[action for action in self.bulk if action.allowed(request)],
            views=saved_views(request, self.name),
            narrowed=bool(request.GET.get("q")) or any(item.value(request.GET) for item in self.filters),
            more=bool(getattr(narrowed, "more", False)),
        )  # fmt: skip

    def _place(self, request: HttpRequest, total: int) -> tuple[int, int]:
        """How many rows a page has, and which page it is."""
        size = _one_of(request.GET.get("size"), PAGE_SIZES, self.size)
        return size, min(max(whole(request.GET.get("page"), 1), 1), max(1, -(-total // size)))

    def _row(self, row: Any, columns: list[Column], least: list[int]) -> tuple[str, str, list[Cell]]:
        address = self.url_of(row)
        cells = [cell(column, row, address, self.panel, n) for column, n in zip(columns, least, strict=True)]
        return self.key(row), address, cells

    def url_of(self, row: Any) -> str:
        if self.url:
            return self.url(row)
        return row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""

    def _narrow(self, request: HttpRequest, source: "Rows") -> "Rows":
        values = {item.key: item.value(request.GET) for item in self.filters if item.value(request.GET)}
        sort = self._sort(request)
        column = next((column for column in self.columns if column.key == sort.lstrip("-")), None)
        order = ("-" if sort.startswith("-") else "") + column.sort_key if column and column.sort_key else ""
        return source.narrow(request.GET.get("q", "").strip(), self.search, self.filters, values, order)

    def _sort(self, request: HttpRequest) -> str:
        asked = request.GET.get("sort", "")
        known = {column.key for column in self.columns if column.sort_key}
        return asked if asked.lstrip("-") in known else self.default_sort

    def _columns(self, request: HttpRequest, exporting: bool = False) -> list[Column]:
        asked = [key for key in ",".join(request.GET.getlist("columns")).split(",") if key]
        chosen = [c for c in self.columns if (c.key in asked if asked else not c.hidden)]
        chosen = chosen or list(self.columns[:1])
        return [column for column in chosen if column.export] if exporting else chosen

    def _post(self, request: HttpRequest, source: "Rows") -> HttpResponse:
        back = HttpResponseRedirect(request.get_full_path())
        if "save_view" in request.POST or "delete_view" in request.POST:
            apply_saved_view(request, self.name)
            return back
        if self.export and request.POST.get("action") == EXPORT:
            return self._file(request, self._picked(request, source), picked=self._picked_count(request))
        action = next((a for a in self.bulk if a.name == request.POST.get("action")), None)
        if action is None or not action.allowed(request):
            raise PermissionDenied
        if request.POST.get("everything"):
            ids = [self.key(row) for row in self._narrow(request, source).all()]
        else:
            ids = request.POST.getlist("row")
        try:
            answer = action.run(request, ids)
        except KindredError as error:
            messages.error(request, error.html)
            return back
        if isinstance(answer, HttpResponseBase):
            return cast(HttpResponse, answer)
        messages.success(request, str(answer or _("Done.")))
        return back

    def _picked(self, request: HttpRequest, source: "Rows") -> Iterator[Any]:
        """In the order of the list: from the page they were picked on, and wherever else they have moved to since."""
        narrowed = self._narrow(request, source)
        if request.POST.get("everything"):
            yield from narrowed.all()
            return
        wanted = set(request.POST.getlist("row"))
        size, number = self._place(request, narrowed.count())
        for rows in (narrowed.slice((number - 1) * size, number * size), narrowed.all()):
            for row in rows if wanted else ():
                if (key := self.key(row)) in wanted:
                    wanted.discard(key)
                    yield row

    def _picked_count(self, request: HttpRequest) -> int | None:
        return None if request.POST.get("everything") else len(request.POST.getlist("row"))

    def _file(self, request: HttpRequest, rows: Iterable[Any], picked: int | None = None) -> HttpResponse:
        if self.personal:
            audit.exported(actor(request), self.personal, page=request.path, picked=picked)
        columns = self._columns(request, exporting=True)
        lines = ([export_value(column, row) for column in columns] for row in rows)
        answer = csv_response(self.name, csv_pieces([str(column.label) for column in columns], lines))
        return cast(HttpResponse, answer)


def rows_of(rows: "QuerySet[Any] | Iterable[Any] | Rows") -> "Rows":
    if isinstance(rows, QuerySet):
        return QueryRows(rows)
    if isinstance(rows, Rows):
        return rows
    return MemoryRows(list(rows))


def _item(row: Any, name: str) -> Any:
    return raw_value(row, name)


def _one_of(text: str | None, allowed: tuple[int, ...], default: int) -> int:
    value = whole(text, default)
    return value if value in allowed else default
