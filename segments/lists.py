"""The lists of this room: the segments, and the members of one."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from core.bulk import deletion, for_each
from core.csv_files import csv_pieces, csv_response
from core.list_rows import QueryRows
from core.lists import BulkAction, Choice, Column, Empty, ListPage
from core.roles import actor
from segments import export, services, usage
from segments.models import Segment
from segments.rows import MemberRows


def _pill(segment: Segment) -> tuple[Any, str]:
    if segment.problem:
        return gettext("Needs a hand"), "coral"
    return segment.get_state_display(), "good" if segment.is_live else ""


def rows(segments: QuerySet[Segment]) -> QueryRows:
    """With `used_in`, a count by short name that is only taken when it is shown."""
    return QueryRows(segments, used_in=usage.segments.counts)


SEGMENTS = ListPage(
    name="segments",
    columns=[
        Column("name", _("Name"), link=True),
        Column("state", _("State"), "pill", pill=_pill),
        Column("size", _("Members"), "number"),
        Column("share", _("Share of all"), "percent", sort=False),
        Column(
            "trend",
            _("Trend"),
            sort=False,
            value=lambda row: row.trend[::-1],
            template="segments/partials/trend_cell.html",
            export=False,
        ),
        Column("used_in", _("Used in"), "number", value=lambda row: row.used_in[row.slug], sort=False, hidden=True),
        Column("refreshed_at", _("Refreshed"), "ago"),
        Column("updated_at", _("Changed"), "ago", hidden=True),
        Column("slug", _("Short name"), hidden=True),
    ],
    search=["name", "description", "slug"],
    filters=[Choice("state", _("State"), choices=Segment.State.choices)],
    bulk=[
        BulkAction(
            "publish",
            _("Make live"),
            for_each(
                Segment,
                services.publish,
                ngettext_lazy("%(n)s segment is live.", "%(n)s segments are live.", "n"),
            ),
            "segments.change_segment",
            icon="broadcast",
        ),
        deletion(
            Segment,
            services.delete,
            ngettext_lazy("%(n)s segment deleted.", "%(n)s segments deleted.", "n"),
            _("The segments and their history are deleted. Those that are used somewhere are kept."),
        ),
    ],
    default_sort="name",
    search_hint=_("Search segments"),
    empty=Empty(
        _("No segments yet"),
        _("A segment is everyone who meets a rule, kept up to date by itself."),
        icon="bullseye",
        action=_("New segment"),
        url="segments:new",
        example=_("For example: everyone with more than 1,000 loyalty points."),
        permission="segments.add_segment",
    ),
)


def _export_picked(request: HttpRequest, ids: list[str]) -> StreamingHttpResponse:
    """The picked members of the page's segment, noted in the audit as every export of members."""
    slug = request.resolver_match.kwargs["slug"] if request.resolver_match else ""
    segment = get_object_or_404(Segment.objects.visible_to(request.user), slug=slug)
    services.record_export(segment, by=actor(request))
    picked, members = set(ids), MemberRows.of(segment).all()
    lines = ((m.id, m.name, m.email, m.phone) for m in members if m.id in picked)
    return csv_response(segment.slug, csv_pieces(export.COLUMNS, lines))


MEMBERS = ListPage(
    name="members",
    columns=[
        Column("label", _("Name"), link=True, sort=False),
        Column("email", _("E-mail"), sort=False),
        Column("phone", _("Phone"), sort=False, hidden=True),
        Column("since", _("Member since"), "ago"),
        Column("id", _("Customer id"), sort=False, hidden=True),
        Column("why", _("Why"), sort=False, value=lambda row: row, template="segments/partials/why_cell.html"),
    ],
    search=["name"],
    search_hint=_("Search members by name, e-mail or phone"),
    key=lambda row: str(row.id),
    export=False,  # who may export, and that somebody did, is the segment's own matter
    bulk=[BulkAction("take", _("Export as CSV"), _export_picked, "segments.export_segment", icon="download")],
    empty=Empty(
        _("Nobody is in it"),
        _("No customer meets the rule today. Who does later appears here by itself."),
        icon="people",
    ),
)
