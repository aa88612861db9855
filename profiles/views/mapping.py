"""Data › Unify › Map: which tables take part, whom to trust, what their columns mean, and what values say nothing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import htmx
from core.errors import KindredError
from core.forms import countries
from core.models import Workspace
from core.roles import actor
from lake.pages import column_rows
from lake.queries import Snapshot, snapshot
from lake.words import table_title
from profiles.config import map_forms, services
from profiles.config.first_tables import first_tables, people_without_key, tells_of_events
from profiles.config.taking_part import source_table, stuck, stuck_table
from profiles.config.words import hub_reason, meaning
from profiles.inputs.mapping import candidates
from profiles.models import Unification
from profiles.views.unify_head import MAP, head
from sources.forms import meanings
from sources.services import state_columns

HUBS_SHOWN = 15


@permission_required("profiles.view_unification", raise_exception=True)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    return _page(request)


@permission_required("profiles.change_unification", raise_exception=True)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Tables in their order and the default country. A button `move` changes the order before anything is saved."""
    rows, country = map_forms.parse(request.POST), request.POST.get("default_country", "")
    rows = map_forms.without(rows, request.POST.get("without", ""))
    if "move" in request.POST:
        return _page(request, map_forms.moved(rows, request.POST["move"]), country)
    runs = "run" in request.POST or "without" in request.POST
    try:
        services.save_unification(tables=map_forms.to_tables(rows), default_country=country, by=actor(request))
        if runs:
            services.run_unification(by=actor(request))
    except KindredError as error:
        return _page(request, rows, country, error)
    messages.success(request, _("Saved. The run begins.") if runs else _("Saved. It takes effect with the next run."))
    return redirect("profiles:unify")


def _page(
    request: HttpRequest, rows: map_forms.Rows | None = None, country: str = "", error: KindredError | None = None
) -> HttpResponse:
    now, config = snapshot(), Unification.current()
    known = candidates(now)
    if rows is None:
        used = config.tables or first_tables(known)
        names = list(dict.fromkeys([*used, *(info.name for info in known)]))
        rows = map_forms.rows_of(names, used, config.only_matched)
        country = config.default_country if config.tables else Workspace.current().default_country
    context = {
        "rows": [row | _about(now, row["name"]) for row in rows],
        "country": country,
        "error": error,
        "countries": countries(),
        "stuck": stuck(now),
        "keyless": [stuck_table(now, t.name) for t in people_without_key(now) if t.name not in config.tables],
    }
    if htmx.is_fragment(request):
        return render(request, "profiles/partials/map_tables.html", context, status=422 if error else 200)
    shared = head(now, MAP, actor(request))
    context |= shared | {
        "mapped": [_columns(now, name, request) for name in config.tables if now.has(name)],
        "hubs": _hubs(config, shared["report"]),
        "stated": [_stated(name, value) for name, value in sorted(config.values.items())],
        "meanings": meanings(),
    }
    return render(request, "profiles/unify.html", context, status=422 if error else 200)


def _about(now: Snapshot, name: str) -> dict[str, Any]:
    info = now.info(name) if now.has(name) else None
    known = {meaning(column.semantic) for column in info.columns if column.semantic} if info else set()
    return {
        "label": table_title(now, name),
        "rows": info.rows if info else None,
        "known": sorted(known),
        "events": info is not None and tells_of_events(info),
    }


def _columns(now: Snapshot, name: str, request: HttpRequest) -> dict[str, Any]:
    """What the columns of a table mean; editable where the table is of a source that may be changed."""
    table, info = source_table(name), now.info(name)
    stated = {column.name: column for column in table.columns.all()} if table else {}
    rows = []
    for row in column_rows(info, actor(request)):
        source = stated.get(row.info.name)
        suggested = source.reason if source and not source.states("semantic") else ""
        chosen = source.semantic if source else row.info.semantic
        is_late = source is not None and source.semantic != "none" and source.semantic != row.info.semantic
        rows.append({"row": row, "chosen": chosen or "none", "suggested": suggested, "is_late": is_late})
    return {"name": name, "label": table_title(now, name), "key": info.key, "rows": rows, "table": table}


def _hubs(config: Unification, report: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for hub in report.get("hubs", [])[:HUBS_SHOWN]:
        stated = config.values.get(hub.get("attribute", ""), {})
        is_trusted = hub["value"] in stated.get("trusted_values", [])
        verdict = "trusted" if is_trusted else "ignored" if hub["value"] in stated.get("ignore", []) else ""
        label = meaning(hub.get("attribute") or hub.get("feature", ""))
        found.append(hub | {"label": label, "why": hub_reason(hub), "verdict": verdict})
    return found


def _stated(name: str, value: dict[str, Any]) -> dict[str, Any]:
    aliases = [f"{written} = {means}" for written, means in value.get("aliases", {}).items()]
    return {"name": name, "label": meaning(name), "aliases": aliases} | {
        key: value.get(key, []) for key in ("ignore", "trusted_values")
    }


@permission_required("sources.change_sourcecolumn", raise_exception=True)
@require_POST
def column_meanings(request: HttpRequest, name: str) -> HttpResponse:
    """Saves what the columns of a table mean, to the source: only what was changed."""
    table = source_table(name)
    if table is None:
        return HttpResponse(status=404)
    known = {column.name: column.semantic or "none" for column in table.columns.all()}
    posted = {key.removeprefix("meaning-"): value for key, value in request.POST.items() if key.startswith("meaning-")}
    changed = {c: {"semantic": v} for c, v in posted.items() if c in known and v != known[c]}
    try:
        if changed:
            state_columns(table, changed, by=actor(request))
            messages.success(request, _("Saved. It takes effect when the table is loaded again."))
    except KindredError as error:
        messages.error(request, str(error))
    return redirect("profiles:unify")


@permission_required("profiles.change_unification", raise_exception=True)
@require_POST
def value(request: HttpRequest) -> HttpResponse:
    """Trusts a value that was set aside, or has it ignored for good."""
    name, text, how = (request.POST.get(key, "") for key in ("name", "value", "how"))
    changed = map_forms.with_value(Unification.current().values, name, text, how)
    try:
        services.save_unification(values=changed, by=actor(request))
        messages.success(request, _("Saved. It takes effect with the next run."))
    except KindredError as error:
        messages.error(request, str(error))
    return redirect("profiles:unify")


@permission_required("profiles.change_unification", raise_exception=True)
@require_http_methods(["GET", "POST"])
def stated(request: HttpRequest, name: str = "") -> HttpResponse:
    """Aliases, ignored and trusted values of one meaning or column, in the side panel."""
    now, config, error = snapshot(), Unification.current(), None
    chosen = name or request.POST.get("name", "")
    texts = {key: request.POST.get(key, "") for key in ("aliases", "ignore", "trusted")}
    if request.method == "POST":
        try:
            found = {} if "remove" in request.POST else map_forms.stated_of(request.POST)
            services.save_unification(values={**config.values, chosen: found}, by=actor(request))
            messages.success(request, _("Saved. It takes effect with the next run."))
            return htmx.go_to(request, reverse("profiles:unify"))
        except KindredError as problem:
            error = problem
    elif name:
        known = _stated(name, config.values.get(name, {}))
        parts = {"aliases": known["aliases"], "ignore": known["ignore"], "trusted": known["trusted_values"]}
        texts = {key: "\n".join(lines) for key, lines in parts.items()}
    infos = [now.info(table) for table in config.tables if now.has(table)]
    names = {column.semantic or column.name for info in infos for column in info.columns}
    layout = htmx.PANEL if htmx.is_fragment(request) else htmx.PANEL_AS_PAGE
    context: dict[str, Any] = {"name": name, "label": meaning(name) if name else "", "texts": texts, "error": error}
    context |= {"choices": sorted((n, meaning(n)) for n in names), "chosen": chosen, "panel_layout": layout}
    return render(request, "profiles/stated.html", context, status=422 if error else 200)
