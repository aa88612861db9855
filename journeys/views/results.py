"""What a journey brought, and the messages behind each number."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.csv_files import csv_pieces, csv_response
from core.formats import major
from core.lists import Choice, Column, ListPage
from core.live import seconds_until_next
from journeys.analytics import Results, conversions
from journeys.analytics import results as results_of
from journeys.models import Journey
from journeys.overview import revenue_words
from journeys.steps.email import cause_of
from journeys.views.pages import frame, loaded
from messaging.analytics import NOT_SENT, WAITING
from messaging.models import Interaction, InteractionKind, Message, Reason, State
from messaging.queries import with_names
from messaging.views.conversions import PAGE as CONVERSIONS
from messaging.views.conversions import named


@permission_required("journeys.view_journey", raise_exception=True)
def results(request: HttpRequest, slug: str) -> HttpResponse | StreamingHttpResponse:
    journey = loaded(request, slug)
    found = results_of(journey)
    if request.GET.get("export") == "csv":
        return _export(journey, found)
    context = frame(request, journey, "results") | {
        "results": found,
        "whole": found.whole,
        "revenue": revenue_words(sorted(found.whole.revenue.items())),
        "funnel": _funnel(journey, found),
        "over_time": _over_time(journey, found),
        "revenue_charts": [_revenue_chart(found, currency) for currency in sorted(found.revenue_days)],
        "reasons": [(Reason(key).label, count, key) for key, count in found.whole.reasons.items()],
        "rows": [(message, revenue_words(sorted(message.revenue.items()))) for message in found.messages],
        "states": _states(found),
        "every": _seconds_until_next(journey, found),
    }
    return render(request, "journeys/results.html", context)


def _seconds_until_next(journey: Journey, found: Results) -> int:
    is_beginning = journey.state == Journey.State.LIVE and not found.people.entered
    moves = is_beginning or bool(found.people.active or found.whole.waiting)
    return seconds_until_next(moves=moves, can_move=journey.state == Journey.State.LIVE or bool(found.whole.audience))


def _export(journey: Journey, found: Results) -> StreamingHttpResponse:
    """The table by message; what was earned has a column for each currency."""
    words = (_("Planned"), _("Sent"), _("Not sent"), _("Delivered"), _("Opened"), _("Clicked"), _("Unsubscribed"))
    currencies = sorted({currency for message in found.messages for currency in message.revenue})
    money = [_("Revenue, %(currency)s") % {"currency": currency} for currency in currencies]
    rows = [
        [
            *(one.name, one.audience, one.sent, one.skipped, one.delivered, one.opened, one.clicked, one.unsubscribed),
            one.converted,
            *(major(one.revenue.get(currency, 0), currency or "USD") for currency in currencies),
        ]
        for one in found.messages
    ]
    header = [_("Message"), *words, _("Converted"), *money]
    return csv_response(f"{journey.slug}-messages", csv_pieces(header, rows))


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


def _over_time(journey: Journey, found: Results) -> dict[str, Any]:
    names = {"sent": _("Sent"), "opened": _("Opened"), "clicked": _("Clicked")}
    if journey.conversion_activity:
        names["converted"] = _("Conversions")
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
    personal="message.export",
    columns=[
        Column("person", gettext_lazy("Customer"), value=lambda row: row.person_name or row.profile_id, link=True),
        Column("address", gettext_lazy("Address")),
        Column("email", gettext_lazy("E-mail"), value=_step_name),
        Column("state", gettext_lazy("State"), "pill"),
        Column("reason", gettext_lazy("Reason"), sort=False),
        Column("settled_at", gettext_lazy("When"), "ago"),
        Column("profile_id", gettext_lazy("Customer id"), hidden=True),
    ],
    search=["address", "profile_id"],
    filters=[
        Choice("state", gettext_lazy("State"), choices=State.choices),
        Choice("reason", gettext_lazy("Reason"), choices=Reason.choices),
    ],
    default_sort="-settled_at",
    url=lambda row: reverse("profiles:detail", args=[row.profile_id]),
)  # fmt: skip

_TITLES = {
    "audience": gettext_lazy("Everyone a message was planned for"),
    "sent": gettext_lazy("Messages sent"),
    "waiting": gettext_lazy("Messages waiting to be sent"),
    "skipped": gettext_lazy("Messages not sent"),
    "refused": gettext_lazy("Messages refused by the mail server"),
    "unknown": gettext_lazy("Messages with an unknown outcome"),
    "delivered": gettext_lazy("Messages delivered"),
    "opened": gettext_lazy("Messages opened"),
    "clicked": gettext_lazy("Messages with a click"),
    "unsubscribed": gettext_lazy("Unsubscribed"),
    "bounced": gettext_lazy("Messages that came back"),
    "converted": gettext_lazy("Conversions"),
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
    version = request.GET.get("version", "")
    context = frame(request, journey, "results") | {"title": _TITLES[show], "show": show}
    if not request.user.has_perm("profiles.view_profile"):
        return render(request, "journeys/people_behind.html", context | {"hidden": True}, status=403)
    if show == "converted":
        return CONVERSIONS.response(request, _converted(journey, step), "journeys/people_behind.html", context)
    rows = _messages(journey, show, step, reason)
    if version.isascii() and version.isdecimal() and len(version) < 6:
        rows = rows.filter(cause__startswith=cause_of(journey.pk, int(version)))
    return MESSAGES.response(request, rows, "journeys/people_behind.html", context)


def _messages(journey: Journey, show: str, step: str, reason: str) -> Any:
    rows: Any = Message.objects.filter(journey_key=journey.slug, is_test=False)
    rows = rows.filter(step_key=step) if step else rows
    rows = rows.filter(reason=reason, state__in=NOT_SENT) if reason else rows
    rows = with_names(rows)
    if show in _REACTION:
        done = Interaction.objects.filter(message=OuterRef("pk"), kind=_REACTION[show], is_machine=False)
        return rows.filter(Exists(done), state=State.ACCEPTED)
    if show == "delivered":
        bounced = Interaction.objects.filter(message=OuterRef("pk"), kind=InteractionKind.BOUNCE)
        return rows.filter(~Exists(bounced), state=State.ACCEPTED)
    states = {
        "sent": [State.ACCEPTED],
        "waiting": list(WAITING),
        "skipped": [State.SKIPPED],
        "refused": [State.REFUSED],
        "unknown": [State.UNKNOWN],
    }
    return rows.filter(state__in=states[show]) if show in states else rows


def _converted(journey: Journey, step: str) -> list[dict[str, Any]]:
    rows = conversions(journey).to_pylist()
    return named(row for row in rows if not step or row["step"] == step)
