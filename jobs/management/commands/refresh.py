"""`manage.py refresh`: the stages, here and now, without any worker."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.commands import refusal
from core.errors import KindredError
from jobs import refresh
from jobs.models import StageRun


class Command(BaseCommand):
    """Ends with 1 when a step failed, and when a table could not be loaded though the rest was refreshed."""

    help = "Refreshes the data: loads sources, unifies, computes measures and segments. Unchanged steps are skipped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stage", action="append", metavar="NAME", help="only this step; may be repeated")
        parser.add_argument("--full", action="store_true", help="skip nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            job = refresh.run_here(options["stage"], options["full"])
        except KindredError as error:
            raise refusal(error, self.stdout, options["json"], ok=False, stages=[], problems=[str(error)]) from error
        result = {"stages": [run.as_json() for run in job.stages.all()], "seconds": round(job.seconds, 3)}
        stages = (job.result or {}).get("stages", [])
        problems = [str(problem) for stage in stages for problem in stage.get("problems", ())]
        is_done = job.state == job.State.DONE
        problems = problems if is_done or problems else [job.error]
        result |= {"ok": is_done and not problems, "problems": problems}
        if options["json"]:
            self.stdout.write(json.dumps(result))
        else:
            for run in job.stages.all():
                self._line(run)
        if not is_done:
            raise CommandError(job.error, returncode=1)
        if problems:
            raise CommandError("\n".join([*problems, _("The rest was refreshed.")]), returncode=1)

    def _line(self, run: StageRun) -> None:
        style = {"failed": self.style.ERROR, "done": self.style.SUCCESS}.get(run.state, str)
        state = style(f"{run.get_state_display():<10}")
        note = f"  {run.note}" if run.note else ""
        self.stdout.write(f"{run.label:<24} {state} {run.rows:>12,} {_('rows')} {run.seconds:>8.1f} s{note}")
