"""The refresh: stages in order, each skipped when nothing it depends on changed, one refresh at a time."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Cancelled, Conflict, KindredError
from core.logs import in_short
from core.roles import Actor
from jobs import services
from jobs import stages as stage_registry
from jobs.models import Job, StageRun
from jobs.registry import Context, job_kind
from jobs.runner import WRITE_EVERY_SECONDS
from jobs.stages import RefreshStage
from lake import mirror

logger = logging.getLogger(__name__)

KIND = "refresh"
KEY = "refresh"
LONGEST_NOTE = 500  # characters of a note that are kept


@dataclass(frozen=True)
class StageReport:
    """How a stage ended: done, skipped, failed or cancelled. `note` says why where that is not obvious."""

    name: str
    state: str
    rows: int
    seconds: float
    note: str = ""


def refresh(stages: Sequence[str] | None = None, full: bool = False) -> list[StageReport]:
    """Runs the stages (all by default) here and now; with `full` nothing is skipped. One report per stage, in order.

    A failing stage is in the reports. Raises Conflict while another refresh runs, InvalidInput for an unknown stage.
    """
    return [_report(run) for run in run_here(stages, full).stages.all()]


def start(stages: Sequence[str] | None = None, full: bool = False, *, by: Actor = None) -> Job:
    """Asks the workers for a refresh. Raises Conflict when one waits or runs already."""
    params = _asked(stages, full)
    return services.enqueue(KIND, params, key=KEY, by=by)


def run_here(stages: Sequence[str] | None = None, full: bool = False, *, by: Actor = None) -> Job:
    """Runs a refresh in this process; its job when it is over, well or not. Raises Conflict while another one runs."""
    services.end_silent(KEY)
    params = _asked(stages, full)
    job, _error = services.run_here(KIND, params, key=KEY, by=by)
    return job


def last() -> Job | None:
    """The newest refresh that is over."""
    return Job.objects.filter(kind=KIND).exclude(state__in=Job.ACTIVE).first()


@job_kind(KIND, gettext_lazy("Refresh the data"), gettext_lazy("steps"), permission="jobs.refresh")
def run(context: Any, stages: Sequence[str] | None = None, full: bool = False) -> dict[str, Any]:
    started = time.monotonic()
    runs = _run_stages(context, stages, full)
    failed = [run for run in runs if run.state == StageRun.State.FAILED]
    result = {"stages": [r.as_json() for r in runs], "seconds": round(time.monotonic() - started, 3), "ok": not failed}
    if failed:
        context.result |= result
        raise KindredError(_("The step “%(step)s” failed: %(why)s") % {"step": failed[0].label, "why": failed[0].note})
    return result


def _asked(names: Sequence[str] | None, full: bool) -> dict[str, Any]:
    chosen = stage_registry.chosen(names)
    active = Job.objects.active().filter(key=KEY).first()
    if active is not None:
        raise Conflict(services.already_running(active))
    return {"stages": [stage.name for stage in chosen] if names else None, "full": full}


def _run_stages(context: Context, names: Sequence[str] | None, full: bool) -> list[StageRun]:
    chosen = stage_registry.chosen(names)
    mirror.sync()  # what rules say of messages and consent is of now, and can be spoken of before the first message
    StageRun.objects.filter(job_id=context.job_id).delete()  # of an attempt whose worker died
    runs = StageRun.objects.bulk_create(
        StageRun(job_id=context.job_id, name=stage.name, position=n) for n, stage in enumerate(chosen)
    )
    broken: dict[str, str] = {}
    for number, (stage, run) in enumerate(zip(chosen, runs, strict=True)):
        context.progress(number, len(chosen), str(stage.label))
        because = next((broken[name] for name in stage.after if name in broken), None)
        if because is not None:
            broken[stage.name] = because
            _finish(run, StageRun.State.SKIPPED, _("skipped, because “%(step)s” failed") % {"step": because})
            continue
        try:
            _run_stage(context, stage, run, full)
        except (Cancelled, KeyboardInterrupt, SystemExit, SoftTimeLimitExceeded):
            for left in runs[number:]:
                if left.state in (StageRun.State.WAITING, StageRun.State.RUNNING):
                    _finish(left, StageRun.State.CANCELLED)
            raise
        if run.state == StageRun.State.FAILED:
            broken[stage.name] = str(stage.label)
    context.progress(len(chosen), len(chosen))
    return list(runs)


def _run_stage(context: Context, stage: RefreshStage, run: StageRun, full: bool) -> None:
    run.state, run.started_at = StageRun.State.RUNNING, timezone.now()
    StageRun.objects.filter(pk=run.pk).update(state=run.state, started_at=run.started_at)
    try:
        run.inputs, run.definition = stage.inputs(), stage.definition_hash()
        if not full and _is_current(stage, run):
            _finish(run, StageRun.State.SKIPPED, _("nothing changed"))
            return
        result = stage.run(StageContext(context, run), full)
    except Cancelled:
        raise
    except KindredError as error:
        _finish(run, StageRun.State.FAILED, str(error))
    except SoftTimeLimitExceeded:
        _finish(run, StageRun.State.FAILED, _("It took longer than a worker may take."))
        raise
    except Exception as error:
        logger.exception("Stage %s of job %s failed.", stage.name, context.job_id)
        words = _("Something unexpected happened: %(error)s. An administrator finds more in the log.")
        _finish(run, StageRun.State.FAILED, words % {"error": in_short(error)})
    else:
        run.rows, run.outputs, run.problems = result.rows, stage.outputs(), list(result.problems)
        _finish(run, StageRun.State.DONE, result.note)


def _is_current(stage: RefreshStage, run: StageRun) -> bool:
    """Whether the last success read the same versions under the same definition, and what it wrote is still there."""
    if stage.reads is None:
        return False
    before = StageRun.objects.filter(name=stage.name, state=StageRun.State.DONE).order_by("-pk").first()
    if before is None:
        return False
    now = (run.inputs, run.definition, stage.outputs())
    return now == (before.inputs, before.definition, before.outputs)


def _finish(run: StageRun, state: str, note: str = "") -> None:
    """Does nothing where another worker has taken the refresh over: it made rows of its own."""
    run.state, run.finished_at = state, timezone.now()
    run.note = note if len(note) <= LONGEST_NOTE else note[: LONGEST_NOTE - 1] + "…"
    run.started_at = run.started_at or run.finished_at
    fields = ("state", "note", "rows", "inputs", "outputs", "definition", "started_at", "finished_at")
    StageRun.objects.filter(pk=run.pk).update(**{name: getattr(run, name) for name in fields})


def _report(run: StageRun) -> StageReport:
    return StageReport(run.name, run.state, run.rows, round(run.seconds, 3), run.note)


class StageContext:
    """What a stage is given: progress goes to the stage's row, cancellation and lease are the job's."""

    def __init__(self, context: Context, run: StageRun) -> None:
        self.job_id = context.job_id
        self._context, self._run = context, run
        self._written = 0.0

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        if time.monotonic() - self._written >= WRITE_EVERY_SECONDS:
            self._written = time.monotonic()
            values = {"done": done, "total": total, "message": message[:250]}
            StageRun.objects.filter(pk=self._run.pk).update(**values)
        self._context.check_cancelled()

    def check_cancelled(self) -> None:
        self._context.check_cancelled()
