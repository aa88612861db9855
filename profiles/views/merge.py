"""Data › Unify › Merge: of each attribute, where it comes from and which value wins."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
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
from lake.words import table_title
from profiles.config import merge_forms
from profiles.config.merging import configured_groups, planned
from profiles.config.words import POLICY_WORDS
from profiles.customers.conflicts import people_of
from profiles.inputs.mapping import time_column
from profiles.models import Unification, UnificationRun
from profiles.tables import PROFILES
from profiles.unify.config.policies import GroupPolicy, MergeSettings, parse_settings
from profiles.unify.merging.attributes import Attribute, Plan
from profiles.views.merge_parts import UNDO, labels_of, origins, saved, taken_back
from profiles.views.unify_head import MERGE, head


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
        "undo": UNDO in request.session,
    }
    return PAGE.response(request, _rows(now, config, made), "profiles/merge.html", context)


def _people_groups(now: Snapshot, config: Unification) -> list[dict[str, Any]]:
    """As configured, with the numbers of the last run where there are some."""
    found = {one["name"]: one for one in UnificationRun.latest_report().get("groups", [])}
    return [
        {"name": one.name, "label": one.label, "result": found.get(one.name)} for one in configured_groups(now, config)
    ]


def _rows(now: Snapshot, config: Unification, made: Plan) -> list[dict[str, Any]]:
    conflicts = people_of(now)
    info = now.info(PROFILES) if now.has(PROFILES) else None
    labels = labels_of(now, config, made)
    rows = []
    for attribute in (*made.attributes, *made.excluded):
        column = info.column(attribute.name) if info else None
        known = (info.rows - column.stats.missing) / info.rows if info and column and info.rows else None
        rows.append(
            {
                "id": attribute.name,
                "label": labels[attribute.name],
                "columns": origins(now, config, made, attribute),
                "policy": _policy_words(made, attribute),
                "group": attribute.group,
                "fill": known,
                "conflicts": conflicts.get(attribute.name, 0) if info else None,
                "state": _state(attribute),
                "changed": attribute.name in {item.attribute for item in parse_settings(config.merge).attributes},
            }
        )
    return rows


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
    labels = labels_of(now, config, made)
    members = [labels[name] for name in group.attributes if name in labels]
    return {"name": group.name, "label": humanize(group.name), "members": members, "policy": POLICY_WORDS[group.policy]}


def _recency(now: Snapshot, name: str, settings: MergeSettings) -> dict[str, Any]:
    info = now.info(name)
    return {
        "table": name,
        "label": table_title(now, name),
        "usual": time_column(info),
        "chosen": settings.recency.get(name, ""),
        "columns": [c.name for c in info.columns if c.type in (DATE, TIMESTAMP) and c.semantic != "person.birth_date"],
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


@permission_required("profiles.change_unification", raise_exception=True)
@require_POST
def recency(request: HttpRequest) -> HttpResponse:
    """Which column of each table tells how recent a record is."""
    config = Unification.current()
    try:
        changed = merge_forms.with_recency(parse_settings(config.merge), request.POST, config.tables)
        return saved(request, merge=changed)
    except KindredError as error:
        messages.error(request, error.html)
        return htmx.go_to(request, reverse("profiles:merge"))


@permission_required("profiles.change_unification", raise_exception=True)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Takes the last change of this step back."""
    return taken_back(request)
