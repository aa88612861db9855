"""A real worker on a real broker, killed in the middle of its work."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from jobs import services
from jobs.models import Job
from tests.jobs import kinds
from tests.support.processes import environment

assert kinds.hang_once
Worker = Callable[[], "subprocess.Popen[bytes]"]
LOG = "worker.log"
PATIENCE_SECONDS = 90


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    """Starts Celery workers on the test's database, each in a process group of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        arguments = [
            "-A",
            "cdp_site",
            "worker",
            "-c",
            "1",
            "--without-mingle",
            "--without-gossip",
            "-I",
            "tests.jobs.kinds",
        ]
        with (tmp_path / LOG).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", *arguments],
                env=environment(),
                start_new_session=True,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Told:
    """A pipe into which the work writes lines. Held open, so that a writer who is killed does not end it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_NONBLOCK))

    def line(self) -> str:
        ready, _write, _error = select.select([self._file], [], [], PATIENCE_SECONDS)
        if not ready:
            jobs = list(Job.objects.values("kind", "state", "attempts", "error"))
            pytest.fail(f"Nothing was told. Jobs: {jobs}\n{(self.path.parent / LOG).read_text()}")
        return self._file.readline().strip()

    def close(self) -> None:
        self._file.close()


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    pipe = Told(tmp_path / "told")
    yield pipe
    pipe.close()


@pytest.mark.django_db(transaction=True)
def test_killing_the_worker_repeats_the_job_and_loses_nothing(worker: Worker, told: Told, tmp_path: Path) -> None:
    wait = tmp_path / "wait"
    os.mkfifo(wait)
    job = services.enqueue("tests.hang_once", {"told": str(told.path), "wait": str(wait)})
    first = worker()
    assert told.line() == "attempt 1"
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    job.refresh_from_db()
    assert job.state == "running"
    Job.objects.update(lease_until=timezone.now())
    assert services.sweep()["requeued"] == 1
    second = worker()
    assert told.line() == "attempt 2"
    second.terminate()  # a warm stop: what runs is finished first
    second.wait()
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"attempt": 2})
