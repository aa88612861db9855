"""A real worker on a real broker, killed in the middle of its work."""

import os
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


@pytest.fixture
def worker() -> Iterator[Worker]:
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
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", *arguments], env=environment(), start_new_session=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _line(pipe: Path) -> str:
    """The next line that the work writes into its pipe: waits for it. A writer that was killed leaves an empty end."""
    line = ""
    while not line:
        with pipe.open() as file:
            line = file.readline().strip()
    return line


@pytest.mark.django_db(transaction=True)
def test_killing_the_worker_repeats_the_job_and_loses_nothing(worker: Worker, tmp_path: Path) -> None:
    told, wait = tmp_path / "told", tmp_path / "wait"
    os.mkfifo(told)
    os.mkfifo(wait)
    job = services.enqueue("tests.hang_once", {"told": str(told), "wait": str(wait)})
    first = worker()
    assert _line(told) == "attempt 1"
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    job.refresh_from_db()
    assert job.state == "running"
    Job.objects.update(lease_until=timezone.now())
    assert services.sweep()["requeued"] == 1
    second = worker()
    assert _line(told) == "attempt 2"
    second.terminate()  # a warm stop: what runs is finished first
    second.wait()
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"attempt": 2})
