"""Records that are no customers, because their table only adds to people whom other tables know."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.lists import Choice, Column, Empty, ListPage
from lake.queries import Snapshot, snapshot
from lake.words import table_title
from profiles.inputs.mapping import split_name
from profiles.inputs.unmatched import unmatched_records
from profiles.models import Unification, UnificationRun
from profiles.tables import LINKS
from profiles.views.unify_head import NOT_RUN

SHOWN = 1_000

PAGE = ListPage(
    name="unmatched",
    personal="record.export",
    columns=[
        Column("record_id", _("Record"), link=True),
        Column("label", _("Table")),
        Column("profile_id", _("Id that it would have")),
    ],
    search=["record_id", "profile_id"],
    filters=[Choice("table", _("Table"), choices=lambda: _tables())],
    default_sort="record_id",
    key=lambda row: f"{row['table']}:{row['record_id']}",
    url=lambda row: f"{reverse('profiles:explain')}?one={row['table']}:{row['record_id']}",
    empty=Empty(
        _("Every record belongs to a customer"),
        _("Records of tables that only add to customers appear here when no customer matches them."),
        "person-check",
    ),
)


def _tables() -> list[tuple[str, str]]:
    now = snapshot()
    return [(name, table_title(now, name)) for name in Unification.current().only_matched]


@permission_required("profiles.view_unification", raise_exception=True)
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """The first thousand of each table; all of them are in `unified.compared` and not in `unified.links`."""
    now = snapshot()
    total = UnificationRun.latest_report().get("unmatched", {}).get("records", 0)
    rows = [row for name, _label in _tables() for row in _of(now, name)]
    page = PAGE if now.has(LINKS) else replace(PAGE, empty=NOT_RUN)
    return page.response(request, rows, "profiles/unmatched.html", {"total": total, "shown": len(rows)})


def _of(now: Snapshot, name: str) -> list[dict[str, Any]]:
    rows = unmatched_records(now)
    if rows is None:
        return []
    source, table = split_name(name)
    mine = rows.filter((rows.source == source) & (rows.table == table)).order_by("record_id")
    label = table_title(now, name)
    return [row | {"table": name, "label": label} for row in now.arrow(mine, SHOWN).to_pylist()]
