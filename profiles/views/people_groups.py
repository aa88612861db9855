"""Data › Unify › Merge: households and other groups of customers, made, tried, changed and removed."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core import htmx
from core.errors import KindredError
from lake.queries import Snapshot, snapshot
from profiles.config import group_forms, rule_forms
from profiles.config.group_preview import preview
from profiles.config.merging import configured_groups, planned
from profiles.config.words import COMPARISONS, LEVEL_WORDS, meaning
from profiles.models import Unification
from profiles.unify.config.group_rules import dump_groups, parse_groups
from profiles.unify.config.policies import parse_settings
from profiles.unify.config.rules import EVIDENCE
from profiles.views.merge_parts import saved


@permission_required("profiles.change_unification", raise_exception=True)
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, name: str = "") -> HttpResponse:
    """One group in the side panel, a new one without a name; "preview" counts and shows some before it is saved."""
    now, config = snapshot(), Unification.current()
    groups = dump_groups(configured_groups(now, config))
    stored = next((one for one in groups if one["name"] == name), None)
    if name and stored is None:
        raise Http404
    if request.method == "GET":
        return _panel(request, now, config, name, group_forms.from_group(stored or {}))
    if "edit" in request.POST:
        state = rule_forms.edited(rule_forms.parse(request.POST), request.POST["edit"])
        shown = _shown(request) | {"rule": state["rules"][0]} if state["rules"] else _shown(request)
        return _panel(request, now, config, name, shown)
    try:
        made = None if "remove" in request.POST else group_forms.to_group(request.POST)
        wanted = dump_groups(parse_groups(group_forms.replaced(groups, name, made)))
        if made and "preview" in request.POST:
            tried = preview(now, config, parse_groups([made])[0])
            return _panel(request, now, config, name, _shown(request), tried=tried)
        return saved(request, groups=wanted)
    except KindredError as error:
        return _panel(request, now, config, name, _shown(request), error=error)


def _shown(request: HttpRequest) -> dict[str, Any]:
    """The form as it was typed."""
    rules = rule_forms.parse(request.POST)["rules"]
    empty = group_forms.from_group({})["rule"]
    typed = {key: request.POST.get(key, "") for key in ("name", "label", "by", "largest")}
    return typed | {"active": "active" in request.POST, "rule": rules[0] if rules else empty}


def _panel(
    request: HttpRequest, now: Snapshot, config: Unification, name: str, state: dict[str, Any], **more: Any
) -> HttpResponse:
    made = planned(now, config.tables, parse_settings(config.merge))
    meanings = {one.semantic for one in made.attributes if one.semantic}
    context = {
        "state": state,
        "name": name,
        "url": reverse("profiles:people_group", args=[name]) if name else reverse("profiles:people_group_new"),
        "whats": sorted(((one, meaning(one)) for one in meanings), key=lambda pair: pair[1]),
        "columns": sorted((f"column:{a.name}", meaning(a.name)) for a in made.attributes if not a.semantic),
        "comparisons": [(key, words) for key, words in COMPARISONS.items() if key not in EVIDENCE],
        "levels": LEVEL_WORDS.items(),
        "panel_layout": htmx.PANEL if htmx.is_fragment(request) else htmx.PANEL_AS_PAGE,
    }
    return render(request, "profiles/people_group.html", context | more, status=422 if "error" in more else 200)
