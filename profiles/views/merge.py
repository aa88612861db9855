"""Data › Unify › Merge: of each attribute, where it comes from and which value wins."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core import htmx
from core.errors import KindredError
from core.lists import Choice, Column, Flag, ListPage
from core.roles import actor
from core.text import humanize
from lake.queries import Snapshot, snapshot
from lake.specs import DATE, TIMESTAMP
from profiles import facts, merge_forms, services
from profiles.conflicts import by_attribute
from profiles.mapping import profile_columns, time_column
from profiles.merge_preview import preview
from profiles.merging import configured_groups, planned
from profiles.models import Unification, UnificationRun
from profiles.tables import PROFILES
from profiles.unify.attributes import Attribute, Plan
from profiles.unify.policies import GroupPolicy, MergeSettings, parse_settings
from profiles.unify_head import MERGE, head
from profiles.words import POLICY_WORDS


@permission_required("profiles.view_unification", raise_exception=True)
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    now, config = snapshot(), Unification.current()
    settings = parse_settings(config.merge)
    made = planned(now, config.tables, settings)
    context = head(now, MERGE, actor(request)) | {
        "groups": [_group(now, config, made, group) for group in made.groups],
        "recency": [_recency(now, name, settings) for name in config.tables if now.has(name)],
        "households": _people_groups(now, config),
    }
    return PAGE.response(request, _rows(now, config, made), "profiles/merge.html", context)


def _people_groups(now: Snapshot, config: Unification) -> list[dict[str, Any]]:
    """As configured, with the numbers of the last run where there are some."""
    found = {one["name"]: one for one in UnificationRun.latest_report().get("groups", [])}
    return [
        {"name": one.name, "label": one.label, "result": found.get(one.name)} for one in configured_groups(now, config)
    ]


def _rows(now: Snapshot, config: Unification, made: Plan) -> list[dict[str, Any]]:
    conflicts = {conflict.attribute: conflict.people for conflict in by_attribute(now)}
    info = now.info(PROFILES) if now.has(PROFILES) else None
    labels = _labels(now, config, made)
    rows = []
    for attribute in (*made.attributes, *made.excluded):
        column = info.column(attribute.name) if info else None
        known = (info.rows - column.stats.missing) / info.rows if info and column and info.rows else None
        rows.append(
            {
                "id": attribute.name,
                "label": labels[attribute.name],
                "columns": [_place(now, config, place) for place in attribute.columns],
                "policy": _policy_words(made, attribute),
                "group": attribute.group,
                "fill": known,
                "conflicts": conflicts.get(attribute.name, 0) if info else None,
                "state": _state(attribute),
                "changed": attribute.name in {item.attribute for item in parse_settings(config.merge).attributes},
            }
        )
    return rows


def _labels(now: Snapshot, config: Unification, made: Plan) -> dict[str, str]:
    loaded = [name for name in config.tables if now.has(name)]
    specs = profile_columns(now, loaded, (*made.attributes, *made.excluded))
    return {spec.name: spec.label or humanize(spec.name) for spec in specs}


def _place(now: Snapshot, config: Unification, place: tuple[int, str]) -> str:
    loaded = [name for name in config.tables if now.has(name)]
    return f"{facts.table_label(now, loaded[place[0]])}: {place[1]}"


def _policy_words(made: Plan, attribute: Attribute) -> str:
    if attribute.policy.exclude:
        return _("Left out")
    group = next((group for group in made.groups if group.name == attribute.group), None)
    words = str(POLICY_WORDS[group.policy if group else attribute.policy.policy])
    return _("%(policy)s, together") % {"policy": words} if group else words


def _state(attribute: Attribute) -> list[str]:
    found = [_("All values as a list")] if attribute.list_name else []
    if attribute.policy.columns:
        found.append(_("Combined by hand"))
    if attribute.policy.trust:
        found.append(_("Own order of trust"))
    return found


def _group(now: Snapshot, config: Unification, made: Plan, group: GroupPolicy) -> dict[str, Any]:
    labels = _labels(now, config, made)
    members = [labels[name] for name in group.attributes if name in labels]
    return {"name": group.name, "label": humanize(group.name), "members": members, "policy": POLICY_WORDS[group.policy]}


def _recency(now: Snapshot, name: str, settings: MergeSettings) -> dict[str, Any]:
    info = now.info(name)
    return {
        "table": name,
        "label": facts.table_label(now, name),
        "usual": time_column(info),
        "chosen": settings.recency.get(name, ""),
        "columns": [column.name for column in info.columns if column.type in (DATE, TIMESTAMP)],
    }


PAGE = ListPage(
    name="merge",
    columns=[
        Column("label", gettext_lazy("Attribute"), link=True),
        Column("columns", gettext_lazy("From"), "tags", sort=False),
        Column("policy", gettext_lazy("Which value wins")),
        Column("fill", gettext_lazy("Known"), "percent"),
        Column("conflicts", gettext_lazy("Conflicts"), "number", template="profiles/partials/merge_conflicts.html"),
        Column("state", gettext_lazy("Also"), "tags", sort=False),
    ],
    search=["label", "id"],
    filters=[
        Flag("changed", gettext_lazy("Changed by hand")),
        Choice("group", gettext_lazy("Travels with"), choices=lambda: _group_choices()),
    ],
    size=100,
    search_hint=gettext_lazy("Attribute"),
    key=lambda row: str(row["id"]),
    url=lambda row: reverse("profiles:merge_attribute", args=[row["id"]]),
    panel=True,
)  # fmt: skip


def _group_choices() -> list[tuple[str, str]]:
    config = Unification.current()
    made = planned(snapshot(), config.tables, parse_settings(config.merge))
    return [(group.name, humanize(group.name)) for group in made.groups]


@permission_required("profiles.view_unification", raise_exception=True)
@require_http_methods(["GET", "POST"])
def attribute(request: HttpRequest, name: str) -> HttpResponse:
    """One attribute in the side panel: what it is made of and which value wins; "try" shows what would change."""
    now, config = snapshot(), Unification.current()
    settings = parse_settings(config.merge)
    tried: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        if not request.user.has_perm("profiles.change_unification"):
            return HttpResponse(status=403)
        try:
            changed = merge_forms.with_attribute(settings, name, request.POST, _usual_columns(now, config, name))
            if "try" not in request.POST:
                services.save_unification(merge=changed, by=actor(request))
                return _saved(request)
            tried = _tried(now, config, settings, changed, {name})
            settings = changed
        except KindredError as error:
            tried, status = {"error": error}, 422
    made = planned(now, config.tables, settings)
    found = next((one for one in (*made.attributes, *made.excluded) if one.name == name), None)
    if found is None:
        raise Http404
    group = next((group for group in made.groups if group.name == found.group), None)
    context = {
        "attribute": found,
        "label": _labels(now, config, made)[name],
        "columns": _columns(now, config, made, found),
        "group": group,
        **_choices(now, config, found.policy.trust),
        **tried,
    }
    return _panel(request, "profiles/merge_attribute.html", context, status)


def _usual_columns(now: Snapshot, config: Unification, name: str) -> list[str]:
    made = planned(now, config.tables, MergeSettings())
    found = next((one for one in made.attributes if one.name == name), None)
    loaded = [table for table in config.tables if now.has(table)]
    return [f"{loaded[number]}.{column}" for number, column in found.columns] if found else []


def _columns(now: Snapshot, config: Unification, made: Plan, mine: Attribute) -> list[dict[str, Any]]:
    """Every column that may be part of the attribute: its own first."""
    loaded = [table for table in config.tables if now.has(table)]
    found = []
    for one in (mine, *(other for other in (*made.attributes, *made.excluded) if other.name != mine.name)):
        for number, column in one.columns:
            place = f"{loaded[number]}.{column}"
            label = f"{facts.table_label(now, loaded[number])}: {column}"
            found.append({"name": place, "label": label, "on": one.name == mine.name})
    return found


def _choices(now: Snapshot, config: Unification, trust: tuple[str, ...]) -> dict[str, Any]:
    tables = [
        {"name": name, "label": facts.table_label(now, name), "place": trust.index(name) + 1 if name in trust else 0}
        for name in config.tables
    ]
    return {"policies": POLICY_WORDS.items(), "tables": tables, "places": range(1, len(tables) + 1)}


def _tried(
    now: Snapshot, config: Unification, before: MergeSettings, after: MergeSettings, names: set[str]
) -> dict[str, Any]:
    made = planned(now, config.tables, after)
    for group in made.groups:
        if names & set(group.attributes):
            names = names | set(group.attributes)
    labels = _labels(now, config, made)
    found = preview(now, config, before, after, names)
    changes = [(labels.get(change.attribute, change.attribute), change) for change in found.examples]
    return {"preview": found, "changes": changes}


@permission_required("profiles.change_unification", raise_exception=True)
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, name: str = "") -> HttpResponse:
    """Attributes that travel together: a new group where no name is given."""
    now, config = snapshot(), Unification.current()
    settings = parse_settings(config.merge)
    made = planned(now, config.tables, settings)
    groups = [one.model_dump(exclude_defaults=True) for one in made.groups]
    found = next((one for one in made.groups if one.name == name), None)
    if name and found is None:
        raise Http404
    tried: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            data = None if "remove" in request.POST else request.POST
            changed = merge_forms.with_group(settings, groups, name, data)
            if "try" not in request.POST:
                services.save_unification(merge=changed, by=actor(request))
                return _saved(request)
            names = set(request.POST.getlist("attribute")) | set(found.attributes if found else ())
            tried = _tried(now, config, settings, changed, names)
            found = next(one for one in changed.groups or () if one.name == request.POST["name"].strip())
        except KindredError as error:
            tried, status = {"error": error}, 422
    labels, taken = _labels(now, config, made), {n for one in made.groups if one.name != name for n in one.attributes}
    members = found.attributes if found else ()
    free = [(one.name, labels[one.name], one.name in members) for one in made.attributes if one.name not in taken]
    context = {"group": found, "attributes": free, **_choices(now, config, found.trust if found else ()), **tried}
    return _panel(request, "profiles/merge_group.html", context, status)


@permission_required("profiles.change_unification", raise_exception=True)
@require_POST
def recency(request: HttpRequest) -> HttpResponse:
    """Which column of each table tells how recent a record is."""
    config = Unification.current()
    try:
        changed = merge_forms.with_recency(parse_settings(config.merge), request.POST, config.tables)
        services.save_unification(merge=changed, by=actor(request))
        messages.success(request, _("Saved. It takes effect with the next run."))
    except KindredError as error:
        messages.error(request, str(error))
    return htmx.go_to(request, reverse("profiles:merge"))


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Saved. It takes effect with the next run."))
    return htmx.go_to(request, reverse("profiles:merge"))


def _panel(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    layout = htmx.PANEL if htmx.is_fragment(request) else htmx.PANEL_AS_PAGE
    return render(request, template, context | {"panel_layout": layout}, status=status)
