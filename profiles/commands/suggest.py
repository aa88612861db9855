"""`manage.py unify suggest [--save]`: the rules that the data bears out."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from profiles.config import services
from profiles.config.words import rule_words
from profiles.unify.config.rules import dump_rules

HELP = "the rules that the meanings of columns and the data suggest"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--save", action="store_true", help="keep them as an explicit list, to be edited")


def handle(options: dict[str, Any]) -> dict[str, Any]:
    rules = services.suggested()
    if options["save"]:
        services.save_unification(rules=dump_rules(rules))
    return {"rules": dump_rules(rules), "words": rule_words(rules), "saved": options["save"]}


def lines(found: dict[str, Any]) -> Iterator[str]:
    for rule in found["words"]:
        yield rule["name"]
        yield from (f"  {words}" for words in rule["when"])
        yield from (_("  but not if: %(condition)s") % {"condition": words} for words in rule["unless"])
    if not found["words"]:
        yield _("No column has a meaning that tells people apart. Give columns their meaning first.")
    elif found["saved"]:
        yield _("Saved. They take effect with the next run.")
