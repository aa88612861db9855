"""`manage.py journey list | publish SLUG | pause SLUG | resume SLUG | stop SLUG | run [--until-idle]`."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import KindredError
from journeys import services
from journeys.models import Journey
from journeys.overview import overview
from journeys.upkeep import run_due
from messaging.delivery import deliver_due

VERBS: dict[str, Callable[..., Any]] = {
    "publish": services.publish,
    "pause": services.pause,
    "resume": services.resume,
    "stop": services.stop,
}
DELIVER_AT_ONCE = 1_000
PAUSE_SECONDS = 2.0


class Command(BaseCommand):
    help = "Lists, publishes and walks journeys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="short name, state, people entered and under way")
        for verb in VERBS:
            verbs.add_parser(verb).add_argument("slug")
        run = verbs.add_parser("run", help="walks people on and sends their messages, in the foreground")
        run.add_argument("--until-idle", action="store_true", help="end when nothing is due any more")

    def handle(self, *args: Any, **options: Any) -> None:
        verb = options["verb"]
        try:
            if verb == "list":
                self._list()
            elif verb == "run":
                self._run(options["until_idle"])
            else:
                VERBS[verb](self._journey(options["slug"]), by=None)
                self.stdout.write(f"{options['slug']}: {self._journey(options['slug']).state}")
        except KindredError as error:
            raise CommandError(str(error)) from error

    def _journey(self, slug: str) -> Journey:
        journey = Journey.objects.filter(slug=slug).first()
        if journey is None:
            known = ", ".join(Journey.objects.order_by("slug").values_list("slug", flat=True)) or _("none yet")
            raise CommandError(_("There is no journey “%(slug)s”. Known: %(known)s.") % {"slug": slug, "known": known})
        return journey

    def _list(self) -> None:
        for row in sorted(overview(Journey.objects.all()), key=lambda row: row.slug):
            self.stdout.write(f"{row.slug}\t{row.state}\t{row.entered}\t{row.active}\t{row.sent}")

    def _run(self, until_idle: bool) -> None:
        while True:
            moved = run_due(timezone.now)
            report = deliver_due(DELIVER_AT_ONCE)
            handled = report.handled
            if report.trouble and until_idle:
                raise CommandError(report.trouble)
            if moved or handled:
                self.stdout.write(_("%(moved)s moves, %(sent)s messages") % {"moved": moved, "sent": handled})
            elif until_idle:
                return
            else:
                time.sleep(PAUSE_SECONDS)
