"""Runs one job in this process: claims its row, keeps the lease, settles it. Whoever fails to claim does nothing."""

import datetime
import logging
import threading
import time
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Cancelled, KindredError
from core.logs import in_short
from jobs import registry
from jobs.models import Job

logger = logging.getLogger(__name__)

LEASE = datetime.timedelta(seconds=60)  # how long a job may be silent before another worker takes it over
HEARTBEAT_SECONDS = 15.0  # renews the lease during steps that report no progress
WRITE_EVERY_SECONDS = 0.5  # progress in between is not written


class JobContext:
    """A `registry.Context` over one claimed row."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.job_id = int(job.pk)
        self.attempt = job.attempts
        self.result: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._written = 0.0
        self._pending: dict[str, Any] = {}

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        with self._lock:
            self._pending |= {"done": done, "total": total, "message": message[:250]}
            if time.monotonic() - self._written < WRITE_EVERY_SECONDS:
                return
            self._written = time.monotonic()
            values, self._pending = self._pending, {}
        self._renew(values)

    def check_cancelled(self) -> None:
        with self._lock:
            if time.monotonic() - self._written < WRITE_EVERY_SECONDS:
                return
            self._written = time.monotonic()
            values, self._pending = self._pending, {}
        self._renew(values)

    def flush(self) -> None:
        """Writes what is pending, without looking for a cancellation."""
        with self._lock:
            values, self._pending = self._pending, {}
        if values:
            self._mine().update(**values)

    def beat(self) -> None:
        self._mine().update(lease_until=timezone.now() + LEASE)

    def _mine(self) -> "models.QuerySet[Job]":
        return Job.objects.filter(pk=self.job_id, state=Job.State.RUNNING, attempts=self.attempt)

    def _renew(self, values: dict[str, Any]) -> None:
        kept = self._mine().update(**values, lease_until=timezone.now() + LEASE)
        if not kept:
            raise Cancelled(_("Another worker has taken this work over."), code="taken_over")
        if self._mine().filter(cancel_requested=True).exists():
            raise Cancelled(_("Cancelled."))


class _Heartbeat(threading.Thread):
    """Renews the lease while the work itself is silent, for instance during one long statement."""

    def __init__(self, context: JobContext) -> None:
        super().__init__(name=f"lease-{context.job_id}", daemon=True)
        self._context = context
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(HEARTBEAT_SECONDS):
            try:
                self._context.beat()
            except Exception:
                logger.exception("The lease of job %s could not be renewed; trying again.", self._context.job_id)
            finally:
                connection.close()

    def stop(self) -> None:
        self._stopped.set()


def claim(job_id: int) -> Job | None:
    """Takes a queued job; None when somebody else has it or it is over."""
    now = timezone.now()
    taken = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING,
        attempts=models.F("attempts") + 1,
        lease_until=now + LEASE,
        started_at=now,
        finished_at=None,
        done=0,
        total=None,
        message="",
        error="",
        error_place="",
        result={},
    )
    return Job.objects.select_related("by").get(pk=job_id) if taken else None


def execute(job: Job) -> BaseException | None:
    """Runs a claimed job to its end and settles its row; the error that ended it, if any."""
    context = JobContext(job)
    heartbeat = _Heartbeat(context)
    heartbeat.start()
    error: BaseException | None = None
    try:
        kind = registry.get(job.kind)
        context.result |= kind.run(context, **job.params) or {}
    except Exception as raised:
        error = raised
    except BaseException as raised:  # a stop of the process or a time limit: the row must say so, the caller must know
        _settle(context, raised)
        raise
    finally:
        heartbeat.stop()
    _settle(context, error)
    job.refresh_from_db()
    return error


def _settle(context: JobContext, error: BaseException | None) -> None:
    """Only the attempt that holds the row writes its end."""
    context.flush()
    values: dict[str, Any] = {"finished_at": timezone.now(), "lease_until": None, "result": context.result}
    if error is None:
        values |= {"state": Job.State.DONE, "message": ""}
    elif isinstance(error, KeyboardInterrupt | SystemExit):
        values |= {"state": Job.State.CANCELLED, "error": _("It was stopped. Start it again when you like.")}
    elif isinstance(error, SoftTimeLimitExceeded):
        values |= {
            "state": Job.State.FAILED,
            "error": _("It took longer than a worker may take. Do it in smaller parts."),
        }
    elif isinstance(error, Cancelled):
        values |= {"state": Job.State.CANCELLED, "error": str(error.message)}
    elif isinstance(error, KindredError):
        values |= {"state": Job.State.FAILED, "error": str(error.message), "error_place": error.place[:250]}
    else:
        logger.error("Job %s (%s) failed.", context.job_id, context.job.kind, exc_info=error)
        text = _(
            "Something unexpected happened: %(error)s. Try again; if it stays, an administrator finds more in the log."
        )
        values |= {"state": Job.State.FAILED, "error": text % {"error": in_short(error)}}
    context._mine().update(**values)
