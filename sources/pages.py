"""The list pages of sources."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.lists import BulkAction, Choice, Column, Empty, ListPage
from core.roles import actor
from sources import services
from sources.connectors import registry
from sources.loading.rejects import REASONS
from sources.models import Load, Source, SourceTable

Words = str | Promise
LOAD_TONES = {"done": "good", "failed": "bad", "running": "info", "cancelled": "warn", "unchanged": ""}


def connector_label(source: Source) -> Words:
    return registry.get(source.connector).label


def source_state(source: Any) -> tuple[Words, str]:
    if not source.tables_count:
        return gettext("No tables yet"), "warn"
    if source.failed:
        return ngettext("%d table failed", "%d tables failed", source.failed) % source.failed, "bad"
    if source.waiting:
        return gettext("Not loaded yet"), "info"
    return gettext("Loaded"), "good"


def next_action(source: Any) -> Words:
    if source.unchecked:
        return gettext("Check the columns")
    if not source.tables_count:
        return gettext("Add a table")
    if source.failed:
        return gettext("See what went wrong")
    if source.waiting:
        return gettext("Load it")
    return gettext("See rows set aside") if source.rejected else ""


def table_state(table: SourceTable) -> tuple[Words, str]:
    if not table.active:
        return gettext("Paused"), ""
    tones = {SourceTable.State.LOADED: "good", SourceTable.State.FAILED: "bad", SourceTable.State.NEW: "info"}
    return table.get_state_display().capitalize(), tones[SourceTable.State(table.state)]


def _load_all(request: HttpRequest, ids: list[str]) -> str:
    tables = SourceTable.objects.filter(source__pk__in=ids, active=True).select_related("source")
    for table in tables:
        services.start_load(table, by=actor(request))
    return ngettext("%d table is being loaded.", "%d tables are being loaded.", len(tables)) % len(tables)


SOURCES = ListPage(
    name="sources",
    columns=[
        Column("name", _("Source"), value=str, link=True, sort="name"),
        Column("connector", _("Kind"), value=connector_label, sort="connector"),
        Column("state", _("State"), pill=source_state, sort=False),
        Column("tables_count", _("Tables"), "number"),
        Column("rows", _("Rows"), "number"),
        Column("rejected", _("Set aside"), "number"),
        Column("loaded_at", _("Last loaded"), "ago"),
        Column("next", _("Next"), value=next_action, sort=False, link=True),
    ],
    search=["name", "label"],
    filters=[Choice("connector", _("Kind"), choices=[(c.name, c.label) for c in registry.all_connectors()])],
    bulk=[BulkAction("load", _("Load now"), _load_all, "sources.add_load", icon="arrow-repeat")],
    default_sort="name",
    search_hint=_("Name"),
    empty=Empty(
        _("No source yet"),
        _("Bring in customers, orders and whatever else your systems know. Nothing at the source is ever changed."),
        icon="database-add",
        action=_("Add a source"),
        url="sources:add",
        example=_("For example customers.csv of the shop, and the database of the loyalty cards."),
        permission="sources.add_source",
    ),
)


def _load_words(load: Load) -> tuple[Words, str]:
    return load.get_state_display().capitalize(), LOAD_TONES[load.state]


LOADS = ListPage(
    name="loads",
    columns=[
        Column("started_at", _("Started"), "ago"),
        Column("state", _("State"), pill=_load_words),
        Column("rows_read", _("Rows read"), "number"),
        Column("rows_loaded", _("Loaded"), "number"),
        Column("rows_rejected", _("Set aside"), "number"),
        Column("bytes", _("Read"), "bytes"),
        Column("seconds", _("Time taken"), "duration", value=lambda load: load.seconds, sort=False),
        Column("message", _("Message"), value=lambda load: load.message or " ".join(load.notes), sort=False),
    ],
    filters=[Choice("state", _("State"), choices=Load.State.choices)],
    default_sort="-started_at",
    empty=Empty(_("Not loaded yet"), _("Load the table to see its rows."), icon="hourglass"),
)


def quarantine_page(table: SourceTable) -> ListPage:
    """Rows that were set aside, by reason. The full set is in the download."""
    return ListPage(
        name="quarantine",
        columns=[
            Column("file", _("File")),
            Column("line", _("Line"), "number"),
            Column("column", _("Column")),
            Column("code", _("Problem"), value=lambda row: REASONS.get(row["code"], row["code"])),
            Column("reason", _("What to do"), sort=False),
            Column("raw", _("The row"), template="sources/partials/raw.html", sort=False),
        ],
        search=["reason", "raw", "column", "file"],
        filters=[Choice("code", _("Problem"), choices=list(REASONS.items()))],
        default_sort="line",
        export=False,
        key=lambda row: f"{row['file']}:{row['line']}",
        url=lambda row: "",
        empty=Empty(_("Nothing was set aside"), _("Every row of this table was loaded."), icon="check2-circle"),
    )


def table_tabs(table: SourceTable, here: str, *, with_rows: bool) -> list[dict[str, Any]]:
    args = [table.source.slug, table.name]
    tabs = [
        ("table", gettext("Columns"), table.columns.count()),
        ("loads", gettext("Loads"), table.loads.count()),
    ]
    if with_rows:
        tabs.append(("quarantine", gettext("Set aside"), table.rejected))
    return [
        {"label": label, "url": reverse(f"sources:{name}", args=args), "active": name == here, "count": count}
        for name, label, count in tabs
    ]
