"""Journeys › Delivery: the ledger, and what a person must decide about."""

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.lists import BulkAction, Choice, Column, Empty, ListPage
from core.roles import actor
from core.text import humanize
from messaging import charts, services
from messaging.analytics import Audience, people
from messaging.delivery import trouble
from messaging.models import Message, Reason, State
from messaging.queries import unknown


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
    columns=[
        Column("address", lazy("Address"), link=lambda m: reverse("profiles:detail", args=[m.profile_id])),
        Column("email", lazy("E-mail"), value=lambda m: m.template_version.template.name),
        Column("journey_key", lazy("Journey"), value=lambda m: m.journey_key and humanize(m.journey_key)),
        Column("step_key", lazy("Step"), hidden=True),
        Column("state", lazy("State"), "pill", pill=lambda m: (m.get_state_display(), charts.tone(m.state))),
        Column("reason", lazy("Reason"), value=lambda m: m.get_reason_display(), sort="reason"),
        Column("detail", lazy("Server's answer"), hidden=True),
        Column("attempts", lazy("Attempts"), "number", hidden=True),
        Column("planned_at", lazy("Planned"), "ago"),
        Column("settled_at", lazy("Settled"), "ago"),
    ],
    search=["address", "profile_id"],
    search_hint=lazy("Search by address or customer id"),
    filters=[
        Choice("state", lazy("State"), choices=State.choices),
        Choice("reason", lazy("Reason"), choices=Reason.choices),
    ],
    bulk=[
        BulkAction("mark_sent", lazy("Mark as sent"), _mark_sent, permission="messaging.change_message", icon="check2",
                   confirm=lazy("Messages whose fate is unknown are counted as sent. Nothing is sent.")),
        BulkAction("send_again", lazy("Send again"), _again, permission="messaging.change_message", icon="send",
                   confirm=lazy("Unknown and refused messages are sent again. Somebody may get a message twice.")),
    ],
    empty=Empty(
        title=lazy("No messages yet"),
        text=lazy("Every e-mail that a journey wants to send appears here before it is sent, with what became of it."),
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
    rows: QuerySet[Message] = people(audience, request.GET.get("what", "")).select_related("template_version__template")
    rows = rows & Message.objects.visible_to(request.user)
    extra = {"unknown": unknown().count(), "trouble": trouble()}
    return PAGE.response(request, rows, "messaging/delivery.html", extra)
