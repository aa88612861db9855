"""`manage.py lake`: what is in the lake, a table as a file, cleaning."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import audit
from core.commands import refusal
from core.errors import KindredError
from lake import export, services
from lake.queries import Snapshot, snapshot


class Command(BaseCommand):
    help = "Looks into the lake: its tables, a table as a Parquet or CSV file, cleaning of old files."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="{tables,export,clean}")
        tables = verbs.add_parser("tables", help="lists tables with rows, columns and size")
        tables.add_argument("--json", action="store_true", help="one JSON array on standard output")
        one = verbs.add_parser("export", help="writes a table to a file, streaming")
        one.add_argument("table", metavar="TABLE")
        one.add_argument("--to", required=True, metavar="FILE", help="ends with .parquet or .csv")
        clean = verbs.add_parser("clean", help="deletes files that no kept version needs")
        clean.add_argument("--hours", type=int, default=24, help="how long old versions stay, at least 24 (default)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except KindredError as error:
            raise refusal(error, self.stdout, options.get("json", False)) from error

    def _tables(self, options: dict[str, Any]) -> None:
        now = snapshot()
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(now, name) for name in now.names()], ensure_ascii=False))
            return
        width = max([len(name) for name in now.names()], default=0)
        for name in now.names():
            info = now.info(name)
            columns = _("%(count)d columns") % {"count": len(info.columns)}
            self.stdout.write(
                f"{name:<{width}}  {info.rows:>13,} {_('rows')}  {columns:>12}  {info.bytes / 1e6:>10,.1f} MB"
            )

    def _export(self, options: dict[str, Any]) -> None:
        rows = export.export_table(options["table"], Path(options["to"]).expanduser())
        audit.exported(None, "table.export", options["table"])
        self.stdout.write(_("%(rows)s rows written to %(file)s") % {"rows": f"{rows:,}", "file": options["to"]})

    def _clean(self, options: dict[str, Any]) -> None:
        try:
            gone = services.clean(options["hours"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("%(count)d files deleted") % {"count": sum(gone.values())})


def _as_json(now: Snapshot, name: str) -> dict[str, Any]:
    info = now.info(name)
    return {
        "name": name,
        "label": info.label,
        "rows": info.rows,
        "bytes": info.bytes,
        "columns": [{"name": column.name, "type": column.type, "label": column.label} for column in info.columns],
        "version": info.version,
    }
