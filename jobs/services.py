"""The verbs of background work."""

import datetime
import logging
from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from core import audit
from core.errors import Conflict
from core.roles import Actor, require
from jobs import registry, runner
from jobs.models import Job, StageRun

logger = logging.getLogger(__name__)

RUN_TASK = "jobs.run"
KEEP_JOBS = datetime.timedelta(days=30)
RING_AGAIN = datetime.timedelta(seconds=30)  # a queued job that nobody took for so long is announced again


def enqueue(
    kind: str,
    params: dict[str, Any] | None = None,
    *,
    key: str | None = None,
    by: Actor = None,
) -> Job:
    """Records the work and announces it to the workers when the transaction commits.

    While a job with this key is active, that one is returned instead. Raises NotFound for an unknown kind, NotAllowed.
    """
    _permitted(kind, by)
    job, created = _record(kind, params, key, by)
    if created:
        transaction.on_commit(lambda: _ring(job.pk))
    return job


def run_here(
    kind: str,
    params: dict[str, Any] | None = None,
    *,
    key: str | None = None,
    by: Actor = None,
) -> tuple[Job, BaseException | None]:
    """Does the work in this process, with the same row; the job when it is over, and the error that ended it.

    Raises Conflict while a job with this key runs elsewhere; one that only waits is taken and run here, and one whose
    process was killed has failed.
    """
    _permitted(kind, by)
    if key is not None:
        end_silent(key)
    job, _created = _record(kind, params, key, by, by_command=by is None)
    claimed = runner.claim(job.pk)
    if claimed is None:
        raise Conflict(already_running(job))
    return claimed, runner.execute(claimed)


def cancel(job: Job, *, by: Actor = None) -> Job:
    """A waiting job ends at once; a running one at its next step. Raises Conflict when it is already over."""
    _permitted(job.kind, by, "jobs.change_job")
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        if not locked.is_active:
            raise Conflict(_("This work is already over."))
        if locked.state == Job.State.QUEUED:
            locked.state, locked.finished_at = Job.State.CANCELLED, timezone.now()
        locked.cancel_requested = True
        locked.save(update_fields=["state", "finished_at", "cancel_requested"])
        audit.record(by, "job.cancel", locked)
    return locked


def retry(job: Job, *, by: Actor = None) -> Job:
    """Queues a failed or cancelled job again. Raises Conflict when it is not over, or another of its key is active."""
    _permitted(job.kind, by, "jobs.change_job")
    try:
        with transaction.atomic():
            changed = Job.objects.filter(pk=job.pk, state__in=[Job.State.FAILED, Job.State.CANCELLED]).update(
                state=Job.State.QUEUED, attempts=0, cancel_requested=False, error="", error_place="", finished_at=None
            )
            if not changed:
                raise Conflict(_("Only work that failed or was cancelled can be tried again."))
            audit.record(by, "job.retry", job)
    except IntegrityError as error:
        raise Conflict(_("The same work is waiting or running already.")) from error
    transaction.on_commit(lambda: _ring(job.pk))
    job.refresh_from_db()
    return job


def sweep(now: datetime.datetime | None = None) -> dict[str, int]:
    """Announces waiting jobs again that nobody took, and takes jobs back whose worker fell silent.

    A job whose workers died `max_attempts` times fails, with a message. Safe to run at any time, by several at once.
    """
    now = now or timezone.now()
    counts = {"requeued": 0, "failed": 0, "rung": 0}
    for job in Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now):
        counts[_take_back(job, now)] += 1
    silent = Q(rung_at__isnull=True, created_at__lt=now - RING_AGAIN) | Q(rung_at__lt=now - RING_AGAIN)
    for pk in Job.objects.filter(silent, state=Job.State.QUEUED).values_list("pk", flat=True):
        _ring(pk)
        counts["rung"] += 1
    return counts


def forget_old(now: datetime.datetime | None = None) -> int:
    """Deletes jobs that ended more than 30 days ago; how many. The last success of each refresh step is kept: it says
    what need not be done again."""
    now = now or timezone.now()
    successes = StageRun.objects.filter(state=StageRun.State.DONE).values("name").annotate(newest=Max("pk"))
    kept = StageRun.objects.filter(pk__in=successes.values("newest")).values("job")
    old = Job.objects.exclude(state__in=Job.ACTIVE).filter(finished_at__lt=now - KEEP_JOBS).exclude(pk__in=kept)
    return old.delete()[0]


def already_running(job: Job) -> str:
    """Who runs it and since when: what a person needs to decide whether to wait."""
    job.refresh_from_db()
    return _("“%(label)s” is already running, started by %(who)s. Wait until it is done, or cancel it.") % {
        "label": job.label,
        "who": job.started_by,
    }


def _permitted(kind: str, by: Actor, otherwise: str = "") -> None:
    permission = registry.get(kind).permission or otherwise
    if permission:
        require(by, permission)


def _record(
    kind: str, params: dict[str, Any] | None, key: str | None, by: Actor, by_command: bool = False
) -> tuple[Job, bool]:
    for _attempt in range(10):
        if key is not None:
            active = Job.objects.active().filter(key=key).first()
            if active is not None:
                return active, False
        try:
            with transaction.atomic():
                return Job.objects.create(kind=kind, params=params or {}, key=key, by=by, by_command=by_command), True
        except IntegrityError:  # somebody else recorded the same key a moment ago: theirs is the one
            continue
    raise Conflict(_("The same work is being started by somebody else. Try again."))


def end_silent(key: str) -> None:
    """A job with this key whose process fell silent has failed: for who does its work here and now, perhaps where no
    worker runs that would sweep."""
    now = timezone.now()
    for job in Job.objects.filter(key=key, state=Job.State.RUNNING, lease_until__lt=now):
        held = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts, lease_until__lt=now)
        error = _("The process that did it stopped without a word.")
        if held.update(state=Job.State.FAILED, finished_at=now, lease_until=None, error=error):
            _close_stages(job, now)


def _take_back(job: Job, now: datetime.datetime) -> str:
    held = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts, lease_until__lt=now)
    kind = registry.find(job.kind)
    if job.cancel_requested:
        held.update(state=Job.State.CANCELLED, finished_at=now, lease_until=None)
        _close_stages(job, now)
        return "failed"
    if kind is None or job.attempts >= kind.max_attempts:
        message = _(
            "The worker stopped without a word %(count)d times. Look at its memory and its log, then try again."
        )
        held.update(state=Job.State.FAILED, finished_at=now, lease_until=None, error=message % {"count": job.attempts})
        _close_stages(job, now)
        return "failed"
    if held.update(state=Job.State.QUEUED, lease_until=None, rung_at=None):
        _ring(job.pk)
    return "requeued"


def _close_stages(job: Job, now: datetime.datetime) -> None:
    open_states = [StageRun.State.WAITING, StageRun.State.RUNNING]
    job.stages.filter(state__in=open_states).update(state=StageRun.State.CANCELLED, finished_at=now)


def _ring(job_id: int) -> None:
    """Tells the workers. A broker that does not answer loses nothing: the sweep rings again."""
    Job.objects.filter(pk=job_id).update(rung_at=timezone.now())
    try:
        current_app.send_task(RUN_TASK, (job_id,), retry=False)
    except OperationalError:
        logger.warning("Job %s could not be announced; the sweep will.", job_id)
