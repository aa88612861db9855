"""Journeys › Messages: the list of e-mails, and what one of them brought."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.bulk import deletion
from core.errors import KindredError
from core.lists import Choice, Column, Empty, ListPage
from core.live import seconds_until_next
from core.roles import actor
from core.text import humanize
from messaging import analytics, charts, conversions, services, starters
from messaging.catalog import vocabulary
from messaging.models import BodyFormat, EmailTemplate, Purpose
from profiles.customers.queries import usual_goal

WINDOWS = (1, 3, 7, 14, 30, 90)  # days after a message in which an activity may belong to it
DEFAULT_DAYS = 7
FEW_DAYS = 3  # so few are drawn as bars: a line needs points

PAGE = ListPage(
    name="emails",
    columns=[
        Column("name", gettext_lazy("Name"), link=True),
        Column("subject", gettext_lazy("Subject")),
        Column("purpose", gettext_lazy("Purpose")),
        Column("sent", gettext_lazy("Sent"), "number", link=lambda row: reverse("messaging:results", args=[row.pk])),
        Column("last_version", gettext_lazy("Version"), "number", hidden=True),
        Column("updated_at", gettext_lazy("Changed"), "ago"),
    ],
    search=["name", "subject", "body"],
    filters=[
        Choice("purpose", gettext_lazy("Purpose"), choices=Purpose.choices),
        Choice("format", gettext_lazy("Format"), choices=BodyFormat.choices),
    ],
    bulk=[
        deletion(
            EmailTemplate,
            services.delete_template,
            ngettext_lazy("%(n)s e-mail deleted.", "%(n)s e-mails deleted.", "n"),
            gettext_lazy("The e-mails are deleted. Those that a journey sends or that were sent are kept."),
        ),
    ],
    default_sort="-updated_at",
    empty=Empty(
        title=gettext_lazy("No e-mails yet"),
        text=gettext_lazy(
            "Write one e-mail; everyone gets their own, with their name, points or whatever you know of them."
        ),
        icon="envelope",
        action=gettext_lazy("New e-mail"),
        url="messaging:template_create",
        example=gettext_lazy("Example: Hi {{ First Name }}, you have {{ Loyalty Points }} points."),
        permission="messaging.add_emailtemplate",
    ),
)


def _rows(request: HttpRequest) -> QuerySet[Any]:
    real = Q(versions__messages__is_test=False, versions__messages__state="accepted")
    return EmailTemplate.objects.visible_to(request.user).annotate(
        sent=Count("versions__messages", real, distinct=True), last_version=Max("versions__number")
    )


@permission_required("messaging.view_emailtemplate", raise_exception=True)
@require_http_methods(["GET", "POST"])
def list_(request: HttpRequest) -> HttpResponse:
    return PAGE.response(request, _rows(request), "messaging/list.html")


@permission_required("messaging.add_emailtemplate", raise_exception=True)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Pick a starter; the e-mail begins as its copy."""
    if request.method == "POST":
        starter = starters.get(request.POST.get("starter", ""))
        name = request.POST.get("name", "").strip() or str(starter.name)
        values = {"subject": starter.subject, "preview_text": starter.preview_text, "body": starter.body()}
        template = EmailTemplate(name=name, format=starter.format, **values)
        return redirect(services.save_template(template, by=actor(request)))
    return render(request, "messaging/create.html", {"offers": starters.offers(vocabulary())})


@permission_required("messaging.add_emailtemplate", raise_exception=True)
@require_POST
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    template = get_object_or_404(EmailTemplate.objects.visible_to(request.user), pk=pk)
    return redirect(services.duplicate_template(template, by=actor(request)))


@permission_required("messaging.delete_emailtemplate", raise_exception=True)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    template = get_object_or_404(EmailTemplate.objects.visible_to(request.user), pk=pk)
    try:
        services.delete_template(template, by=actor(request))
    except KindredError as error:
        messages.error(request, error.html)
        return redirect(template)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": template.name})
    return redirect("messaging:list")


def wanted_goal(request: HttpRequest, kinds: list[str]) -> tuple[str, int]:
    """(kind of activity, days) of the address; unless it says otherwise the usual goal within a week."""
    goal = request.GET.get("goal", "")
    days = request.GET.get("days", "")
    within = int(days) if days.isascii() and days.isdecimal() and len(days) < 4 else DEFAULT_DAYS
    within = min(max(within, 1), conversions.MAX_DAYS)
    usual = usual_goal(kinds) or next(iter(kinds), "")
    return goal if goal in kinds else usual, within


@permission_required("messaging.view_message", raise_exception=True)
@require_GET
def results(request: HttpRequest, pk: int) -> HttpResponse:
    template = get_object_or_404(EmailTemplate.objects.visible_to(request.user), pk=pk)
    audience = analytics.Audience(template_id=template.pk)
    numbers = analytics.results(audience)
    kinds = conversions.activity_types()
    goal, days = wanted_goal(request, kinds)
    rows = conversions.conversions(audience, goal, days).to_pylist()
    behind = f"{reverse('messaging:conversions', args=[template.pk])}?{urlencode({'goal': goal, 'days': days})}"
    by_day = analytics.over_time(audience, conversions.times(rows))
    context = {
        "template": template,
        "goals": [(kind, humanize(kind)) for kind in kinds],
        "goal": goal,
        "days_after": days,
        "windows": WINDOWS,
        "brought": charts.conversion_tiles(conversions.summed(rows), behind) if goal else [],
        "results": numbers,
        "tiles": charts.tiles(numbers, f"{reverse('messaging:delivery')}?email={template.pk}"),
        "days": charts.over_time(by_day, with_goal=bool(goal)),
        "chart_type": "line" if len(by_day) > FEW_DAYS else "bar",
        "reasons": charts.reasons(numbers),
        "links": analytics.links(audience),
        "every": seconds_until_next(moves=any(numbers.totals.by_state[state] for state in analytics.WAITING)),
    }
    return render(request, "messaging/results.html", context)
