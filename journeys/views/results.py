"""What a journey brought, and the people behind each number."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.formats import major
from core.htmx import in_panel
from core.lists import Choice, Column, ListPage
from journeys import queries
from journeys.analytics import Results, conversions
from journeys.analytics import results as results_of
from journeys.graph import START
from journeys.kinds import kind_of
from journeys.models import Enrolment, Journey, JourneyVersion
from journeys.overview import revenue_words
from journeys.plans import plan_of
from journeys.reasons import reason_words
from journeys.views.pages import frame, loaded
from messaging.models import Interaction, InteractionKind, Message, Reason, State
from messaging.views.conversions import PAGE as CONVERSIONS
from messaging.views.conversions import named
from profiles.models import Profile

STATE_TONES = {"active": "info", "done": "good", "left": "warn", "stopped": "bad"}


def customer_url(profile_id: str) -> str:
    return reverse("profiles:detail", args=[profile_id])


@permission_required("journeys.view_journey", raise_exception=True)
def results(request: HttpRequest, slug: str) -> HttpResponse:
    journey = loaded(request, slug)
    found = results_of(journey)
    context = frame(request, journey, "results") | {
        "results": found,
        "whole": found.whole,
        "revenue": revenue_words(sorted(found.whole.revenue.items())),
        "funnel": _funnel(journey, found),
        "over_time": _over_time(found),
        "revenue_charts": [_revenue_chart(found, currency) for currency in sorted(found.revenue_days)],
        "reasons": [(Reason(key).label, count, key) for key, count in found.whole.reasons.items()],
        "rows": [(message, revenue_words(sorted(message.revenue.items()))) for message in found.messages],
        "states": _states(found),
    }
    return render(request, "journeys/results.html", context)


def _behind(journey: Journey, show: str) -> str:
    return reverse("journeys:people_behind", args=[journey.slug]) + f"?show={show}"


def _funnel(journey: Journey, found: Results) -> dict[str, Any]:
    whole = found.whole
    stages = [
        (_("Planned"), whole.audience, "audience"),
        (_("Sent"), whole.sent, "sent"),
        (_("Delivered"), whole.delivered, "delivered"),
        (_("Opened"), whole.opened, "opened"),
        (_("Clicked"), whole.clicked, "clicked"),
    ]
    if journey.conversion_activity:
        stages.append((_("Converted"), whole.converted, "converted"))
    return {
        "labels": [label for label, _count, _show in stages],
        "series": [{"name": _("Messages"), "values": [count for _label, count, _show in stages]}],
        "links": [_behind(journey, show) for _label, _count, show in stages],
    }


def _over_time(found: Results) -> dict[str, Any]:
    names = {"sent": _("Sent"), "opened": _("Opened"), "clicked": _("Clicked"), "converted": _("Conversions")}
    return {
        "labels": [day.isoformat() for day, _counts in found.days],
        "series": [{"name": name, "values": [counts[key] for _d, counts in found.days]} for key, name in names.items()],
    }


def _revenue_chart(found: Results, currency: str) -> dict[str, Any]:
    days = found.revenue_days[currency]
    return {
        "labels": [day.isoformat() for day in sorted(days)],
        "series": [
            {"name": _("Revenue"), "values": [float(major(days[day], currency or "USD")) for day in sorted(days)]}
        ],
        "format": "money" if currency else "number",
        "currency": currency,
    }


def _states(found: Results) -> list[tuple[str, int, str]]:
    """The audience by state: these add up to it."""
    whole = found.whole
    return [
        (_("Sent"), whole.sent, "sent"),
        (_("Waiting to be sent"), whole.waiting, "waiting"),
        (_("Not sent"), whole.skipped, "skipped"),
        (_("Refused by the mail server"), whole.refused, "refused"),
        (_("Unknown"), whole.unknown, "unknown"),
    ]


def _step_name(row: Message) -> str:
    return row.template_version.template.name


MESSAGES = ListPage(
    name="journey-messages",
    columns=[
        Column("person", lazy("Customer"), value=lambda row: row.person_name or row.profile_id, link=True),
        Column("address", lazy("Address")),
        Column("email", lazy("E-mail"), value=_step_name),
        Column("state", lazy("State"), "pill"),
        Column("reason", lazy("Reason"), value=lambda row: row.get_reason_display()),
        Column("settled_at", lazy("When"), "ago"),
        Column("profile_id", lazy("Customer id"), hidden=True),
    ],
    search=["address", "profile_id"],
    filters=[
        Choice("state", lazy("State"), choices=State.choices),
        Choice("reason", lazy("Reason"), choices=Reason.choices),
    ],
    default_sort="-settled_at",
    url=lambda row: customer_url(row.profile_id),
)  # fmt: skip

_TITLES = {
    "audience": lazy("Everyone a message was planned for"),
    "sent": lazy("Messages sent"),
    "waiting": lazy("Messages waiting to be sent"),
    "skipped": lazy("Messages not sent"),
    "refused": lazy("Messages refused by the mail server"),
    "unknown": lazy("Messages with an unknown outcome"),
    "delivered": lazy("Messages delivered"),
    "opened": lazy("Messages opened"),
    "clicked": lazy("Messages with a click"),
    "unsubscribed": lazy("Unsubscribed"),
    "bounced": lazy("Messages that came back"),
    "converted": lazy("Conversions"),
}
_REACTION = {
    "opened": InteractionKind.OPEN,
    "clicked": InteractionKind.CLICK,
    "unsubscribed": InteractionKind.UNSUBSCRIBE,
    "bounced": InteractionKind.BOUNCE,
}


@permission_required("journeys.view_journey", raise_exception=True)
def people_behind(request: HttpRequest, slug: str) -> HttpResponse:
    """The messages, or conversions, behind one number of the results; for those who may see customers."""
    journey = loaded(request, slug)
    show = request.GET.get("show", "audience")
    show = show if show in _TITLES else "audience"
    step, reason = request.GET.get("step", ""), request.GET.get("only", "")
    context = frame(request, journey, "results") | {"title": _TITLES[show], "show": show}
    if not request.user.has_perm("profiles.view_profile"):
        return render(request, "journeys/people_behind.html", context | {"hidden": True}, status=403)
    if show == "converted":
        return CONVERSIONS.response(request, _converted(journey, step), "journeys/people_behind.html", context)
    rows = _messages(journey, show, step, reason)
    return MESSAGES.response(request, rows, "journeys/people_behind.html", context)


def _messages(journey: Journey, show: str, step: str, reason: str) -> Any:
    rows: Any = Message.objects.filter(journey_key=journey.slug, is_test=False)
    rows = rows.filter(step_key=step) if step else rows
    rows = rows.filter(reason=reason) if reason else rows
    name = Profile.objects.filter(pk=OuterRef("profile_id")).values("name")
    rows = rows.select_related("template_version__template").annotate(person_name=Subquery(name[:1]))
    if show in _REACTION:
        done = Interaction.objects.filter(message=OuterRef("pk"), kind=_REACTION[show], is_machine=False)
        return rows.filter(Exists(done))
    if show == "delivered":
        bounced = Interaction.objects.filter(message=OuterRef("pk"), kind=InteractionKind.BOUNCE)
        return rows.filter(~Exists(bounced), state=State.ACCEPTED)
    states = {
        "sent": [State.ACCEPTED],
        "waiting": [State.PLANNED, State.CLAIMED],
        "skipped": [State.SKIPPED],
        "refused": [State.REFUSED],
        "unknown": [State.UNKNOWN],
    }
    return rows.filter(state__in=states[show]) if show in states else rows


def _converted(journey: Journey, step: str) -> list[dict[str, Any]]:
    rows = conversions(journey).to_pylist()
    return named(row for row in rows if not step or row["step"] == step)


def _place(row: Enrolment) -> str:
    plan = plan_of(row.version)
    step = plan.steps.get(row.step)
    return (step.label or str(kind_of(step).label)) if step else row.step


PEOPLE = ListPage(
    name="journey-people",
    columns=[
        Column("person", lazy("Customer"), value=lambda row: row.person_name or row.profile_id, link=True),
        Column("state", lazy("State"), pill=lambda row: (row.get_state_display(), STATE_TONES[row.state])),
        Column("step", lazy("Stands at"), value=_place),
        Column("reason", lazy("Why"), value=lambda row: reason_words().get(row.reason, row.reason)),
        Column("entered_at", lazy("Entered"), "ago"),
        Column("arrived_at", lazy("Here since"), "ago"),
        Column("due_at", lazy("Goes on"), "ago"),
        Column("version__number", lazy("Version"), "number", hidden=True),
        Column("profile_id", lazy("Customer id"), hidden=True),
    ],
    search=["profile_id", "person_name"],
    filters=[Choice("state", lazy("State"), choices=Enrolment.State.choices)],
    default_sort="-arrived_at",
    panel=True,
    search_hint=lazy("Name or customer id"),
    url=lambda row: reverse("journeys:person", args=[row.journey.slug, row.pk]),
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
        "messages": Message.objects.filter(
            journey_key=journey.slug, profile_id=run.profile_id, is_test=False
        ).select_related("template_version__template"),
        "panel_layout": "components/panel.html" if in_panel(request) else "components/panel_page.html",
    }
    return render(request, "journeys/person.html", context)
