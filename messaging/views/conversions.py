"""The people behind conversions and revenue."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.lists import Column, Empty, ListPage
from messaging import conversions
from messaging.analytics import Audience
from messaging.models import EmailTemplate
from messaging.views.templates import wanted_goal
from profiles.models import Profile

PAGE = ListPage(
    name="conversions",
    personal="conversion.export",
    columns=[
        Column("profile_id", gettext_lazy("Customer"), value=lambda row: row["name"], link=True),
        Column("title", gettext_lazy("Activity")),
        Column("amount", gettext_lazy("Amount"), "money", currency=lambda row: row["currency"] or "USD"),
        Column("at", gettext_lazy("When"), "ago"),
        Column("sent_at", gettext_lazy("Message sent"), "ago"),
    ],
    default_sort="-at",
    key=lambda row: f"{row['profile_id']}{row['at']}{row['message']}",
    url=lambda row: reverse("profiles:detail", args=[row["profile_id"]]),
    empty=Empty(
        title=gettext_lazy("Nothing yet"),
        text=gettext_lazy("Whoever does it within the days after a message appears here."),
        icon="bullseye",
    ),
)


def named(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Conversions with the `name` of their person."""
    rows = list(rows)
    names = dict(Profile.objects.filter(pk__in={row["profile_id"] for row in rows}).values_list("pk", "name"))
    return [row | {"name": names.get(row["profile_id"]) or row["profile_id"]} for row in rows]


@permission_required(["messaging.view_message", "profiles.view_profile"], raise_exception=True)
@require_http_methods(["GET", "POST"])
def behind(request: HttpRequest, pk: int) -> HttpResponse:
    """`?goal=&days=` as on the page of results."""
    template = get_object_or_404(EmailTemplate.objects.visible_to(request.user), pk=pk)
    goal, days = wanted_goal(request, conversions.activity_types())
    rows = named(conversions.conversions(Audience(template_id=pk), goal, days).to_pylist())
    return PAGE.response(request, rows, "messaging/conversions.html", {"template": template})
