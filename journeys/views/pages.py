"""The list of journeys, and the verbs that are buttons."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core import audit, htmx
from core.bulk import for_each
from core.errors import KindredError
from core.lists import BulkAction, Choice, Column, Empty, ListPage
from core.roles import Actor
from journeys import services
from journeys.forms import NameForm
from journeys.models import Journey
from journeys.overview import Row, overview
from journeys.reasons import verb_words
from profiles.customers.queries import usual_goal
from segments.models import Segment

TONES = {"draft": "", "live": "good", "paused": "warn", "completed": "info", "stopped": "bad"}


def loaded(request: HttpRequest, slug: str) -> Journey:
    return get_object_or_404(Journey.objects.visible_to(request.user), slug=slug)


def actor(request: HttpRequest) -> Actor:
    return request.user if request.user.is_authenticated else None


def tabs(journey: Journey, active: str) -> list[dict[str, Any]]:
    names = {
        "detail": _("Flow"),
        "results": _("Results"),
        "people": _("People"),
        "history": _("History"),
    }
    return [
        {"label": label, "url": reverse(f"journeys:{name}", args=[journey.slug]), "active": name == active}
        for name, label in names.items()
    ]


def frame(request: HttpRequest, journey: Journey, active: str) -> dict[str, Any]:
    """What the head of every page of one journey needs."""
    return {
        "journey": journey,
        "tabs": tabs(journey, active),
        "tone": TONES[journey.state],
        "version": journey.latest(),
        "has_changes": services.has_changes(journey),
        "can_edit": request.user.has_perm("journeys.change_journey"),
        "can_publish": request.user.has_perm("journeys.publish_journey"),
    }


PAGE = ListPage(
    name="journeys",
    columns=[
        Column("name", gettext_lazy("Name"), link=True),
        Column("state", gettext_lazy("State"), pill=lambda row: (row.state_words, TONES[row.state])),
        Column("segment", gettext_lazy("Starts with"), sort=False),
        Column("entered", gettext_lazy("Entered"), "number"),
        Column("active", gettext_lazy("Under way"), "number"),
        Column("sent", gettext_lazy("Sent"), "number"),
        Column("not_sent", gettext_lazy("Not sent"), "number", template="journeys/partials/not_sent.html"),
        Column("conversion_rate", gettext_lazy("Conversion rate"), "percent"),
        Column("revenue", gettext_lazy("Revenue"), "figure", sort=False),
        Column("updated_at", gettext_lazy("Changed"), "ago"),
        Column("changed_by", gettext_lazy("By"), hidden=True),
        Column("description", gettext_lazy("Description"), hidden=True, sort=False),
    ],
    search=["name", "description", "segment"],
    filters=[Choice("state", gettext_lazy("State"), choices=Journey.State.choices)],
    bulk=[
        BulkAction(
            "pause", gettext_lazy("Pause"),
            for_each(
                Journey, services.pause, ngettext_lazy("%(n)s journey is paused.", "%(n)s journeys are paused.", "n")
            ),
            "journeys.publish_journey", icon="pause",
        ),
        BulkAction(
            "resume", gettext_lazy("Resume"),
            for_each(Journey, services.resume, ngettext_lazy("%(n)s journey goes on.", "%(n)s journeys go on.", "n")),
            "journeys.publish_journey", icon="play",
        ),
        BulkAction(
            "stop", gettext_lazy("Stop"),
            for_each(
                Journey, services.stop, ngettext_lazy("%(n)s journey is stopped.", "%(n)s journeys are stopped.", "n")
            ),
            "journeys.publish_journey", icon="stop-circle", danger=True,
            confirm=gettext_lazy(
                "Everybody who is under way leaves these journeys for good, and messages not yet sent are skipped."
            ),
        ),
        BulkAction(
            "delete", gettext_lazy("Delete drafts"),
            for_each(
                Journey, services.delete, ngettext_lazy("%(n)s draft is deleted.", "%(n)s drafts are deleted.", "n")
            ),
            "journeys.delete_journey", icon="trash", danger=True,
            confirm=gettext_lazy("The drafts are deleted. Journeys that were ever published cannot be deleted."),
        ),
    ],
    default_sort="-updated_at",
    key=lambda row: str(row.pk),
    url=lambda row: row.url,
    empty=Empty(
        gettext_lazy("No journeys yet"),
        gettext_lazy("A journey leads the members of a segment through e-mails, waits and branches."),
        icon="signpost-2",
        action=gettext_lazy("New journey"),
        url="journeys:create",
        panel=True,
        example=gettext_lazy("Example: send loyal customers a coupon, wait three days, and thank those who ordered."),
        permission="journeys.add_journey",
    ),
)  # fmt: skip


@permission_required("journeys.view_journey", raise_exception=True)
def list_(request: HttpRequest) -> HttpResponse:
    rows: list[Row] = overview(Journey.objects.visible_to(request.user))
    return PAGE.response(request, rows, "journeys/list.html")


@permission_required("journeys.add_journey", raise_exception=True)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """`?segment=` names the one whose members enter."""
    segment = Segment.objects.visible_to(request.user).filter(slug=request.GET.get("segment", "")).first()
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        journey = services.create(
            form.cleaned_data["name"],
            description=form.cleaned_data["description"],
            segment=segment.slug if segment else "",
            by=actor(request),
        )
        if goal := usual_goal():
            services.set_goal(journey, goal, journey.conversion_days, by=actor(request))
        return htmx.go_to(request, journey.get_absolute_url())
    context = {
        "title": _("New journey"),
        "form": form,
        "submit": _("Draw the journey"),
        "intro": _("It starts with the members of “%(name)s”.") % {"name": segment.name} if segment else "",
        "action": request.get_full_path(),
        "back_url": segment.get_absolute_url() if segment else reverse("journeys:list"),
        "panel_layout": _layout(request),
    }
    return render(request, "components/form_panel.html", context, status=422 if request.method == "POST" else 200)


@permission_required("journeys.change_journey", raise_exception=True)
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    journey = loaded(request, slug)
    form = NameForm(request.POST or None, instance=journey)
    if request.method == "POST" and form.is_valid():
        journey = loaded(request, slug)
        services.rename(journey, form.cleaned_data["name"], form.cleaned_data["description"], by=actor(request))
        return htmx.go_to(request, journey.get_absolute_url())
    context = {
        "title": _("Name and description"),
        "form": form,
        "action": reverse("journeys:rename", args=[slug]),
        "back_url": journey.get_absolute_url(),
        "panel_layout": _layout(request),
    }
    return render(request, "components/form_panel.html", context, status=422 if request.method == "POST" else 200)


def _layout(request: HttpRequest) -> str:
    return "components/panel.html" if htmx.in_panel(request) else "components/panel_page.html"


def _verb(permission: str, run: Callable[..., Any], done: Callable[[Journey], str], to: str = "detail") -> Any:
    """A button: checks, does it, says so. What cannot be done comes back as a message on the page."""

    @permission_required(permission, raise_exception=True)
    @require_POST
    def view(request: HttpRequest, slug: str) -> HttpResponse:
        journey = loaded(request, slug)
        try:
            result = run(journey, by=actor(request))
        except KindredError as error:
            messages.error(request, str(error.message))
            return redirect(journey)
        messages.success(request, done(journey))
        target = result if isinstance(result, Journey) else journey
        return redirect("journeys:list") if to == "list" else redirect(target)

    return view


publish = _verb(
    "journeys.publish_journey", services.publish, lambda j: _("“%(name)s” is published.") % {"name": j.name}
)
pause = _verb("journeys.publish_journey", services.pause, lambda j: _("“%(name)s” is paused.") % {"name": j.name})
resume = _verb("journeys.publish_journey", services.resume, lambda j: _("“%(name)s” goes on.") % {"name": j.name})
stop = _verb("journeys.publish_journey", services.stop, lambda j: _("“%(name)s” is stopped.") % {"name": j.name})
duplicate = _verb("journeys.add_journey", services.duplicate, lambda j: _("This is the copy."))
discard = _verb("journeys.change_journey", services.discard_draft, lambda j: _("The changes are discarded."))
delete = _verb(
    "journeys.delete_journey", services.delete, lambda j: _("“%(name)s” is deleted.") % {"name": j.name}, to="list"
)


@permission_required("journeys.view_journey", raise_exception=True)
def history(request: HttpRequest, slug: str) -> HttpResponse:
    journey = loaded(request, slug)
    context = frame(request, journey, "history") | {
        "entries": audit.history(journey),
        "words": verb_words(),
        "versions": journey.versions.select_related("published_by"),
    }
    return render(request, "journeys/history.html", context)
