"""`manage.py demo generate FOLDER --people N [--seed S]` and `demo load [--people N]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import KindredError
from demo.generate.write import generate
from demo.story import Story

PEOPLE = 10_000
SEED = 20


class Command(BaseCommand):
    help = "Generates the demo retailer's files, or loads them and runs the whole story on them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        make = verbs.add_parser("generate", help="write the demo's files into a folder")
        make.add_argument("folder", type=Path)
        load = verbs.add_parser(
            "load", help="load the demo and run its journey; does nothing where it is loaded already"
        )
        for verb in (make, load):
            verb.add_argument("--people", type=int, default=PEOPLE, help="how many people (default %(default)s)")
            verb.add_argument(
                "--seed", type=int, default=SEED, help="same seed and day: same files (default %(default)s)"
            )
            verb.add_argument("--until", help="first day without data, YYYY-MM-DD (default: today, UTC)")

    def handle(self, *args: Any, verb: str, people: int, seed: int, until: str | None, **options: Any) -> None:
        try:
            today = np.datetime64(until, "D") if until else np.datetime64(timezone.now().date())
            if verb == "generate":
                generate(options["folder"], people=people, seed=seed, today=today, progress=self.stdout.write)
            else:
                Story(people, seed, today, self.stdout.write).tell()
        except KindredError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            words = _("%(file)s cannot be written: %(why)s") % {"file": error.filename, "why": error.strerror}
            raise CommandError(words) from error
        except ValueError as error:
            raise CommandError(_("This cannot be generated: %(reason)s") % {"reason": error}) from error
