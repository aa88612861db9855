"""Settings: people and roles, workspace, audit, API token."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import guesses, htmx, people, settings_services
from core.errors import KindredError
from core.forms import PersonForm, WorkspaceForm
from core.models import ApiToken, AuditEntry, Workspace
from core.pages import AUDIT, PEOPLE, details
from core.roles import actor

HISTORY_CHARACTERS = 160  # of what one change says


@require_http_methods(["GET", "POST"])
@permission_required("auth.view_user", raise_exception=True)
def people_list(request: HttpRequest) -> HttpResponse:
    return PEOPLE.response(request, User.objects.prefetch_related("groups"), "core/people.html")


@require_http_methods(["GET", "POST"])
@permission_required("auth.add_user", raise_exception=True)
def person_add(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = people.add_person(**form.cleaned_data, by=actor(request))
        except KindredError as error:
            form.add_error("username", error.message)
        else:
            return _show_link(request, user)
    context = {"title": _("Add a person"), "submit": _("Add person"), "form": form}
    return _form(request, context | {"intro": _("They get a link with which they choose their own password.")})


@require_http_methods(["GET", "POST"])
@permission_required("auth.change_user", raise_exception=True)
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST or None, person=user)
    if request.method == "POST" and form.is_valid():
        try:
            people.change_person(user, **form.cleaned_data, by=actor(request))
        except KindredError as error:
            form.add_error("role", error.message)
        else:
            messages.success(request, _("Saved."))
            return htmx.go_to(request, reverse("core:people"))
    return _form(
        request, {"title": user.get_full_name() or user.username, "form": form, "person": user}, "core/person.html"
    )


@require_POST
@permission_required("auth.change_user", raise_exception=True)
def person_link(request: HttpRequest, pk: int) -> HttpResponse:
    return _show_link(request, get_object_or_404(User, pk=pk, is_active=True))


@require_POST
@permission_required("auth.change_user", raise_exception=True)
def person_active(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    try:
        people.set_active(user, request.POST.get("active") == "1", by=actor(request))
    except KindredError as error:
        messages.error(request, str(error))
    else:
        words = _("%(name)s can sign in again.") if user.is_active else _("%(name)s can no longer sign in.")
        messages.success(request, words % {"name": user.username})
    return htmx.go_to(request, reverse("core:people"))


@require_http_methods(["GET", "POST"])
@permission_required("core.view_workspace", raise_exception=True)
def workspace(request: HttpRequest) -> HttpResponse:
    current = Workspace.current()
    is_new = settings_services.is_new() and request.user.has_perm("core.change_workspace")
    guess = guesses.of_browser(request.headers.get("Accept-Language", "")) if is_new else {}
    initial = {"company_name": "", **guess} if is_new else {}
    form = WorkspaceForm(request.POST or None, instance=current, initial=initial)
    if request.method == "POST":
        if form.is_valid():
            settings_services.change_workspace(form.cleaned_data, by=actor(request))
            messages.success(request, _("Saved. Tables are read by it from their next load on."))
            return htmx.go_to(request, reverse("home" if is_new else "core:workspace"))
    elif not request.user.has_perm("core.change_workspace"):
        for field in form.fields.values():
            field.disabled = True
    return render(request, "core/workspace.html", {"form": form, "history": _history(current), "guess": guess})


@require_http_methods(["GET", "POST"])
@permission_required("core.view_auditentry", raise_exception=True)
def audit_list(request: HttpRequest) -> HttpResponse:
    return AUDIT.response(
        request, AuditEntry.objects.visible_to(request.user).select_related("user"), "core/audit.html"
    )


@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """The token itself is shown once, right after it was made."""
    token = ApiToken.objects.filter(user=actor(request)).first()
    context = {
        "token": token,
        "new_token": request.session.pop("new_token", ""),
        "base_url": request.build_absolute_uri("/"),
    }
    return render(request, "core/tokens.html", context)


@require_POST
def token_create(request: HttpRequest) -> HttpResponse:
    request.session["new_token"] = settings_services.create_token(actor(request))
    return htmx.go_to(request, reverse("core:tokens"))


@require_POST
def token_revoke(request: HttpRequest) -> HttpResponse:
    settings_services.revoke_token(actor(request))
    messages.success(request, _("The token no longer works."))
    return htmx.go_to(request, reverse("core:tokens"))


def _form(request: HttpRequest, context: dict[str, Any], template: str = "components/form_panel.html") -> HttpResponse:
    status = 422 if context["form"].is_bound else 200
    return render(request, template, context | {"back_url": reverse("core:people")}, status=status)


def _show_link(request: HttpRequest, user: User) -> HttpResponse:
    return render(request, "core/person_link.html", {"person": user, "link": people.password_link(user)})


def _history(target: Workspace) -> list[tuple[AuditEntry, str]]:
    """The newest changes, and what they changed in words."""
    entries = AuditEntry.objects.filter(kind="core.workspace", target=str(target.pk)).select_related("user")[:5]
    return [(entry, Truncator(details(entry)).chars(HISTORY_CHARACTERS)) for entry in entries]
