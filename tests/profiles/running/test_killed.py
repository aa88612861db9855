"""A run of unification that is killed, or cancelled, leaves the last result live."""

import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from core.errors import Cancelled
from jobs.models import Job
from jobs.refresh import StageReport
from lake.queries import snapshot
from profiles.config import services
from profiles.models import Profile, UnificationRun
from profiles.running import stage as unifying
from tests.profiles.running.test_stage import rows

# Stops where half is done: the serving copy is exchanged, the tables are written, and nothing is committed.
RUN = """
import django; django.setup()
import time
from profiles.serving import writing as serving
apply = serving.apply
def half():
    apply()
    print("half", flush=True)
    time.sleep(600)
serving.apply = half
from jobs.refresh import refresh
refresh(["unify"], full=True)
"""


def live() -> dict[str, Any]:
    people = dict(Profile.objects.values_list("pk", "name"))
    links = sorted((r["record_id"], r["profile_id"]) for r in rows("unified.links"))
    return {"people": people, "links": links, "runs": UnificationRun.objects.count(), "version": snapshot().version}


@pytest.mark.django_db(transaction=True)
def test_kill_9_in_the_middle_leaves_the_last_result(
    unified: None, run: Callable[[], list[StageReport]], process_environment: Callable[[], dict[str, str]]
) -> None:
    before = live()
    services.save_unification(rules=[{"name": "Nobody", "when": [{"semantic": "id.loyalty_card"}]}])
    worker = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", RUN], env=process_environment(), stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "half\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert live() == before
    Job.objects.all().delete()
    run()
    assert live()["links"] != before["links"]


class Impatient:
    """A job that is cancelled at a step."""

    job_id = 0

    def __init__(self, at: int) -> None:
        self._at = at

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        if done >= self._at:
            raise Cancelled("enough")

    def check_cancelled(self) -> None: ...


@pytest.mark.parametrize("at", [10, 60, 80, 90])
def test_cancelling_at_any_step_leaves_the_last_result(unified: None, at: int) -> None:
    before = live()
    services.save_unification(rules=[{"name": "Nobody", "when": [{"semantic": "id.loyalty_card"}]}])
    with pytest.raises(Cancelled):
        unifying.run(Impatient(at), full=True)
    assert live() == before
