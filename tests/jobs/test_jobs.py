"""A job's row tells the truth, whatever happens to whoever works on it."""

import datetime
import io
import logging
import threading

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.errors import Cancelled, Conflict, InvalidInput, NotAllowed, NotFound
from core.models import AuditEntry
from jobs import runner, services
from jobs.models import Job
from jobs.registry import Context, job_kind
from jobs.tasks import run_job
from tests.jobs import kinds

assert kinds.add
pytestmark = pytest.mark.django_db
LATER = datetime.timedelta(minutes=5)


def test_it_runs_here_with_a_row() -> None:
    job, _error = services.run_here("tests.add", {"a": 1, "b": 2})
    assert (job.state, job.result, job.attempts) == ("done", {"sum": 3}, 1)
    assert job.finished_at is not None


def test_a_refusal_is_kept_with_its_place() -> None:
    job, error = services.run_here("tests.refuse")
    assert isinstance(error, InvalidInput)
    assert (job.state, job.error, job.error_place) == ("failed", "Line 7 has no key.", "customers.csv:7")


def test_an_unexpected_error_says_what_to_do() -> None:
    job, _error = services.run_here("tests.break")
    assert "Try again" in job.error


def test_neither_the_job_nor_the_log_quotes_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    console = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    monkeypatch.setattr(console, "stream", log)
    job, _error = services.run_here("tests.take_twice")
    assert "IntegrityError (tests.jobs.kinds:" in job.error
    assert "auth_user_username_key" in log.getvalue()
    for text in (job.error, log.getvalue()):
        assert "ann@shop.example" not in text


def test_a_job_does_not_quote_what_an_unexpected_error_does() -> None:
    job, _error = services.run_here("tests.misread")
    assert "ValueError (tests.jobs.kinds:" in job.error
    assert "Miller" not in job.error


def test_unknown_work_is_refused() -> None:
    with pytest.raises(NotFound):
        services.enqueue("tests.nothing")


def test_one_job_is_active_per_key() -> None:
    first = services.enqueue("tests.add", {"a": 1, "b": 1}, key="sum")
    assert services.enqueue("tests.add", {"a": 2, "b": 2}, key="sum") == first
    run_job(first.pk)
    assert services.enqueue("tests.add", {"a": 2, "b": 2}, key="sum") != first


def test_it_rings_only_when_the_transaction_commits(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as calls:
        job = services.enqueue("tests.add", {"a": 1, "b": 1})
        assert job.rung_at is None
    assert len(calls) == 1
    job.refresh_from_db()
    assert job.rung_at is not None


def test_a_second_ring_does_nothing() -> None:
    job = services.enqueue("tests.add", {"a": 1, "b": 2})
    run_job(job.pk)
    run_job(job.pk)
    run_job(job.pk + 1)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 1)


def test_a_waiting_job_is_cancelled_at_once(admin: User) -> None:
    job = services.cancel(services.enqueue("tests.add", {"a": 1, "b": 2}), by=admin)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("cancelled", 0)
    assert AuditEntry.objects.filter(verb="job.cancel", user=admin).exists()
    with pytest.raises(Conflict):
        services.cancel(job, by=admin)


def test_a_running_job_is_cancelled_at_its_next_step() -> None:
    @job_kind("tests.cancelled", "Cancelled")
    def cancelled(context: Context) -> dict[str, int]:
        services.cancel(Job.objects.get(pk=context.job_id))
        context.progress(1)
        raise AssertionError("it went on")

    job, error = services.run_here("tests.cancelled")
    assert isinstance(error, Cancelled)
    assert job.state == "cancelled"


def test_a_failed_job_can_be_tried_again(admin: User, viewer: User) -> None:
    job, _error = services.run_here("tests.refuse")
    with pytest.raises(NotAllowed):
        services.retry(job, by=viewer)
    assert services.retry(job, by=admin).state == "queued"
    with pytest.raises(Conflict):
        services.retry(job, by=admin)


def test_the_sweep_takes_back_what_a_dead_worker_held() -> None:
    job = services.enqueue("tests.add", {"a": 1, "b": 2})
    dead = runner.claim(job.pk)
    assert dead is not None
    assert services.sweep()["requeued"] == 0
    assert services.sweep(timezone.now() + LATER)["requeued"] == 1
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


def test_a_worker_that_lost_its_job_stops_and_writes_nothing() -> None:
    job = services.enqueue("tests.add", {"a": 1, "b": 2})
    dead = runner.claim(job.pk)
    assert dead is not None
    services.sweep(timezone.now() + LATER)
    run_job(job.pk)
    error = runner.execute(dead)
    assert isinstance(error, Cancelled)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"sum": 3})


def test_a_job_that_kills_its_workers_is_given_up() -> None:
    job = services.enqueue("tests.add", {"a": 1, "b": 2})
    for _attempt in range(3):
        runner.claim(job.pk)
        services.sweep(timezone.now() + LATER)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "3 times" in job.error


def test_the_sweep_rings_again_for_what_nobody_took() -> None:
    services.enqueue("tests.add", {"a": 1, "b": 2})
    assert services.sweep(timezone.now() + LATER)["rung"] == 1
    assert services.sweep()["rung"] == 0


def test_progress_tells_rate_and_time_left() -> None:
    started = timezone.now() - datetime.timedelta(seconds=10)
    job = Job(kind="tests.add", state="running", done=500, total=1500, started_at=started)
    assert job.percent == 33
    assert job.time_left is not None
    assert round(job.time_left.total_seconds()) == 20


@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_workers_gets_a_job() -> None:
    job = services.enqueue("tests.add", {"a": 1, "b": 2})
    won = []

    def take() -> None:
        if runner.claim(job.pk) is not None:
            won.append(1)
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == [1]
