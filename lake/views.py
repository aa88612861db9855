"""Data › Tables and Data › Relationships."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import audit, htmx
from core.csv_files import csv_response
from core.errors import KindredError, NotFound, Unavailable
from core.list_rows import QueryRows
from core.roles import actor
from lake import diagram, export, pages, words
from lake.forms import RelationshipForm
from lake.models import Relationship
from lake.queries import Snapshot, snapshot
from lake.relationships import Step, relate
from lake.specs import TableInfo


@require_http_methods(["GET", "POST"])
@permission_required("lake.view_tableversion", raise_exception=True)
def tables(request: HttpRequest) -> HttpResponse:
    return pages.TABLES.response(request, pages.current_tables(actor(request)), "lake/tables.html")


@require_GET
@permission_required("lake.view_tableversion", raise_exception=True)
def table(request: HttpRequest, name: str) -> HttpResponse:
    user, now = actor(request), snapshot()
    info = _info_or_404(now, name)
    related = [row for row in Relationship.objects.visible_to(user) if name in (row.from_table, row.to_table)]
    context = {
        "table": info,
        "title": words.full_title(info),
        "grain": words.one_row_per(info),
        "columns": pages.column_rows(info, user),
        "hidden": len(export.masked(info, user)),
        "relationships": [(row, *_relationship_words(now, row)) for row in related],
        "group": pages.GROUPS[pages.group_of(name)],
    }
    return render(request, "lake/table.html", context)


@require_GET
@permission_required("lake.view_tableversion", raise_exception=True)
def preview(request: HttpRequest, name: str) -> HttpResponse:
    now = snapshot()
    info = _info_or_404(now, name)
    context = {"table": info, "limit": export.PREVIEW_ROWS}
    try:
        rows = export.preview(now, name, actor(request))
    except Unavailable as error:
        return render(request, "lake/partials/preview.html", context | {"error": error.message})
    shown = [
        [(column, pages.shown(value, column)) for column, value in zip(info.columns, row, strict=True)] for row in rows
    ]
    return render(request, "lake/partials/preview.html", context | {"rows": shown})


@require_GET
@permission_required("lake.export_table", raise_exception=True)
def export_csv(request: HttpRequest, name: str) -> StreamingHttpResponse:
    now = snapshot()
    info = _info_or_404(now, name)
    audit.exported(actor(request), "table.export", words.full_title(info))
    return csv_response(name, export.csv_lines(now, name, actor(request)))


@require_http_methods(["GET", "POST"])
@permission_required("lake.view_relationship", raise_exception=True)
def relationships(request: HttpRequest) -> HttpResponse:
    rows = Relationship.objects.visible_to(request.user)
    steps = [Step(row.from_table, row.from_column, row.to_table) for row in rows]
    context = {"diagram": diagram.draw(steps, snapshot()) if steps else None}
    return pages.RELATIONSHIPS.response(request, QueryRows(rows, now=snapshot), "lake/relationships.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("lake.add_relationship", raise_exception=True)
def relationship_add(request: HttpRequest) -> HttpResponse:
    form = RelationshipForm(request.POST or None, now=snapshot())
    if request.method == "POST" and form.is_valid():
        from_table, from_column = form.cleaned_data["column"]
        try:
            made = relate(from_table, from_column, form.cleaned_data["to_table"], by=actor(request))
        except KindredError as error:
            form.add_error("to_table", error.message)
        else:
            table, column, other = _relationship_words(snapshot(), made)
            names = {"table": table, "column": column, "other": other}
            text = _("Rows of %(table)s belong to %(other)s by “%(column)s”, from the next refresh on.")
            messages.success(request, text % names)
            return htmx.go_to(request, reverse("lake:relationships"))
    context = {
        "title": _("Add a relationship"),
        "intro": _(
            "Say which rows belong together. Orders reach a customer through the customer's number in each order."
        ),
        "form": form,
        "submit": _("Add relationship"),
        "back_url": reverse("lake:relationships"),
    }
    return render(request, "components/form_panel.html", context, status=422 if form.errors else 200)


def _relationship_words(now: Snapshot, row: Relationship) -> tuple[str, str, str]:
    """The table, its column, and the table that its rows belong to."""
    table, column = words.table_title(now, row.from_table), words.column_of(now, row.from_table, row.from_column)
    return table, column, words.table_title(now, row.to_table)


def _info_or_404(now: Snapshot, name: str) -> TableInfo:
    try:
        return now.info(name)
    except NotFound as error:
        raise Http404(error.message) from error
