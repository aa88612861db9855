"""Data › Unify: the flow in numbers, the rules and what each adds, configuration, run."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import htmx
from core.errors import KindredError
from core.models import Workspace
from core.roles import actor
from jobs.models import Job
from jobs.refresh import KIND
from lake.queries import Snapshot, snapshot
from profiles import facts, rule_forms, services, trials
from profiles.mapping import by_trust, candidates, keyless, mapped, split_name
from profiles.models import Unification, UnificationRun
from profiles.unify.rules import parse_rules
from profiles.words import COMPARISONS, LEVEL_WORDS, date_order, hub_reason, meaning, rule_words
from sources.models import SourceTable

COUNTRIES_FIRST = ("US", "GB", "DE", "FR", "IT", "ES", "NL", "CH", "AT")


@permission_required("profiles.view_unification", raise_exception=True)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    config, now = Unification.current(), snapshot()
    report = UnificationRun.latest_report()
    for table in report.get("tables", []):
        table["label"] = facts.table_label(now, table["table"])
    for hub in report.get("hubs", []):
        hub["label"] = meaning(hub.get("attribute") or hub.get("feature", ""))  # of a run before hubs had reasons
        hub["why"] = hub_reason(hub)
    for found in report.get("dates", []):
        found["words"] = date_order(found)
    context = {
        "config": config,
        "report": report,
        "tables": [_table(now, name) for name in config.tables],
        "cards": _cards(config, report),
        "possible": bool(candidates(now)),
        **running(),
    }
    return render(request, "profiles/unify.html", context)


def _table(now: Snapshot, name: str) -> dict[str, Any]:
    meanings = mapped(now.info(name)) if now.has(name) else {}
    return {"label": facts.table_label(now, name), "meanings": [(c, meaning(s)) for c, s in meanings.items()]}


def _cards(config: Unification, report: dict[str, Any]) -> list[dict[str, Any]]:
    """Rules as configured, with the numbers of the last run where a rule of this name took part."""
    results = {rule["name"]: (number, rule) for number, rule in enumerate(report.get("rules", []))}
    most = max([rule["added"] for _number, rule in results.values()] + [1])
    cards = []
    for card in rule_words(parse_rules(config.rules)):
        number, result = results.get(str(card["name"]), (None, {}))
        cards.append(card | {"number": number, "result": result, "most": most})
    return cards


def running() -> dict[str, Any]:
    """The refresh that is under way, with its unify stage."""
    job = Job.objects.active().filter(kind=KIND).first()
    stage = job.stages.filter(name="unify").first() if job else None
    return {"job": job, "stage": stage}


@permission_required("profiles.view_unification", raise_exception=True)
@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """The heartbeat of a run; reloads the page when it is over."""
    found = running()
    answer = render(request, "profiles/partials/progress.html", found)
    if found["job"] is None and htmx.is_fragment(request):
        answer["HX-Refresh"] = "true"
    return answer


@permission_required("profiles.change_unification", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    tried, now = trials.current() if "tried" in request.GET else None, snapshot()
    config = trials.configuration(tried.proposal) if tried else Unification.current()
    if request.method == "GET":
        state = services.state_of(config) | {"suggest": config.suggest_rules}
        state["rules"] = rule_forms.from_rules(config.rules)
        if not config.tables:
            state["tables"] = [info.name for info in by_trust(candidates(now))]
            state["default_country"] = Workspace.current().default_country
        return _form(request, now, state)
    state = rule_forms.parse(request.POST)
    if "edit" in request.POST:
        return _form(request, now, rule_forms.edited(state, request.POST["edit"]))
    try:
        rules = services.SUGGEST if state["suggest"] else rule_forms.to_rules(state["rules"])
        given = {"tables": state["tables"], "default_country": state["default_country"], "rules": rules}
        if "try" in request.POST:
            trials.start(by=actor(request), **(tried.proposal if tried else {}) | given)
            return redirect("profiles:trial")
        services.save_unification(by=actor(request), **given)
    except KindredError as error:
        return _form(request, now, state, error)
    if "run" in request.POST:
        return run(request)
    messages.success(request, _("Saved. It takes effect with the next run."))
    return redirect("profiles:unify")


def _form(
    request: HttpRequest, now: Snapshot, state: dict[str, Any], error: KindredError | None = None
) -> HttpResponse:
    names = dict.fromkeys([*state["tables"], *(info.name for info in candidates(now))])
    infos = [now.info(name) for name in names if now.has(name)]
    meanings = {column.semantic for info in infos for column in info.columns if column.semantic}
    if meanings & {"person.first_name", "person.last_name", "person.full_name"}:
        meanings |= {"person.name", "person.first_name"}
    plain = {column.name for info in infos for column in info.columns if not column.semantic}
    context = {
        "state": state,
        "error": error,
        "tables": [_choice(now, name) | {"place": _place(state["tables"], name)} for name in names],
        "places": range(1, len(names) + 1),
        "keyless": [_keyless(now, info.name) for info in keyless(now)],
        "countries": COUNTRIES_FIRST,
        "whats": [
            (rule_forms.EVIDENCE, _("All values together")),
            *sorted(((name, meaning(name)) for name in meanings), key=lambda pair: pair[1]),
        ],
        "columns": sorted((f"column:{name}", meaning(name)) for name in plain),
        "comparisons": COMPARISONS.items(),
        "levels": LEVEL_WORDS.items(),
    }
    part = "profiles/partials/unify_form.html"
    status = 422 if error else 200
    return render(request, part if htmx.is_fragment(request) else "profiles/unify_edit.html", context, status=status)


def _choice(now: Snapshot, name: str) -> dict[str, Any]:
    info = now.info(name) if now.has(name) else None
    known = dict.fromkeys(meaning(semantic) for semantic in mapped(info).values()) if info else {}
    return {"name": name, "label": facts.table_label(now, name), "rows": info.rows if info else None, "known": known}


def _keyless(now: Snapshot, name: str) -> dict[str, str]:
    """A table that cannot take part, and the page on which its key is named."""
    source, table = split_name(name)
    found = SourceTable.objects.filter(source__name=source, name=table).select_related("source").first()
    return {"label": facts.table_label(now, name), "url": found.get_absolute_url() if found else ""}


def _place(tables: list[str], name: str) -> int:
    return tables.index(name) + 1 if name in tables else 0


@permission_required("profiles.change_unification", raise_exception=True)
@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """Writes the suggested rules as an explicit list, to be edited."""
    try:
        services.suggest_rules(by=actor(request))
    except KindredError as error:
        messages.error(request, str(error))
        return redirect("profiles:unify")
    messages.success(request, _("These rules follow from your data. Change them as you like."))
    return redirect("profiles:unify_edit")


@permission_required("profiles.change_unification", raise_exception=True)
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    try:
        services.run_unification(by=actor(request))
    except KindredError as error:
        messages.error(request, str(error))
    return redirect("profiles:unify")


@permission_required("profiles.view_unification", raise_exception=True)
@require_GET
def samples(request: HttpRequest, number: int) -> HttpResponse:
    """Pairs that a rule joined, side by side."""
    rules = UnificationRun.latest_report().get("rules", [])
    if number >= len(rules):
        raise Http404
    now = snapshot()
    pairs = [
        {"score": score, "left": _record(now, one, first), "right": _record(now, other, second)}
        for one, first, other, second, score in rules[number]["samples"]
    ]
    layout = htmx.PANEL if htmx.is_fragment(request) else htmx.PANEL_AS_PAGE
    context = {"rule": rules[number], "pairs": pairs, "panel_layout": layout}
    return render(request, "profiles/samples.html", context)


def _record(now: Snapshot, table: str, record_id: str) -> dict[str, Any]:
    values = facts.record_values(now, table, record_id)
    return {"label": facts.table_label(now, table), "id": record_id, "values": [v for v in values if v[1] != "–"]}
