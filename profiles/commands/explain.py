"""`manage.py unify explain ONE OTHER`: why two are one person, or why they are not."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from profiles.explaining.why import explanation
from profiles.explaining.words import KEPT_APART, as_json

HELP = "why two customers or records are one person, or are not"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("one", help="the id of a customer, or source.table:record id")
    parser.add_argument("other", nargs="?", default="", help="likewise; without it, how the first hangs together")


def handle(options: dict[str, Any]) -> dict[str, Any]:
    return as_json(explanation(options["one"], options["other"]))


def lines(found: dict[str, Any]) -> Iterator[str]:
    if found["same"]:
        yield _("They are one person, %(id)s.") % {"id": found["profiles"][0]}
    else:
        one, other = found["profiles"]
        yield _("They are two people, %(one)s and %(other)s.") % {"one": one, "other": other}
    if found["kept_apart"]:
        yield str(KEPT_APART[found["kept_apart"]])
    for step in found["path"]:
        share = "   –" if step["probability"] is None else f"{step['probability']:4.0%}"
        left, right = f"{step['left_table']}:{step['left_id']}", f"{step['right_table']}:{step['right_id']}"
        yield f"{share}  {left} – {right}  {step['rule']}"
        for reason in step["reasons"]:
            yield f"      {reason['weight']:+6.1f}  {reason['words']}"
    for rule in found["rules"]:
        for words in rule["failing"]:
            yield _("%(rule)s: not met: %(condition)s") % {"rule": rule["rule"], "condition": words}
        for words in rule["vetoed_by"]:
            yield _("%(rule)s: exception: %(condition)s") % {"rule": rule["rule"], "condition": words}
