"""Why two customers or records are one person, or are not."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import htmx
from core.errors import KindredError
from core.formats import percent
from lake.queries import snapshot
from lake.words import table_title
from profiles.config.words import rule_title
from profiles.explaining.graph import Graph, graph
from profiles.explaining.why import explanation
from profiles.explaining.words import KEPT_APART, as_json
from profiles.unify.judging.explain import DECISION


@permission_required("profiles.view_unification", raise_exception=True)
@require_GET
def explain(request: HttpRequest) -> HttpResponse:
    """`?one=…&other=…`: ids of customers, or source.table:record id."""
    one, other = (request.GET.get(name, "").strip() for name in ("one", "other"))
    context: dict[str, Any] = {"one": one, "other": other}
    status = 200
    if one:
        try:
            context["found"] = as_json(explanation(one, other))
            context["kept_apart"] = KEPT_APART.get(context["found"]["kept_apart"], "")
            context["graph"] = _drawn(context["found"]["path"])
        except KindredError as error:
            context["error"], status = error, 422
    context["panel_layout"] = htmx.PANEL if htmx.is_fragment(request) else htmx.PANEL_AS_PAGE
    return render(request, "profiles/explain.html", context, status=status)


def _drawn(path: list[dict[str, Any]]) -> Graph | None:
    now = snapshot()
    labels = {step[f"{side}_table"]: "" for step in path for side in ("left", "right")}
    return graph(path, {name: table_title(now, name) for name in labels}, [_at_line(step) for step in path])


def _at_line(step: dict[str, Any]) -> str:
    if step["rule"] == DECISION:
        return _("A person decided so")
    likely = step["probability"]
    if likely is None:
        return rule_title(step["rule"]) or _("No rule joins them")
    share = percent(likely)
    if not step["rule"]:
        return _("%(share)s one person") % {"share": share}
    return f"{rule_title(step['rule'])} · {share}"
