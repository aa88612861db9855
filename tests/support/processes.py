"""Processes of the site, on the database, lake and queues of the test that starts them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import Settings

READY_SECONDS = 60
STOP_SECONDS = 20


def database_url() -> str:
    """The address of this test process's own database."""
    at = connection.settings_dict
    user = quote(at["USER"], safe="")
    if at["HOST"].startswith("/"):
        return f"postgres://{user}@/{quote(at['HOST'] + '/' + at['NAME'], safe='')}"
    port = f":{at['PORT']}" if at["PORT"] else ""
    return f"postgres://{user}:{quote(at['PASSWORD'], safe='')}@{at['HOST']}{port}/{at['NAME']}".replace(":@/", "@/")


def environment() -> dict[str, str]:
    """What a process needs to see what this test sees."""
    return {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "KINDRED_DATA": str(settings.DATA_DIR),
        "EMAIL_URL": f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
        "DJANGO_SETTINGS_MODULE": "cdp_site.settings",
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def process_environment(transactional_db: None, settings: Settings) -> Callable[[], dict[str, str]]:
    """`process_environment()`: the environment for `python manage.py …` in a subprocess."""
    return environment


@pytest.fixture
def celery_worker_process(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator["Worker"]:
    """A real worker with two processes. It answers when the test begins; `.kill()` is `kill -9` of all of it."""
    worker = Worker(tmp_path / "worker.log")
    worker.start()
    yield worker
    worker.stop()


class Worker:
    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "--app", "cdp_site", "worker", "--concurrency", "2"]
        with self.log.open("ab") as log:
            began = log.tell()
            self.process = subprocess.Popen(
                [*command, "--without-gossip", "--without-mingle"], cwd=settings.BASE_DIR,
                env=environment() | {"LOG_LEVEL": "INFO"}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + READY_SECONDS
        while b" ready." not in self.log.read_bytes()[began:]:
            assert self.process.poll() is None, f"The worker ended:\n{self.log.read_text()}"
            assert time.monotonic() < deadline, f"The worker is not ready:\n{self.log.read_text()}"
            time.sleep(0.05)

    def kill(self) -> None:
        assert self.process
        os.killpg(self.process.pid, 9)
        self.process.wait()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Until another process has done its part. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)
