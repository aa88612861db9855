"""`manage.py unify compare [--rules FILE | --file WORKSPACE.yaml]`: what another configuration would change."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from pydantic import ValidationError

from core.errors import InvalidInput
from core.shapes import no_list, refused
from core.yaml_text import load
from profiles.trials import services as trials
from profiles.trials import words as trial_words
from profiles.workspace import UnificationSpec, stated_in

HELP = "try rules or another configuration beside the live result, without publishing"


def add_arguments(parser: ArgumentParser) -> None:
    given = parser.add_mutually_exclusive_group()
    given.add_argument("--rules", type=Path, metavar="FILE", help="YAML or JSON: a list of rules, or “suggest”")
    given.add_argument("--file", type=Path, metavar="WORKSPACE", help="a workspace file; its decisions are not tried")
    parser.add_argument("--drop", action="store_true", help="keep nothing for the page, once it is told")


def handle(options: dict[str, Any]) -> dict[str, Any]:
    """Without a file, what the configuration as it is saved would change. Runs in this process."""
    trial = trials.start(here=True, **_given(options))
    found = {"trial": trial.pk, "tried": trials.changed(trial), **trial.report}
    if options["drop"]:
        trials.drop(trial)
    return found


def _given(options: dict[str, Any]) -> dict[str, Any]:
    if options["rules"]:
        value = _read(options["rules"])
        rules = value["rules"] if isinstance(value, dict) and "rules" in value else value
        if rules is None:
            raise no_list("rules")
        return {"rules": rules}
    if not options["file"]:
        return {}
    whole = _read(options["file"])
    section = whole.get("unification") if isinstance(whole, dict) else None
    if section is None:
        raise InvalidInput(_("It has no part “unification”."), place=str(options["file"]))
    try:
        return stated_in(UnificationSpec.model_validate(section))
    except ValidationError as error:
        raise refused(error, "unification", section) from error


def _read(path: Path) -> Any:
    """JSON is YAML too."""
    try:
        return load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(_("The file cannot be read as UTF-8 text."), place=str(path)) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise InvalidInput(_("The file is neither YAML nor JSON: %(why)s") % {"why": error}, place=str(path)) from error


def lines(found: dict[str, Any]) -> Iterator[str]:
    yield from trial_words.lines(found)
