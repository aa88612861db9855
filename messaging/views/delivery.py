"""Journeys › Delivery: the ledger, and what a person must decide about."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from core.list_cells import choice_words
from core.lists import BulkAction, Choice, Column, Empty, ListPage
from core.live import seconds_until_next
from core.roles import actor
from core.text import humanize
from messaging import charts, services
from messaging.analytics import Audience, people
from messaging.delivery import trouble
from messaging.models import Message, Reason, State
from messaging.queries import has_work, unknown, waits_to_be_sent, with_names


def _ids(ids: list[str]) -> list[int]:
    return [int(pk) for pk in ids if pk.isdecimal()]


def _mark_sent(request: HttpRequest, ids: list[str]) -> str:
    count = services.mark_as_sent(_ids(ids), by=actor(request))
    return ngettext("%d message is marked as sent.", "%d messages are marked as sent.", count) % count


def _again(request: HttpRequest, ids: list[str]) -> str:
    count = services.send_again(_ids(ids), by=actor(request))
    return ngettext("%d message will be sent again.", "%d messages will be sent again.", count) % count


PAGE = ListPage(
    name="messages",
    personal="message.export",
    columns=[
        Column("person", gettext_lazy("Customer"), value=lambda m: m.person_name or m.profile_id, link=True),
        Column("address", gettext_lazy("Address")),
        Column("email", gettext_lazy("E-mail"), value=lambda m: m.template_version.template.name),
        Column("journey_key", gettext_lazy("Journey"), value=lambda m: m.journey_key and humanize(m.journey_key)),
        Column("step_key", gettext_lazy("Step"), hidden=True),
        Column("state", gettext_lazy("State"), "pill", pill=lambda m: (choice_words(m, "state"), charts.tone(m.state))),
        Column("reason", gettext_lazy("Reason")),
        Column("detail", gettext_lazy("Server's answer"), hidden=True),
        Column("attempts", gettext_lazy("Attempts"), "number", hidden=True),
        Column("planned_at", gettext_lazy("Planned"), "ago", hidden=True),
        Column("settled_at", gettext_lazy("Done"), "ago"),
        Column("profile_id", gettext_lazy("Customer id"), hidden=True),
    ],
    url=lambda m: reverse("profiles:detail", args=[m.profile_id]),
    search=["address", "profile_id"],
    search_hint=gettext_lazy("Search by address or customer id"),
    filters=[
        Choice("state", gettext_lazy("State"), choices=State.choices),
        Choice("reason", gettext_lazy("Reason"), choices=Reason.choices),
    ],
    bulk=[
        BulkAction("mark_sent", gettext_lazy("Mark as sent"), _mark_sent,
                   permission="messaging.change_message", icon="check2",
                   confirm=gettext_lazy("Messages whose fate is unknown are counted as sent. Nothing is sent.")),
        BulkAction(
            "send_again", gettext_lazy("Send again"), _again, permission="messaging.change_message", icon="send",
            confirm=gettext_lazy("Unknown and refused messages are sent again. Somebody may get a message twice."),
        ),
    ],
    empty=Empty(
        title=gettext_lazy("No messages yet"),
        text=gettext_lazy(
            "Every e-mail that a journey wants to send appears here before it is sent, with what became of it."
        ),
        icon="send",
    ),
)  # fmt: skip


@permission_required("messaging.view_message", raise_exception=True)
@require_http_methods(["GET", "POST"])
def list_(request: HttpRequest) -> HttpResponse:
    """`?email=`, `?journey=`, `?step=` and `?what=` (opened, clicked, a state, a reason) lead here from numbers."""
    email = request.GET.get("email", "")
    audience = Audience(
        journey_key=request.GET.get("journey", ""),
        step_key=request.GET.get("step", ""),
        template_id=int(email) if email.isdecimal() else None,
    )
    rows = with_names(people(audience, request.GET.get("what", "")) & Message.objects.visible_to(request.user))
    extra = {
        "unknown": unknown().count(),
        "trouble": trouble(),
        "every": seconds_until_next(moves=has_work(), can_move=waits_to_be_sent()),
    }
    return PAGE.response(request, rows, "messaging/delivery.html", extra)
