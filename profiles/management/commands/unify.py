"""`manage.py unify VERB`: each verb is a module of `profiles.commands`."""

import json
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.commands import refusal
from core.errors import KindredError

VERBS = ("suggest", "run", "compare", "explain", "review")


class Command(BaseCommand):
    help = "How records become people."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        for name in VERBS:
            module = import_module(f"profiles.commands.{name}")
            verb = verbs.add_parser(name, help=module.HELP)
            verb.add_argument("--json", action="store_true", help="one JSON object on standard output")
            module.add_arguments(verb)

    def handle(self, *args: Any, **options: Any) -> None:
        module = import_module(f"profiles.commands.{options['verb']}")
        try:
            found = module.handle(options)
        except KindredError as error:
            raise refusal(error, self.stdout, options["json"]) from error
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, default=str))
        else:
            for line in module.lines(found):
                self.stdout.write(line)
