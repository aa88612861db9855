"""`manage.py unify run [--full]`: who is who, now, in this process."""

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Unavailable
from jobs.refresh import refresh
from profiles.config.services import STAGES
from profiles.models import UnificationRun

HELP = "make customers from records, link what belongs to them and gather their activities"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--full", action="store_true", help="look at everything and learn again, not at changes alone")


def handle(options: dict[str, Any]) -> dict[str, Any]:
    """Raises Unavailable when a stage failed; the old result stays live."""
    reports = refresh(list(STAGES), full=options["full"])
    failed = [f"{report.name} ({report.note})" for report in reports if report.state == "failed"]
    if failed:
        raise Unavailable(_("This step failed: %(names)s. The last result stays.") % {"names": ", ".join(failed)})
    report = UnificationRun.latest_report()
    numbers = {name: report.get(name) for name in ("records", "people", "largest", "pairs", "torn")}
    return {"stages": [asdict(each) for each in reports]} | numbers


def lines(found: dict[str, Any]) -> Iterator[str]:
    for stage in found["stages"]:
        note = f"  {stage['note']}" if stage["note"] else ""
        yield f"{stage['name']:<12} {stage['state']:<10} {stage['rows']:>12,} {stage['seconds']:>8.1f} s{note}"
    if found["records"] is not None:
        yield _("%(records)s records are %(people)s people.") % found
