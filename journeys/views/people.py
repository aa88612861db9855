"""Who stands where in a journey, and one person's way through it."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.htmx import in_panel
from core.list_cells import choice_words
from core.lists import Choice, Column, Empty, ListPage
from journeys import queries
from journeys.graph import START
from journeys.kinds import kind_of
from journeys.models import Enrolment, Journey, JourneyVersion
from journeys.plans import plan_of
from journeys.reasons import reason_words
from journeys.views.pages import frame, loaded
from messaging.models import Message
from profiles.models import Profile

STATE_TONES = {"active": "info", "done": "good", "left": "warn", "stopped": "bad"}


def _place(row: Enrolment) -> str:
    plan = plan_of(row.version)
    step = plan.steps.get(row.step)
    return (step.label or str(kind_of(step).label)) if step else row.step


PEOPLE = ListPage(
    name="journey-people",
    personal="enrolment.export",
    columns=[
        Column("person", gettext_lazy("Customer"), value=lambda row: row.person_name or row.profile_id, link=True),
        Column("state", gettext_lazy("State"), pill=lambda row: (choice_words(row, "state"), STATE_TONES[row.state])),
        Column("step", gettext_lazy("Stands at"), value=_place),
        Column("reason", gettext_lazy("Why"), value=lambda row: reason_words().get(row.reason, row.reason)),
        Column("entered_at", gettext_lazy("Entered"), "ago"),
        Column("arrived_at", gettext_lazy("Here since"), "ago"),
        Column("due_at", gettext_lazy("Goes on"), "ago"),
        Column("version__number", gettext_lazy("Version"), "number", hidden=True),
        Column("profile_id", gettext_lazy("Customer id"), hidden=True),
    ],
    search=["profile_id", "person_name"],
    filters=[Choice("state", gettext_lazy("State"), choices=Enrolment.State.choices)],
    default_sort="-arrived_at",
    panel=True,
    search_hint=gettext_lazy("Name or customer id"),
    url=lambda row: reverse("journeys:person", args=[row.journey.slug, row.pk]),
    empty=Empty(
        gettext_lazy("Nobody is here yet"),
        gettext_lazy("Members of the segment enter when the journey is live; you see here how far each of them is."),
        icon="people",
    ),
)


@permission_required("journeys.view_journey", raise_exception=True)
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who stands where; `?step=…&show=waiting|passed|done|left|stopped|entered` is what the designer's numbers lead
    to."""
    journey = loaded(request, slug)
    context = frame(request, journey, "people") | {"standing": _chosen_place(request, journey)}
    if not request.user.has_perm("profiles.view_profile"):
        return render(request, "journeys/people.html", context | {"hidden": True}, status=403)
    versions = JourneyVersion.objects.filter(journey=journey)
    rows = queries.people_at(versions, request.GET.get("step", ""), request.GET.get("show", "entered"))
    name = Profile.objects.filter(pk=OuterRef("profile_id")).values("name")
    rows = rows.select_related("journey", "version__journey").annotate(person_name=Subquery(name[:1]))
    return PEOPLE.response(request, rows, "journeys/people.html", context)


def _chosen_place(request: HttpRequest, journey: Journey) -> str:
    """What the list is narrowed to, in words; "" for everyone."""
    step_id, show = request.GET.get("step", ""), request.GET.get("show", "")
    words = {
        "waiting": _("waiting at “%(step)s”"),
        "passed": _("passed “%(step)s”"),
        "done": _("completed at “%(step)s”"),
        "left": _("left at “%(step)s”"),
        "stopped": _("stopped at “%(step)s”"),
        "entered": _("came to “%(step)s”"),
    }
    version = journey.latest()
    if not step_id or step_id == START or show not in words or version is None:
        return ""
    step = plan_of(version).steps.get(step_id)
    return words[show] % {"step": (step.label or str(kind_of(step).label)) if step else step_id}


def _way(run: Enrolment) -> list[dict[str, Any]]:
    steps, way = plan_of(run.version).steps, []
    for left in queries.trail(run):
        step = steps[left.step]
        kind = kind_of(step)
        detail = left.exit or kind.words(step)
        way.append({"name": step.label or str(kind.label), "detail": detail, "seconds": left.seconds})
    return way


@permission_required(["journeys.view_journey", "profiles.view_profile"], raise_exception=True)
def person(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One person's way so far, in the side panel."""
    journey = loaded(request, slug)
    run = get_object_or_404(Enrolment.objects.select_related("version__journey"), journey=journey, pk=pk)
    context = {
        "journey": journey,
        "run": run,
        "way": _way(run),
        "here": _place(run),
        "tone": STATE_TONES[run.state],
        "reason": reason_words().get(run.reason, run.reason),
        "profile": Profile.objects.filter(pk=run.profile_id).first(),
        "written": Message.objects.filter(
            journey_key=journey.slug, profile_id=run.profile_id, is_test=False
        ).select_related("template_version__template"),
        "panel_layout": "components/panel.html" if in_panel(request) else "components/panel_page.html",
    }
    return render(request, "journeys/person.html", context)
