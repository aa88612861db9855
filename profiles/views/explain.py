"""Why two customers or records are one person, or are not."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import htmx
from core.errors import InvalidInput, KindredError
from core.formats import percent
from lake.queries import snapshot
from lake.words import table_title
from profiles.config.words import rule_title
from profiles.customers.queries import search
from profiles.explaining.graph import Graph, graph
from profiles.explaining.why import explanation
from profiles.explaining.words import KEPT_APART, as_json
from profiles.models import Profile
from profiles.unify.judging.explain import DECISION

CHOICES = 8  # customers who are offered where several are found


@permission_required("profiles.view_unification", raise_exception=True)
@require_GET
def explain(request: HttpRequest) -> HttpResponse:
    """`?one=…&other=…`: what one customer is found by, or source.table:record id."""
    ends = {name: request.GET.get(name, "").strip() for name in ("one", "other")}
    context: dict[str, Any] = {**ends}
    status = 200
    if ends["one"]:
        try:
            context["found"] = as_json(explanation(*(_chosen(request, name, ends, context) for name in ends)))
            context["kept_apart"] = KEPT_APART.get(context["found"]["kept_apart"], "")
            context["graph"] = _drawn(context["found"]["path"])
        except KindredError as error:
            context["error"], status = error, 422
    context["panel_layout"] = htmx.PANEL if htmx.is_fragment(request) else htmx.PANEL_AS_PAGE
    return render(request, "profiles/explain.html", context, status=status)


def _chosen(request: HttpRequest, name: str, ends: dict[str, str], context: dict[str, Any]) -> str:
    """The id of the one customer who is found by what was written; what finds nobody, as it is. Raises InvalidInput for
    several, who are offered in the context as `choices`: (customer, the address with that one)."""
    text = ends[name]
    is_stated = not text or ":" in text or Profile.objects.filter(pk=text).exists()
    if is_stated or not request.user.has_perm("profiles.view_profile"):
        return text
    found = search(text, CHOICES + 1)
    if len(found) < 2:
        return str(found[0].pk) if found else text
    address = reverse("profiles:explain")
    context["choices"] = [(person, f"{address}?{urlencode(ends | {name: person.pk})}") for person in found[:CHOICES]]
    raise InvalidInput(_("Several customers are found by “%(text)s”. Which one is meant?") % {"text": text}, place=name)


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
