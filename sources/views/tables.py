"""One table of a source: adding it with a look at its first rows, its columns, loads and rows set aside."""

from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from core import htmx
from core.errors import KindredError
from core.formats import written
from core.home import story
from core.models import Workspace
from core.roles import actor
from jobs.models import Job
from jobs.refresh import KIND as REFRESH_KIND
from lake.pages import column_rows
from lake.queries import snapshot
from sources import pages, queries, semantics, services
from sources import uploads as files
from sources.access import access_of
from sources.connectors import registry
from sources.forms import TYPES, ColumnForm, TableForm, meanings
from sources.models import Source, SourceTable
from sources.preview import Preview, preview
from sources.usage import uses_of
from sources.views.sources import panel, steps, table_add_url, unchecked, unsaid
from sources.workbooks import sheets_of, unread_sheets


def find(request: HttpRequest, slug: str, name: str) -> SourceTable:
    """The table, for who may see it; else 404."""
    return get_object_or_404(queries.visible_tables(actor(request)), source__slug=slug, name=name)


@require_http_methods(["GET", "POST"])
@permission_required("sources.add_sourcetable", raise_exception=True)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    kind = registry.get(source.connector)
    if request.method == "POST" and (uploads := request.FILES.getlist("upload")):
        kept = len(source.unchecked)
        files.keep_uploads(source, uploads, by=actor(request))
        return redirect(table_add_url(source, source.unchecked[kept]))
    config = _config(request, source)
    context: dict[str, Any] = {"source": source, "kind": kind, "steps": steps(2), "config": config}
    context["file"] = Path(config["path"]).name if config.get("path") else ""
    context["is_waiting"] = config.get("path") in source.unchecked
    context["unchecked"] = [item for item in unchecked(source) if item["path"] != config.get("path")]
    if not {"path", "table", "query"} & set(config):
        return render(request, "sources/table_choose.html", context | _choices(source) | {"steps": steps(1)})
    context["sheets"] = _sheets(source, config)
    options = kind.table_form(config | dict.fromkeys(("upload",), ""))
    try:
        seen = preview(source, config, by=actor(request))
        if request.method == "POST":
            return _save(request, source, config, seen)
    except KindredError as error:
        return render(request, "sources/table_add.html", context | {"error": error, "options": options}, status=422)
    name = request.POST.get("name") or services.table_name_of(
        str(config.get("sheet") or config.get("path") or config.get("table") or "query")
    )
    context |= {
        "currency": Workspace.current().currency,
        "unsaid": unsaid(),
        "options": options,
        "preview": seen,
        "form": TableForm({"name": name}),
        "columns": _column_fields(seen),
    }
    return render(request, "sources/table_add.html", context)


def _config(request: HttpRequest, source: Source) -> dict[str, Any]:
    """The table's settings from the address: what is empty is found out."""
    kind = registry.get(source.connector)
    fields = kind.table_form(request.GET)
    fields.is_valid()
    values = {
        name: value for name, value in fields.cleaned_data.items() if value not in ("", None, False) or name == "header"
    }
    if values.get("header") is None:
        values.pop("header", None)
    if path := request.GET.get("path"):
        values["path"] = path
    return values


def _choices(source: Source) -> dict[str, Any]:
    kind = registry.get(source.connector)
    taken = set(source.tables.values_list("name", flat=True))
    try:
        found = kind.discover(access_of(source))
    except KindredError as error:
        return {"error": error}
    sheets = [(sheet, table_add_url(source, sheet.path, sheet=sheet.name)) for sheet in unread_sheets(source)]
    return {
        "found": [table for table in found if table.name not in taken],
        "form": kind.source_form(),
        "sheets": sheets,
    }


def _sheets(source: Source, config: dict[str, Any]) -> list[dict[str, Any]]:
    """The sheets of a workbook that has several: name, address, whether it is the one that is read."""
    sheets = sheets_of(config)
    if len(sheets) < 2:
        return []
    here = config.get("sheet") or sheets[0].name
    return [
        {"name": name, "url": table_add_url(source, path, sheet=name), "here": name == here}
        for path, name in ((sheet.path, sheet.name) for sheet in sheets)
    ]


def _column_fields(seen: Preview) -> list[dict[str, Any]]:
    """One entry per column of the preview: what was found, examples, and the choices."""
    found = []
    for position, column in enumerate(seen.layout.columns):
        values = [written(row[column.name]) for row in seen.rows if row.get(column.name) is not None]
        found.append(
            {
                "position": position,
                "column": column,
                "examples": list(dict.fromkeys(value[:60] for value in values))[:3],
                "types": TYPES,
                "meanings": meanings(column.semantic),
                "semantic": column.semantic or "none",
                "is_key": column.name in seen.layout.key,
            }
        )
    return found


def _save(request: HttpRequest, source: Source, config: dict[str, Any], seen: Preview) -> HttpResponse:
    """States what differs from what was found; the rest stays inferred, so that later inputs may teach better."""
    form = TableForm(request.POST)
    if not form.is_valid():
        raise KindredError(" ".join(str(line) for lines in form.errors.values() for line in lines))
    key, columns = [], {}
    for position, column in enumerate(seen.layout.columns):
        stated: dict[str, Any] = {}
        kind = request.POST.get(f"type-{position}", column.plan.type)
        semantic = request.POST.get(f"semantic-{position}", column.semantic or "none")
        currency = request.POST.get(f"currency-{position}", "").strip().upper()
        if kind != column.plan.type:
            stated["type"] = kind
        if semantic != (column.semantic or "none"):
            stated["semantic"] = semantic
        if currency and currency != column.plan.currency:
            stated |= {"currency": currency, "type": kind}
        if stated:
            columns[column.name] = stated
        if request.POST.get(f"key-{position}"):
            key.append(column.name)
    user = actor(request)
    if source.tables.filter(name=form.cleaned_data["name"]).exists():
        raise KindredError(_("This source has a table of this name already. Choose another name."))
    table = services.save_table(
        source, name=form.cleaned_data["name"], config=config, key=key, columns=columns, by=user
    )
    services.start_load(table, by=user)
    if source.unchecked:
        messages.success(request, _("%s is being loaded. Now the next file.") % table)
        return redirect(table_add_url(source, source.unchecked[0]))
    return redirect(table.get_absolute_url())


@require_GET
@permission_required("sources.view_sourcetable", raise_exception=True)
def table(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    found = find(request, slug, name)
    now = snapshot()
    info = now.info(found.full_name) if now.has(found.full_name) else None
    rows = {row.info.name: row for row in column_rows(info, actor(request))} if info else {}
    columns = [(column, rows.get(column.name), semantics.label(column.semantic)) for column in found.columns.all()]
    return render(
        request,
        "sources/table.html",
        frame(request, found, "table") | {"columns": columns, "info": info, "uses": uses_of([found])},
    )


def frame(request: HttpRequest, found: SourceTable, here: str) -> dict[str, Any]:
    """What all tabs of a table show."""
    state, tone = pages.table_state(found)
    may_see = request.user.has_perm("sources.view_quarantine")
    return {
        "table": found,
        "key": " + ".join(str(column) for column in found.columns.filter(name__in=found.key)),
        "state": state,
        "tone": tone,
        "tabs": pages.table_tabs(found, here, with_rows=may_see),
        "job": _job(found),
        "newest": queries.newest_load(found),
        "is_upload": files.is_upload(found),
        "is_ahead": _is_ahead(found),
        "following": next((step for step in story(actor(request)) if not step.done), None),
    }


def _is_ahead(found: SourceTable) -> bool:
    """Whether it holds rows that no refresh has read yet: what is made of them is as old as the last one."""
    if found.state != SourceTable.State.LOADED or found.loaded_at is None:
        return False
    last = Job.objects.filter(kind=REFRESH_KIND, state=Job.State.DONE).values_list("finished_at", flat=True).first()
    return last is None or last < found.loaded_at


def _job(found: SourceTable) -> Job | None:
    return Job.objects.active().filter(key=f"load:{found.pk}").first()


@require_GET
@permission_required("sources.view_sourcetable", raise_exception=True)
def progress(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The load's progress; when it is over, the page is fetched anew."""
    found = find(request, slug, name)
    job = _job(found)
    if job is None:
        return HttpResponseClientRefresh() if htmx.is_fragment(request) else redirect(found.get_absolute_url())
    return render(request, "sources/partials/progress.html", {"table": found, "job": job})


@require_http_methods(["GET", "POST"])
@permission_required("sources.view_load", raise_exception=True)
def loads(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    found = find(request, slug, name)
    return pages.LOADS.response(request, found.loads.all(), "sources/loads.html", frame(request, found, "loads"))


@require_POST
@permission_required("sources.add_load", raise_exception=True)
def load(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    found = find(request, slug, name)
    services.start_load(found, full=bool(request.POST.get("full")), by=actor(request))
    return redirect(found.get_absolute_url())


@require_http_methods(["GET", "POST"])
@permission_required("sources.change_sourcecolumn", raise_exception=True)
def column(request: HttpRequest, slug: str, name: str, pk: int) -> HttpResponse:
    found = find(request, slug, name)
    one = get_object_or_404(found.columns, pk=pk)
    initial = {what: getattr(one, what) if one.states(what) else "" for what in services.STATEABLE}
    if one.states("semantic") and not one.semantic:
        initial["semantic"] = "none"
    form = ColumnForm(request.POST or None, initial=initial | {"sensitive": one.is_sensitive}, column=one)
    if request.method == "POST" and form.is_valid():
        try:
            services.state_columns(found, {one.name: form.cleaned_data}, by=actor(request))
        except KindredError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved. It takes effect when the table is loaded again."))
            return htmx.go_to(request, found.get_absolute_url())
    return panel(
        request,
        {
            "title": str(one),
            "intro": _("Suggested meaning: %s.") % one.reason if one.reason else "",
            "form": form,
            "back_url": found.get_absolute_url(),
        },
    )


@require_http_methods(["GET", "POST"])
@permission_required("sources.change_sourcetable", raise_exception=True)
def edit(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    found = find(request, slug, name)
    form = registry.get(found.source.connector).table_form(request.POST or None, initial=_initial(found))
    form.fields |= _table_fields(found)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        key, label, active = data.pop("key"), data.pop("label"), data.pop("active")
        kept = {name: value for name, value in found.config.items() if name not in form.fields}
        config = kept | {
            name: value
            for name, value in data.items()
            if value not in ("", None, False) or (name == "header" and value is False)
        }
        try:
            services.save_table(
                found.source, name=found.name, config=config, key=key, label=label, active=active, by=actor(request)
            )
        except KindredError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved. It takes effect when the table is loaded again."))
            return htmx.go_to(request, found.get_absolute_url())
    context = {
        "title": _("Settings of %s") % found,
        "form": form,
        "back_url": found.get_absolute_url(),
        "delete_url": reverse("sources:table_remove", args=[slug, name]),
        "delete_confirm": _("Its rows go. While something needs them, it stays, and you are told what does."),
    }
    return panel(request, context)


def _initial(found: SourceTable) -> dict[str, Any]:
    header = {True: "true", False: "false"}.get(found.config.get("header"), "")
    return {**found.config, "header": header, "label": found.label, "active": found.active, "key": found.key}


def _table_fields(found: SourceTable) -> dict[str, Any]:
    names = [(column.name, str(column)) for column in found.columns.all()]
    return {
        "key": forms.MultipleChoiceField(
            label=_("Key"),
            choices=names,
            required=False,
            help_text=_("The columns that tell one row from every other."),
        ),
        "label": forms.CharField(label=_("Shown name"), required=False, max_length=200),
        "active": forms.BooleanField(label=_("Load it with every refresh"), required=False),
    }


@require_POST
@permission_required("sources.delete_sourcetable", raise_exception=True)
def remove(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    found = find(request, slug, name)
    try:
        services.remove_table(found, by=actor(request))
    except KindredError as error:
        messages.error(request, error.html)
        return htmx.go_to(request, found.get_absolute_url())
    messages.success(request, _("“%s” was removed.") % found)
    return htmx.go_to(request, found.source.get_absolute_url())
