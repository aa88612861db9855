"""`manage.py segment`: list, count, members, explain; live by the rule as it is now, for drafts too."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from core.commands import refusal
from core.errors import InvalidInput, KindredError, NotFound
from profiles.customers import queries
from profiles.models import Profile
from rules.explain import Verdict
from segments import export, services
from segments.models import Segment

MOST_NAMED = 5  # customers of one name, in a message


class Command(BaseCommand):
    help = "Counts, lists and explains segments."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        listing = actions.add_parser("list", help="all segments")
        listing.add_argument("--json", action="store_true", help="one JSON list on standard output")
        count = actions.add_parser("count", help="how many customers are in it now: the number alone")
        count.add_argument("slug")
        members = actions.add_parser("members", help="writes everyone who is in it now")
        members.add_argument("slug")
        members.add_argument(
            "--to", default="", metavar="FILE", help="a .csv or .parquet file; else CSV on standard output"
        )
        explain = actions.add_parser("explain", help="why a customer is in it, or not")
        explain.add_argument("slug")
        explain.add_argument("customer", help="an id, or an e-mail address, a telephone number, a name")
        explain.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except KindredError as error:
            raise refusal(error, self.stdout, options.get("json", False)) from error

    def _list(self, options: dict[str, Any]) -> None:
        segments = Segment.objects.order_by("slug")
        if options["json"]:
            rows = [
                {"slug": s.slug, "name": s.name, "state": s.state, "size": s.size, "problem": s.problem}
                for s in segments
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for segment in segments:
            size = "–" if segment.size is None else f"{segment.size:,}"
            self.stdout.write(
                f"{segment.slug:<40} {segment.get_state_display():<8} {size:>12}  {segment.problem}".rstrip()
            )

    def _count(self, options: dict[str, Any]) -> None:
        self.stdout.write(str(services.count(_segment(options["slug"])).total))

    def _members(self, options: dict[str, Any]) -> None:
        segment = _segment(options["slug"])
        if not options["to"]:
            services.record_export(segment)
            for piece in export.csv_lines(segment):
                self.stdout.write(piece, ending="")
            return
        written = export.to_file(segment, Path(options["to"]))
        services.record_export(segment)
        self.stderr.write(_("%(count)s members written to %(file)s") % {"count": written, "file": options["to"]})

    def _explain(self, options: dict[str, Any]) -> None:
        segment = _segment(options["slug"])
        profile_id = _customer(options["customer"])
        verdict = services.explain(segment, profile_id)
        if options["json"]:
            self.stdout.write(
                json.dumps({"in": verdict.met, "segment": segment.slug, "rule": verdict.as_json()}, ensure_ascii=False)
            )
            return
        text = _("%(id)s is in “%(name)s”.") if verdict.met else _("%(id)s is not in “%(name)s”.")
        self.stdout.write(text % {"id": profile_id, "name": segment.name})
        self._part(verdict, 1)

    def _part(self, verdict: Verdict, depth: int) -> None:
        for part in verdict.parts:
            found = f"  ({part.value})" if part.value else ""
            self.stdout.write(f"{'  ' * depth}{'✓' if part.met else '✗'} {part.words}{found}")
            self._part(part, depth + 1)


def _customer(text: str) -> str:
    """The id of the one customer who is found by it."""
    if Profile.objects.filter(pk=(pk := queries.current_id(text))).exists():
        return pk
    found = queries.search(text, MOST_NAMED + 1)
    exact = [one for one in found if text.lower() in (one.email.lower(), one.name.lower())]
    if len(exact or found) == 1:
        return (exact or found)[0].pk
    if not found:
        raise NotFound(_("No customer is found by “%s”. Give an id, an e-mail address or a telephone number.") % text)
    named = ", ".join(f"{one} ({one.pk})" for one in found[:MOST_NAMED])
    raise InvalidInput(
        _("“%(text)s” finds more than one customer: %(named)s … Give an id.") % {"text": text, "named": named}
    )


def _segment(slug: str) -> Segment:
    found = Segment.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Segment.objects.order_by("slug").values_list("slug", flat=True)[:20]) or _("none yet")
        raise NotFound(_("There is no segment “%(slug)s”. There are: %(known)s.") % {"slug": slug, "known": known})
    return found
