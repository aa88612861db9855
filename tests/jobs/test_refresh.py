"""The refresh runs what changed, in order, one at a time."""

import datetime
import io
import json
from typing import Any

import pyarrow as pa
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.errors import Conflict, InvalidInput
from jobs import refresh, runner, services, stages
from jobs.models import Job, StageRun
from jobs.registry import Context
from jobs.stages import RefreshStage, StageResult
from lake import services as lake
from lake.specs import TableSpec

pytestmark = pytest.mark.django_db


class House:
    """Three stages: load → unify → segments. `log` says what ran."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.rule = "a"
        self.fails: set[str] = set()
        stages.register(
            RefreshStage(
                "segments", "Segments", self._runs("segments"), ["unify"], lambda: ["people"], lambda: self.rule
            )
        )
        stages.register(
            RefreshStage("unify", "Unify", self._unify, ["load"], lambda: ["shop"], None, lambda: ["people"])
        )
        stages.register(RefreshStage("load", "Load", self._runs("load")))

    def _runs(self, name: str) -> Any:
        def run(context: Context, full: bool) -> StageResult:
            context.progress(1, 2)
            if name in self.fails:
                raise InvalidInput("The file is empty.", place="shop.csv")
            self.log.append(name)
            return StageResult(rows=7)

        return run

    def _unify(self, context: Context, full: bool) -> StageResult:
        result: StageResult = self._runs("unify")(context, full)
        publish("people")
        return result


def publish(table: str) -> None:
    lake.write_and_publish(TableSpec(table), pa.table({"id": ["x"]}))


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(stages, "_stages", {})
    publish("shop")
    return House()


def _states(reports: list[refresh.StageReport]) -> dict[str, str]:
    return {report.name: report.state for report in reports}


def test_it_runs_the_stages_in_order(house: House) -> None:
    reports = refresh.refresh()
    assert house.log == ["load", "unify", "segments"]
    assert _states(reports) == dict.fromkeys(house.log, "done")
    assert [report.rows for report in reports] == [7, 7, 7]


def test_it_skips_what_did_not_change(house: House) -> None:
    refresh.refresh()
    assert _states(refresh.refresh()) == {"load": "done", "unify": "skipped", "segments": "skipped"}


def test_new_data_runs_what_reads_it(house: House) -> None:
    refresh.refresh()
    publish("shop")
    assert _states(refresh.refresh()) == {"load": "done", "unify": "done", "segments": "done"}


def test_a_new_definition_runs_its_stage_alone(house: House) -> None:
    refresh.refresh()
    house.rule = "b"
    assert _states(refresh.refresh()) == {"load": "done", "unify": "skipped", "segments": "done"}


def test_a_lost_table_is_made_again(house: House) -> None:
    refresh.refresh()
    work = lake.stage()
    work.drop("people")
    work.publish()
    assert _states(refresh.refresh())["unify"] == "done"


def test_full_skips_nothing(house: House) -> None:
    refresh.refresh()
    assert set(_states(refresh.refresh(full=True)).values()) == {"done"}


def test_only_the_named_stages_run(house: House) -> None:
    assert _states(refresh.refresh(["segments"])) == {"segments": "done"}
    with pytest.raises(InvalidInput, match="segments"):
        refresh.refresh(["segmets"])


def test_a_failure_skips_what_depends_on_it_and_runs_again_next_time(house: House) -> None:
    house.fails = {"unify"}
    reports = refresh.refresh()
    assert _states(reports) == {"load": "done", "unify": "failed", "segments": "skipped"}
    assert "The file is empty." in reports[1].note
    assert "Unify" in reports[2].note
    assert Job.objects.get().state == "failed"
    house.fails = set()
    assert _states(refresh.refresh()) == {"load": "done", "unify": "done", "segments": "done"}


def test_one_refresh_at_a_time(house: House) -> None:
    waiting = refresh.start()
    with pytest.raises(Conflict, match="already running"):
        refresh.refresh()
    with pytest.raises(Conflict):
        refresh.start()
    services.cancel(waiting)
    assert refresh.refresh()


def test_a_cancelled_refresh_leaves_no_step_waiting(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "WRITE_EVERY_SECONDS", 0.0)

    def cancelled(context: Context, full: bool) -> StageResult:
        services.cancel(Job.objects.get(pk=context.job_id))
        context.check_cancelled()
        raise AssertionError("it went on")

    stages.register(RefreshStage("unify", "Unify", cancelled, ["load"]))
    assert _states(refresh.refresh()) == {"load": "done", "unify": "cancelled", "segments": "cancelled"}
    assert Job.objects.get().state == "cancelled"


def test_the_command_prints_one_json_object(house: House) -> None:
    out = io.StringIO()
    call_command("refresh", "--json", stdout=out)
    result = json.loads(out.getvalue())
    assert result["ok"] is True
    assert result["seconds"] >= 0
    assert [(stage["name"], stage["state"], stage["rows"]) for stage in result["stages"]] == [
        ("load", "done", 7),
        ("unify", "done", 7),
        ("segments", "done", 7),
    ]


def test_the_command_fails_with_the_stage_and_the_reason(house: House) -> None:
    house.fails = {"load"}
    out = io.StringIO()
    with pytest.raises(CommandError, match="The file is empty") as error:
        call_command("refresh", "--json", stdout=out)
    assert error.value.returncode == 1
    result = json.loads(out.getvalue())
    assert result["ok"] is False
    assert "The file is empty" in result["problems"][0]


def test_a_second_command_says_that_a_command_runs_and_prints_one_json_object(house: House) -> None:
    first = Job.objects.create(kind=refresh.KIND, key=refresh.KEY, by_command=True)
    assert runner.claim(first.pk)
    out = io.StringIO()
    with pytest.raises(CommandError, match="already running, started by a command"):
        call_command("refresh", "--json", stdout=out)
    result = json.loads(out.getvalue())
    assert (result["ok"], result["stages"], result["error"]["code"]) == (False, [], "conflict")
    assert result["problems"] == [result["error"]["message"]]


def test_a_command_is_told_from_the_schedule(house: House) -> None:
    assert refresh.run_here().started_by == "a command"
    assert refresh.start().started_by == "the schedule"


def test_stages_that_wait_for_each_other_are_named(house: House) -> None:
    stages.register(RefreshStage("load", "Load", house._runs("load"), ["segments"]))
    with pytest.raises(InvalidInput, match="wait for each other"):
        refresh.refresh()
    assert StageRun.objects.count() == 0


def test_stopping_the_command_leaves_nothing_running(house: House) -> None:
    def stopped(context: Context, full: bool) -> StageResult:
        raise KeyboardInterrupt

    stages.register(RefreshStage("unify", "Unify", stopped, ["load"]))
    with pytest.raises(KeyboardInterrupt):
        call_command("refresh")
    assert Job.objects.get().state == "cancelled"
    assert list(StageRun.objects.values_list("state", flat=True)) == ["done", "cancelled", "cancelled"]


def test_a_refresh_whose_workers_died_shows_no_running_step(house: House) -> None:
    job = refresh.start()
    StageRun.objects.create(job=job, name="load", state="running")
    for _attempt in range(3):
        runner.claim(job.pk)
        services.sweep(timezone.now() + datetime.timedelta(minutes=5))
    assert StageRun.objects.get().state == "cancelled"


def test_after_a_killed_command_the_next_one_runs_though_nobody_sweeps(house: House) -> None:
    killed = runner.claim(refresh.start().pk)
    assert killed is not None
    StageRun.objects.create(job=killed, name="load", state="running")
    with pytest.raises(Conflict, match="already running, started by the schedule"):
        refresh.refresh()
    Job.objects.update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
    assert _states(refresh.refresh()) == {"load": "done", "unify": "done", "segments": "done"}
    killed.refresh_from_db()
    assert (killed.state, killed.error) == ("failed", "The process that did it stopped without a word.")
    assert killed.stages.get().state == "cancelled"
