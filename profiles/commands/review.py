"""`manage.py unify review [--limit N] [--import FILE] [--export FILE]`: what waits for a decision; lists."""

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core import audit
from core.errors import InvalidInput
from profiles.decisions import files as decision_files
from profiles.decisions.services import PAIR
from profiles.review import queue as review_queue
from profiles.review.pair_words import SHORT_KINDS
from profiles.review.queue import Question
from profiles.unify.judging.questions import SAMPLE

HELP = "the pairs that are worth a person's time, and lists of decisions"
LIMIT = 20


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--limit", type=int, default=LIMIT, metavar="N", help=f"how many pairs to show ({LIMIT})")
    parser.add_argument("--import", type=Path, metavar="FILE", help="read a CSV of pairs that are always or never one")
    parser.add_argument("--export", type=Path, metavar="FILE", help="write all decisions as such a CSV")


def handle(options: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if options["import"]:
        try:
            data = options["import"].read_bytes()
        except OSError as error:
            raise InvalidInput(_("The file cannot be read."), place=str(options["import"])) from error
        found["imported"] = asdict(decision_files.import_list(data))
    if options["export"]:
        lines_ = list(decision_files.export_list())
        try:
            options["export"].write_text("".join(lines_), encoding="utf-8", newline="")
        except OSError as error:
            raise InvalidInput(_("The file cannot be written."), place=str(options["export"])) from error
        audit.exported(None, "decision.export")
        found["exported"] = len(lines_) - 1
    every = review_queue.questions()
    open_ = [q for q in every if q.reason != SAMPLE and not q.verdict]
    quality = review_queue.measured(every)
    return found | {
        "open": len(open_),
        "answered": len([q for q in every if q.verdict]),
        "quality": asdict(quality),
        "pairs": [_row(q) for q in open_[: max(0, options["limit"])]],
    }


def _row(q: Question) -> dict[str, Any]:
    pair = {name: getattr(q.pair, name) for name in PAIR}
    now = {"joined": q.is_joined, "left_profile": q.left_profile, "right_profile": q.right_profile}
    return {**pair, "reason": q.reason, "probability": q.probability, "gain": q.gain, **now}


def lines(found: dict[str, Any]) -> Iterator[str]:
    if "imported" in found:
        yield _("%(count)s pairs read.") % {"count": found["imported"]["kept"]}
        for bad in found["imported"]["bad"]:
            yield _("Line %(line)s: %(reason)s") % bad
    if "exported" in found:
        yield _("%(count)s decisions written.") % {"count": found["exported"]}
    yield _("%(open)s pairs wait for a decision, %(answered)s are answered.") % found
    for row in found["pairs"]:
        left, right = f"{row['left_table']} {row['left_id']}", f"{row['right_table']} {row['right_id']}"
        share = "   –" if row["probability"] is None else f"{row['probability']:4.0%}"
        yield f"{share}  {left} – {right}  {SHORT_KINDS[row['reason']]}"
