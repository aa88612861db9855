"""The list of sources, a new source, and one source."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import formats, htmx, settings_services
from core.errors import InvalidInput, KindredError
from core.models import Workspace
from core.roles import actor
from core.text import humanize
from sources import pages, queries, services
from sources import uploads as files
from sources.connectors import registry
from sources.connectors.shown import shown
from sources.forms import SourceEditForm, SourceForm
from sources.models import Source


@require_http_methods(["GET", "POST"])
@permission_required("sources.view_source", raise_exception=True)
def list_(request: HttpRequest) -> HttpResponse:
    rows = queries.with_freshness(Source.objects.visible_to(request.user))
    return pages.SOURCES.response(request, rows, "sources/list.html")


@require_GET
@permission_required("sources.add_source", raise_exception=True)
def add(request: HttpRequest) -> HttpResponse:
    context = {"connectors": registry.all_connectors(), "steps": steps(0), "unsaid": unsaid()}
    return render(request, "sources/add.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("sources.add_source", raise_exception=True)
def reach(request: HttpRequest, connector: str) -> HttpResponse:
    kind = _kind_or_404(connector)
    form = SourceForm(request.POST or None)
    own = kind.source_form(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and own.is_valid():
        try:
            source, path = _created(request, connector, form.cleaned_data["name"], own.cleaned_data)
        except KindredError as error:
            for name, lines in (error.fields or {_given(own): [error.message]}).items():
                target = form if name == "name" else own
                target.add_error(name if name in target.fields else None, lines)
        else:
            return redirect(table_add_url(source, path))
    context = {"kind": kind, "form": form, "own": own, "steps": steps(1)}
    return render(request, "sources/reach.html", context, status=422 if request.method == "POST" else 200)


def _given(own: forms.Form) -> str:
    """The field of a connector's form that says what to reach."""
    return next((name for name in own.fields if own.cleaned_data.get(name)), next(iter(own.fields), "name"))


def _created(request: HttpRequest, connector: str, name: str, data: dict[str, Any]) -> tuple[Source, str]:
    """The source, reachable, and the file of its first table. Nothing is kept when it cannot be reached."""
    user, kind = actor(request), registry.get(connector)
    secrets = {field: data[field] for field in kind.secret_fields if data.get(field)}
    uploads: Any = data.get("upload") or []
    with transaction.atomic():
        if uploads and "url" in kind.secret_fields:
            secrets["url"] = f"sqlite:///{files.store_upload(uploads, by=user)}"
        label = name if name != name.lower() and name != humanize(name) else ""  # who writes capitals means them
        source = services.create_source(name=name, label=label, connector=connector, secrets=secrets, by=user)
        services.test_source(source)
    if connector == "file" and uploads:
        files.keep_uploads(source, uploads, by=user)
    return source, data.get("path") or next(iter(source.unchecked), "")


def table_add_url(source: Source, path: str = "", **more: str) -> str:
    """Where the columns of the file are checked, or a table is chosen."""
    named = {"path": path, **more} if path else more
    return reverse("sources:table_add", args=[source.slug]) + (f"?{urlencode(named)}" if named else "")


@require_GET
@permission_required("sources.view_source", raise_exception=True)
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(queries.with_freshness(Source.objects.visible_to(request.user)), slug=slug)
    tables = [(table, *pages.table_state(table)) for table in queries.tables_of(source)]
    state, tone = pages.source_state(source)
    context = {
        "source": source,
        "kind": registry.get(source.connector),
        "address": shown(source.secrets.get("url", "")) if source.connector == "sql" else "",
        "tables": tables,
        "state": state,
        "tone": tone,
        "unchecked": unchecked(source),
    }
    return render(request, "sources/detail.html", context)


def unchecked(source: Source) -> list[dict[str, str]]:
    """The uploaded files that wait for their columns to be checked: path, name, and where it is done."""
    return [
        {"path": path, "name": PurePath(path).name, "url": table_add_url(source, path)} for path in source.unchecked
    ]


@require_POST
@permission_required("sources.add_sourcetable", raise_exception=True)
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    """Forgets a file that was uploaded and never became a table."""
    source = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    path = request.POST.get("path", "")
    try:
        files.discard_upload(source, path, by=actor(request))
    except KindredError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("“%s” was discarded.") % PurePath(path).name)
    return htmx.go_to(request, source.get_absolute_url())


@require_http_methods(["GET", "POST"])
@permission_required("sources.change_source", raise_exception=True)
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    fields = registry.get(source.connector).secret_fields
    form = SourceEditForm(request.POST or None, initial={"label": source.label}, secret_fields=fields)
    if request.method == "POST" and form.is_valid():
        secrets = {name: form.cleaned_data[name] for name in fields if form.cleaned_data.get(name)}
        try:
            with transaction.atomic():
                services.save_source(source, label=form.cleaned_data["label"], secrets=secrets, by=actor(request))
                services.test_source(source)
        except KindredError as error:
            form.add_error("url" if "url" in form.fields else "label", error.message)
        else:
            messages.success(request, _("Saved."))
            return htmx.go_to(request, source.get_absolute_url())
    context = {
        "title": _("Settings of %s") % source,
        "form": form,
        "back_url": source.get_absolute_url(),
        "delete_url": reverse("sources:remove", args=[source.slug]),
        "delete_confirm": _(
            "All of its tables and their rows go. While something needs one, it stays, and you are told what does."
        ),
    }
    return panel(request, context)


def panel(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    layout = htmx.PANEL if htmx.in_panel(request) else htmx.PANEL_AS_PAGE
    return render(request, "components/form_panel.html", {"panel_layout": layout, **context})


@require_POST
@permission_required("sources.delete_source", raise_exception=True)
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    try:
        services.remove_source(source, by=actor(request))
    except KindredError as error:
        messages.error(request, error.html)
        return htmx.go_to(request, source.get_absolute_url())
    messages.success(request, _("“%s” was removed.") % source)
    return htmx.go_to(request, reverse("sources:list"))


@require_POST
@permission_required("sources.change_source", raise_exception=True)
def test(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    try:
        services.test_source(source)
    except KindredError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("%s answers.") % source)
    return HttpResponseRedirect(source.get_absolute_url())


def unsaid() -> str:
    """How tables are read as long as nobody has said where the company is; "" once somebody has."""
    if not settings_services.is_new():
        return ""
    now = Workspace.current()
    message = _("What names no country, currency or time zone is read as of %(country)s, in %(currency)s and %(zone)s.")
    country = formats.locale().territories.get(now.default_country, now.default_country)
    return message % {"country": country, "currency": now.currency, "zone": now.time_zone}


def steps(here: int) -> list[dict[str, str]]:
    labels = [_("Choose"), _("Connect"), _("Check the columns"), _("Load")]
    urls = [reverse("sources:add"), "", "", ""]
    states = ["done" if n < here else "here" if n == here else "next" for n in range(len(labels))]
    return [{"label": a, "url": b, "state": c} for a, b, c in zip(labels, urls, states, strict=True)]


def _kind_or_404(connector: str) -> Any:
    try:
        return registry.get(connector)
    except InvalidInput as error:
        raise Http404 from error
