"""`manage.py workspace apply FILE [--dry-run] | export [FILE] | diff FILE | schema [FILE]`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.errors import KindredError
from core.sections import ApplyContext, Change
from workspace import document, services
from workspace.words import line


class Command(BaseCommand):
    help = "Writes the workspace to a file, compares it with one, or makes it as a file says."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        apply = verbs.add_parser("apply", help="make the workspace as the file says")
        apply.add_argument("file", type=Path)
        apply.add_argument("--dry-run", action="store_true", help="only say what would change")
        compare = verbs.add_parser("diff", help="what apply would change; prints nothing when all is as the file says")
        compare.add_argument("file", type=Path)
        export = verbs.add_parser("export", help="write the workspace as YAML")
        export.add_argument("file", type=Path, nargs="?")
        schema = verbs.add_parser("schema", help="write the JSON Schema of workspace files")
        schema.add_argument("file", type=Path, nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, options["verb"])(**options)
        except KindredError as error:
            raise CommandError(str(error)) from error

    def apply(self, *, file: Path, dry_run: bool, **options: Any) -> None:
        context = ApplyContext(folder=file.resolve().parent)
        verb = services.diff if dry_run else services.apply
        changes = verb(services.read(file), context)
        self._say(changes)
        for note in context.notes:
            self.stdout.write(note)
        if not changes:
            self.stdout.write(_("Nothing to change: all is as the file says."))

    def diff(self, *, file: Path, **options: Any) -> None:
        self._say(services.diff(services.read(file), ApplyContext(folder=file.resolve().parent)))

    def export(self, *, file: Path | None, **options: Any) -> None:
        self._write(file, services.export(folder=file.resolve().parent if file else None))

    def schema(self, *, file: Path | None, **options: Any) -> None:
        self._write(file, json.dumps(document.schema(), indent=2, ensure_ascii=False) + "\n")

    def _say(self, changes: list[Change]) -> None:
        for change in changes:
            self.stdout.write(line(change))

    def _write(self, file: Path | None, text: str) -> None:
        if file is None:
            self.stdout.write(text, ending="")
        else:
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            except OSError as error:
                raise CommandError(
                    _("%(file)s cannot be written: %(why)s") % {"file": file, "why": error.strerror}
                ) from error
