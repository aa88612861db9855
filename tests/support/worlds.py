"""Worlds that are dear to make: made once per test process, and copied for every test that begins in one."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.support import database


class World:
    """The rows and the data folder that something made."""

    def __init__(self, rows: database.Rows, folder: Path) -> None:
        self._rows, self._folder = rows, folder

    def enter(self) -> None:
        """Puts them in place for the test that runs. It may change them as it likes."""
        database.put(self._rows)
        shutil.copytree(self._folder, settings.DATA_DIR, dirs_exist_ok=True)


Once = Callable[[Callable[[], object]], World]


@pytest.fixture(scope="session")
def made_once(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Once:
    """`made_once(make)`: the world that `make` makes of an empty one."""

    def make_once(make: Callable[[], object]) -> World:
        folder = tmp_path_factory.mktemp("world")
        with django_db_blocker.unblock(), folders_in(folder), transaction.atomic():
            before = database.rows()
            make()
            rows = {table: _added(lines, before.get(table, [])) for table, lines in database.rows().items()}
            transaction.set_rollback(True)
        return World(rows, folder)

    return make_once


def folders_in(folder: Path) -> override_settings:
    """All that the site writes goes there."""
    return override_settings(DATA_DIR=folder, LAKE_URL=str(folder / "lake"), MEDIA_ROOT=folder / "uploads")


def _added(lines: list[bytes], before: list[bytes]) -> list[bytes]:
    """Rows that were there before must not change: a copy of the world would have them twice."""
    added, gone = Counter(lines) - Counter(before), Counter(before) - Counter(lines)
    assert not gone, gone
    return list(added.elements())
