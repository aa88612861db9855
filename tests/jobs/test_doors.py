"""Pages and API of background work, and its schedule: who may do what, and what is shown."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from core import home
from jobs import refresh, schedule, services, stages
from jobs.home import palette_hits
from jobs.models import Job, StageRun
from jobs.schedule import Plan
from jobs.stages import RefreshStage, StageResult
from jobs.tasks import scheduled_refresh, sweep, tidy
from tests.jobs import kinds

assert kinds.add
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "_stages", {})
    stages.register(RefreshStage("load", "Load sources", lambda context, full: StageResult(1234567, "two files")))


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _failed() -> Job:
    return Job.objects.create(
        kind="tests.refuse",
        state="failed",
        error="Line 7 has no key.",
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )


def test_a_job_page_tells_the_whole_story(viewer: User) -> None:
    refresh.refresh()
    client = _signed_in(viewer)
    page = client.get(Job.objects.get().get_absolute_url()).content.decode()
    for words in ("Load sources", "1,234,567", "two files", "Done"):
        assert words in page
    assert "load delay" not in page
    failed = client.get(_failed().get_absolute_url()).content.decode()
    assert "Line 7 has no key." in failed
    assert "Try again" not in failed  # a viewer may not


def test_a_job_page_tells_how_much_was_done(viewer: User) -> None:
    job = Job.objects.create(kind="tests.refuse", state="done", done=1270, started_at=timezone.now())
    assert "1,270" in _signed_in(viewer).get(job.get_absolute_url()).content.decode()


def test_pages_are_live_only_while_something_is_active(viewer: User) -> None:
    client = _signed_in(viewer)
    assert "hx-trigger" not in client.get(reverse("jobs:pulse")).content.decode()
    job = services.enqueue("tests.add", {"a": 1, "b": 2})
    pulse = client.get(reverse("jobs:pulse"))
    assert "hx-trigger" in pulse.content.decode()
    assert "list:refresh" in pulse["HX-Trigger"]
    part = client.get(job.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert "load delay:1s" in part
    assert "<html" not in part


def test_the_list_is_narrowed_by_state(viewer: User) -> None:
    _failed()
    services.run_here("tests.add", {"a": 1, "b": 2})
    page = _signed_in(viewer).get(reverse("jobs:list"), {"state": "failed"}).content.decode()
    assert "Refuse" in page
    assert "1–1 of 1" in page


def test_the_top_bar_names_what_runs(viewer: User, stranger: User, django_assert_max_num_queries: object) -> None:
    services.enqueue("tests.add", {"a": 1, "b": 2})
    client = _signed_in(viewer)
    client.get(reverse("jobs:running"))
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        assert "Add numbers" in client.get(reverse("jobs:running")).content.decode()
    assert "Add numbers" not in _signed_in(stranger).get(reverse("jobs:running")).content.decode()


@pytest.mark.parametrize("name", ["list", "detail", "schedule", "pulse"])
def test_strangers_see_nothing(stranger: User, name: str) -> None:
    address = reverse(f"jobs:{name}", args=[_failed().pk] if name == "detail" else [])
    assert _signed_in(stranger).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_the_button_starts_one_refresh(marketer: User, viewer: User) -> None:
    address = reverse("jobs:refresh")
    assert _signed_in(viewer).post(address).status_code == 403
    client = _signed_in(marketer)
    assert client.post(address)["Location"] == Job.objects.get().get_absolute_url()
    assert client.post(address)["Location"] == reverse("jobs:list")
    assert Job.objects.get().by == marketer


def test_the_refresh_is_found_by_its_name(marketer: User, viewer: User) -> None:
    assert [hit.url for hit in palette_hits(marketer, "refresh")] == [reverse("jobs:list")]
    assert palette_hits(viewer, "refresh") == []
    assert palette_hits(marketer, "nonsense") == []


def test_jobs_are_cancelled_and_tried_again(analyst: User, viewer: User) -> None:
    job = services.enqueue("tests.add", {"a": 1, "b": 2})
    assert _signed_in(viewer).post(reverse("jobs:cancel", args=[job.pk])).status_code == 403
    client = _signed_in(analyst)
    for name, state in (("cancel", "cancelled"), ("retry", "queued")):
        client.post(reverse(f"jobs:{name}", args=[job.pk]))
        job.refresh_from_db()
        assert job.state == state
    client.post(reverse("jobs:list"), {"action": "cancel", "row": [job.pk]})
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_the_api_is_another_door(analyst: User, viewer: User, stranger: User) -> None:
    client = _signed_in(analyst)
    started = client.post("/api/v1/refresh/", {"stages": ["load"]}, content_type="application/json")
    assert started.status_code == 202
    again = client.post("/api/v1/refresh/", {}, content_type="application/json")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")
    address = f"/api/v1/jobs/{started.json()['id']}/"
    assert _signed_in(viewer).post(f"{address}cancel/").status_code == 403
    assert _signed_in(stranger).get(address).status_code in (403, 404)
    assert client.post(f"{address}cancel/").json()["state"] == "cancelled"
    assert client.post(f"{address}cancel/").status_code == 409
    assert client.get(address).json()["stages"] == []
    assert client.get("/api/v1/jobs/", {"state": "cancelled"}).json()["count"] == 1
    assert _signed_in(viewer).post("/api/v1/refresh/", {}, content_type="application/json").status_code == 403


@pytest.mark.parametrize(
    ("form", "plan"),
    [
        ({"is_on": "on", "every": "minutes", "count": 15}, Plan(True, "minutes", 15)),
        ({"is_on": "on", "every": "hours", "count": 2}, Plan(True, "hours", 2)),
        ({"is_on": "on", "every": "day", "at": "04:30"}, Plan(True, "day", 1, datetime.time(4, 30))),
        ({"every": "hours", "count": 2}, Plan(False, "hours", 2)),
    ],
)
def test_the_schedule_is_kept(analyst: User, form: dict[str, str], plan: Plan) -> None:
    assert _signed_in(analyst).post(reverse("jobs:schedule"), form).status_code == 303
    assert schedule.current() == plan
    assert (schedule.next_run() is not None) == plan.is_on
    assert PeriodicTask.objects.filter(task="jobs.refresh").count() == 1


def test_the_schedule_refuses_nonsense(analyst: User, viewer: User) -> None:
    client = _signed_in(analyst)
    for form in ({"every": "minutes", "count": 1}, {"every": "day"}, {"every": "hours"}):
        assert client.post(reverse("jobs:schedule"), form | {"is_on": "on"}).status_code == 422
    _signed_in(viewer).post(reverse("jobs:schedule"), {"every": "hours", "count": 2})
    assert not PeriodicTask.objects.filter(task="jobs.refresh").exists()


def test_the_scheduled_refresh_waits_for_the_last_one() -> None:
    scheduled_refresh()
    scheduled_refresh()
    assert Job.objects.count() == 1


def test_the_sweep_and_the_housekeeping_are_scheduled() -> None:
    assert {"jobs.sweep", "jobs.housekeeping"} <= set(PeriodicTask.objects.values_list("task", flat=True))
    sweep()
    tidy()


def test_old_jobs_are_forgotten_but_not_the_last_success() -> None:
    refresh.refresh()
    _failed()
    assert services.forget_old() == 0
    services.forget_old(timezone.now() + datetime.timedelta(days=31))
    assert list(Job.objects.values_list("kind", flat=True)) == ["refresh"]
    assert StageRun.objects.count() == 1


def test_a_failed_refresh_needs_a_hand(viewer: User, stranger: User) -> None:
    Job.objects.create(kind="refresh", state="failed", error="The shop database does not answer.")
    assert any("The shop database does not answer." in todo.text for todo in home.todos(viewer))
    assert not any("The shop database" in todo.text for todo in home.todos(stranger))
