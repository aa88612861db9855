"""What is tidied up once a day, and what stays."""

import datetime
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from core.models import Session
from jobs import housekeeping
from jobs.tasks import tidy
from segments.models import Segment, SegmentRun
from sources import services, uploads
from sources.models import Load, SourceTable

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def _aged(path: Path, by: datetime.timedelta) -> None:
    then = (timezone.now() - by).timestamp()
    os.utime(path, (then, then))


def test_sessions_that_ended_go(client_of: Callable[[User], Client], marketer: User, analyst: User) -> None:
    client_of(marketer), client_of(analyst)
    Session.objects.filter(user=analyst).update(expire_date=timezone.now() - DAY)
    tidy()
    assert [session.user for session in Session.objects.all()] == [marketer]


def test_a_history_keeps_a_year_and_the_newest_of_each() -> None:
    now = timezone.now()
    old, older = Segment.objects.create(name="Old"), Segment.objects.create(name="Older")
    for segment, days in ((old, 400), (old, 370), (old, 300), (older, 500), (older, 390)):
        SegmentRun.objects.create(segment=segment, at=now - days * DAY, size=days)
    tidy()
    assert sorted(SegmentRun.objects.values_list("segment__name", "size")) == [("Old", 300), ("Older", 390)]


def test_the_last_success_of_a_load_is_kept_beside_what_failed_since(shop_table: Any) -> None:
    now = timezone.now()
    for state, days in (("done", 500), ("done", 400), ("failed", 380), ("failed", 3)):
        Load.objects.create(table=shop_table, state=state, started_at=now - days * DAY)
    tidy()
    assert list(Load.objects.values_list("state", flat=True)) == ["failed", "done"]


@pytest.fixture
def shop_table() -> Any:
    source = services.create_source(name="shop", connector="file")
    return SourceTable.objects.create(source=source, name="customers")


def test_uploads_go_with_the_last_source_that_names_them(settings: Any) -> None:
    source = services.create_source(name="shop", connector="file")
    kept, waiting, gone, new = (uploads.store_upload(SimpleUploadedFile("a.csv", b"id\n1\n")) for _ in range(4))
    services.save_table(source, name="customers", config={"path": str(kept)})
    source.unchecked = [str(waiting)]
    source.save()
    for path in (kept, waiting, gone):
        _aged(path.parent, 2 * DAY)
    tidy()
    assert [path.exists() for path in (kept, waiting, gone, new)] == [True, True, False, True]


def test_temporary_files_of_killed_processes_go(settings: Any) -> None:
    folder = settings.DATA_DIR / "tmp" / "duckdb-1"
    folder.mkdir(parents=True)
    left, used = folder / "left", folder / "used"
    for path in (left, used):
        path.write_text("rows")
    _aged(left, 2 * DAY)
    tidy()
    assert [path.exists() for path in (left, used)] == [False, True]


def test_what_fails_does_not_hold_up_the_rest(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    done: list[str] = []

    def fail() -> None:
        raise OSError("disk")

    monkeypatch.setattr(housekeeping, "_registered", [fail, lambda: done.append("rest")])
    tidy()
    assert done == ["rest"]
    assert "fail" in caplog.text
