"""Why two customers or records are one person, or are not."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import htmx
from core.errors import KindredError
from profiles.explaining import explanation
from profiles.explaining_words import KEPT_APART, as_json


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
        except KindredError as error:
            context["error"], status = error, 422
    context["panel_layout"] = htmx.PANEL if htmx.is_fragment(request) else htmx.PANEL_AS_PAGE
    return render(request, "profiles/explain.html", context, status=status)
