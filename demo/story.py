"""The main job on the demo's data: load, unify, find the loyal ones, write to each once, watch what they do."""

import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import numpy as np
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import Workspace
from core.sections import ApplyContext
from demo import signins, simulator
from demo.generate.write import generate
from jobs import refresh
from jobs.models import Job
from journeys.models import Enrolment
from messaging.models import Message, State
from sources.models import Source
from workspace import services as workspace

Say = Callable[[str], object]
WAIT_FOR_DELIVERY_SECONDS = 1800
"""How long the story waits for the workers to send what they have begun."""
WAIT_FOR_SITE_SECONDS = 120
"""How long the simulated customers wait for the web server that their links lead to."""


class Story:
    """Tells the story once per data folder; an interrupted story goes on with the step that it stopped in."""

    def __init__(self, people: int, seed: int, today: np.datetime64, say: Say) -> None:
        self.people, self.seed, self.today, self.say = people, seed, today, say
        self.folder = Path(settings.DATA_DIR) / "demo"
        self.steps = (self._generate, self._define, self._refresh, self._send, self._simulate, self._refresh)

    def tell(self) -> None:
        signins.ensure()
        told = self._state().get("step", 0)
        if told >= len(self.steps):
            self.say(_("The demo is loaded."))
            return
        if not told and Source.objects.exists():
            self.say(_("This workspace has sources of its own, so the demo is not loaded into it."))
            self.say(_("For the demo beside it: make run PORT=8001 KINDRED_DATA=another-folder"))
            return
        for number, step in enumerate(self.steps[told:], start=told + 1):
            step()
            self._remember(number)
        self.say(_("The demo is ready. Look at the journey “Loyalty reward”: {url}").format(url=_journey_url()))

    def _state(self) -> dict[str, int]:
        return dict(Workspace.current().extra.get("demo", {}))

    def _remember(self, step: int) -> None:
        current = Workspace.current()
        current.extra["demo"] = {"step": step, "people": self.people, "seed": self.seed}
        current.save(update_fields=["extra"])

    def _generate(self) -> None:
        self.say(_("Making {n} people and what they did …").format(n=f"{self.people:,}"))
        shutil.rmtree(self.folder, ignore_errors=True)
        generate(self.folder, people=self.people, seed=self.seed, today=self.today)

    def _define(self) -> None:
        file = self.folder / "workspace.yaml"
        changes = workspace.apply(workspace.read(file), ApplyContext(folder=self.folder))
        self.say(_("Workspace defined: {n} parts.").format(n=len(changes)))

    def _refresh(self) -> None:
        """A refresh that somebody else runs is waited for: ours comes after it, and skips what it did."""
        while Job.objects.filter(kind=refresh.KIND, state__in=Job.ACTIVE).exists():
            time.sleep(1)
        for report in refresh.refresh():
            if report.state != "skipped":
                took = f"{report.rows:,} rows, {report.seconds:.1f} s"
                self.say(f"  {report.name}: {report.state}, {took} {report.note}".rstrip())

    def _send(self) -> None:
        """The workers would do it too; whoever comes first claims, so nobody is written to twice."""
        until = time.monotonic() + WAIT_FOR_DELIVERY_SECONDS
        call_command("journey", "run", until_idle=True)
        while _under_way() and time.monotonic() < until:  # a worker is at it
            time.sleep(1)
            call_command("journey", "run", until_idle=True)
        sent = Message.objects.filter(state=State.ACCEPTED).count()
        self.say(_("The journey has written to {n} people.").format(n=f"{sent:,}"))

    def _simulate(self) -> None:
        if not _site_answers():
            self.say(_("No web server answers at {url}: nobody opens the demo's mails.").format(url=settings.BASE_URL))
            return
        did = simulator.play(Path(settings.DATA_DIR) / "mail", self.folder)
        words = _("Simulated customers: {opened} opened, {clicked} clicked, {left} unsubscribed, {bought} bought.")
        self.say(words.format(opened=did.opened, clicked=did.clicked, left=did.unsubscribed, bought=did.bought))


def _under_way() -> bool:
    """Whether somebody is on the way to a message, or a message to somebody."""
    due = Enrolment.objects.filter(state=Enrolment.State.ACTIVE, due_at__lte=timezone.now())
    return due.exists() or Message.objects.filter(state__in=(State.PLANNED, State.CLAIMED)).exists()


def _site_answers() -> bool:
    until = time.monotonic() + WAIT_FOR_SITE_SECONDS
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # as the simulator asks
    while time.monotonic() < until:
        try:
            with direct.open(f"{settings.BASE_URL}/signin/", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(1)
    return False


def _journey_url() -> str:
    return f"{settings.BASE_URL}/journeys/"
