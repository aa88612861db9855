"""Data › Unify: start a run, and its progress, from every step."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from core import htmx
from core.errors import KindredError
from core.roles import actor
from profiles.config import services
from profiles.views.unify_head import running


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
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    try:
        services.run_unification(by=actor(request))
    except KindredError as error:
        messages.error(request, error.html)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return redirect(back if is_ours else "profiles:unify")
