"""The e-mail editor: draft on the left, preview as a real person on the right."""

from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import audit, htmx
from core.errors import KindredError
from core.roles import actor
from lake.queries import snapshot
from messaging import checks, clash, preview, services, usage
from messaging.models import EmailTemplate, Message, State
from messaging.models.template import CONTENT_FIELDS
from profiles.models import Profile

MAX_BODY = 500_000
_SOURCES = ["data:", "https:", "http:", SELF]


class TemplateForm(forms.ModelForm[EmailTemplate]):
    defaults_text = forms.CharField(required=False, widget=forms.Textarea)

    class Meta:
        model = EmailTemplate
        fields = ["name", *(name for name in CONTENT_FIELDS if name != "defaults")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_choice = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    def clean_defaults_text(self) -> dict[str, str]:
        """One line per token: "First Name = friend"."""
        lines = [line.split("=", 1) for line in self.cleaned_data["defaults_text"].splitlines() if "=" in line]
        return {label.strip(): text.strip() for label, text in lines if label.strip()}

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if len(body) > MAX_BODY:
            raise forms.ValidationError(_("The body is longer than 500,000 characters."))
        return body


def _template(request: HttpRequest, pk: int) -> EmailTemplate:
    return get_object_or_404(EmailTemplate.objects.visible_to(request.user), pk=pk)


def _person(request: HttpRequest, template: EmailTemplate, wanted: str | None) -> str:
    """Whose mail is shown, as far as the reader may see customers: the one wanted, else somebody who would get it."""
    people = Profile.objects.visible_to(request.user)
    if wanted and people.filter(pk=wanted).exists():
        return wanted
    somebody = preview.somebody(template, people)
    return somebody.pk if somebody else ""


def _context(template: EmailTemplate, profile_id: str) -> dict[str, Any]:
    return {
        "template": template,
        "checks": checks.check(template),
        "shown": preview.for_person(template, profile_id),
        "profile_id": profile_id,
        "seen": clash.stamp(template),
    }


@permission_required("messaging.view_emailtemplate", raise_exception=True)
@require_GET
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    template = _template(request, pk)
    person = _person(request, template, request.GET.get("person"))
    context = _context(template, person) | {
        "form": TemplateForm(instance=template),
        "defaults_text": "\n".join(f"{label} = {text}" for label, text in template.defaults.items()),
        "person": Profile.objects.filter(pk=person).first(),
        "uses": usage.emails.of(template.slug),
        "tokens": preview.token_groups(snapshot()),
        "versions": template.versions.select_related("created_by")[:20],
        "history": audit.history(template)[:20],
        "may_edit": request.user.has_perm("messaging.change_emailtemplate"),
        "own_address": actor(request).email,
    }
    return render(request, "messaging/edit.html", context)


@permission_required("messaging.change_emailtemplate", raise_exception=True)
@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Saves the draft and answers with its checks; the editor calls it while a person types.

    When somebody else saved since the editor last heard of the draft, nothing is saved and the answer says who did.
    """
    with transaction.atomic():
        stored = get_object_or_404(EmailTemplate.objects.visible_to(request.user).select_for_update(), pk=pk)
        return _saved(request, stored)


def _saved(request: HttpRequest, template: EmailTemplate) -> HttpResponse:
    seen, is_htmx = request.POST.get("seen", ""), "HX-Request" in request.headers
    found = None if request.POST.get("overwrite") else clash.find(template, seen, request.POST, actor(request))
    if found:
        state = {"template": template, "clash": found, "seen": seen, "may_edit": True}
        if is_htmx:
            return render(request, "messaging/partials/state.html", state)
        return render(request, "messaging/clash.html", state, status=409)
    form = TemplateForm(request.POST, instance=template)
    if not form.is_valid():
        state = {"form": form, "form_errors": form.errors, "seen": seen}
        return render(request, "messaging/partials/state.html", state, status=422)
    template.defaults = form.cleaned_data["defaults_text"]
    services.save_template(template, by=actor(request), quiet=is_htmx)
    if not is_htmx:
        return redirect(template)
    context = _context(template, _person(request, template, request.POST.get("person"))) | {
        "saved": True,
        "may_edit": True,
    }
    return render(request, "messaging/partials/state.html", context)


# Typed for views without path arguments: `frame` wraps an inner one.
_framed = csp(
    {
        "default-src": [NONE],
        "img-src": _SOURCES,
        "style-src": ["'unsafe-inline'", "https:"],
        "font-src": ["https:"],
        "frame-ancestors": [SELF],
        "sandbox": ["allow-popups"],
    }
)


@permission_required("messaging.view_emailtemplate", raise_exception=True)
@require_GET
def frame(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The mail itself, for a sandboxed frame: no script runs, and no link carries a token. Without `person` it is
    that of somebody who would get it."""
    template = _template(request, pk)

    @_framed
    def page(request: HttpRequest) -> HttpResponse:
        shown = preview.for_person(template, _person(request, template, request.GET.get("person")))
        if request.GET.get("part") == "text":
            return HttpResponse(shown.text, content_type="text/plain; charset=utf-8")
        return HttpResponse(preview.dark(shown.html) if request.GET.get("scheme") == "dark" else shown.html)

    return page(request)


@permission_required("profiles.view_profile", raise_exception=True)
@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Up to eight people by name, e-mail or id, for the person switcher."""
    query = request.GET.get("q", "").strip()
    rows = Profile.objects.visible_to(request.user)
    if query:
        rows = rows.filter(Q(name__istartswith=query) | Q(email__istartswith=query) | Q(pk=query))
    context = {"people": rows.order_by("name")[:8], "template": _template(request, pk)}
    return render(request, "messaging/partials/people.html", context)


@permission_required("messaging.change_emailtemplate", raise_exception=True)
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    template = _template(request, pk)
    address, person = request.POST.get("address", ""), request.POST.get("person", "")
    try:
        level, words = _told(services.send_test(template, address, person, by=actor(request)))
    except KindredError as error:
        level, words = "error", str(error)
    if htmx.is_fragment(request):
        return htmx.toast(HttpResponse(status=204), words, level)
    getattr(messages, level)(request, words)
    return redirect(f"{reverse('messaging:template_edit', args=[pk])}?person={person}")


def _told(sent: Message) -> tuple[str, str]:
    """The level and the words of the toast after a test."""
    if sent.state == State.ACCEPTED:
        return "success", _("The test was sent to %(address)s.") % {"address": sent.address}
    reason = sent.get_reason_display() or sent.get_state_display()
    return "error", _("The test was not sent: %(reason)s. %(detail)s") % {"reason": reason, "detail": sent.detail}


@permission_required("messaging.change_emailtemplate", raise_exception=True)
@require_http_methods(["POST"])
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    template = services.restore_version(_template(request, pk), number, by=actor(request))
    messages.success(request, _("The draft is version %(number)d again.") % {"number": number})
    return redirect(template)
