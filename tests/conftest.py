"""The small cast that tests share, and a lake of its own for every test."""

import gc
import uuid
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from core.roles import ROLES
from tests.support.browser import (
    REQUIRED,
    browser_type_launch_args,
    context,
    page_of,
    playwright,
    profile,
    skip_without_browser,
)
from tests.support.database import django_db_setup
from tests.support.engines import each_engine, sail_address
from tests.support.examples import examples
from tests.support.forks import forks
from tests.support.processes import celery_worker_process, process_environment
from tests.support.smtp import smtp_server
from tests.support.worlds import made_once

hypothesis.settings.register_profile("kindred", examples())
hypothesis.settings.load_profile("kindred")

__all__ = [
    "browser_type_launch_args",
    "celery_worker_process",
    "context",
    "django_db_setup",
    "each_engine",
    "forks",
    "made_once",
    "page_of",
    "playwright",
    "process_environment",
    "profile",
    "sail_address",
    "smtp_server",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip_without_browser(items)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says what was not covered."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        places = sorted({report.nodeid.split("::")[0] for report in skipped})
        terminalreporter.write_line(f"NOT COVERED: {len(skipped)} tests were skipped, in {', '.join(places)}")


def pytest_collection_finish() -> None:
    """What was imported stays: looking for garbage in it, again and again, takes longer than many tests."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where a browser is required, a skip is a failure, but for the one server that nobody can bring along."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if REQUIRED and any("TEST_MYSQL_URL" not in str(report.longrepr) for report in skipped):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def own_cache(settings: Any) -> None:
    """What one test leaves in the cache, no other sees. Emptying it would empty the broker of all."""
    cache = settings.CACHES["default"]
    settings.CACHES = {"default": cache | {"KEY_PREFIX": f"{cache['KEY_PREFIX']}-{uuid.uuid4().hex[:8]}"}}


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.LAKE_URL = str(tmp_path / "data" / "lake")
    settings.MEDIA_ROOT = tmp_path / "data" / "uploads"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _user(role: str) -> User:
    user = User.objects.create_user(role, f"{role}@kindred.example", "secret")
    if role in ROLES:
        user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def admin(db: None) -> User:
    return _user("administrator")


@pytest.fixture
def analyst(db: None) -> User:
    return _user("analyst")


@pytest.fixture
def marketer(db: None) -> User:
    return _user("marketer")


@pytest.fixture
def salesperson(db: None) -> User:
    return _user("sales")


@pytest.fixture
def viewer(db: None) -> User:
    return _user("viewer")


@pytest.fixture
def stranger(db: None) -> User:
    """Signed in, with no role at all."""
    return _user("stranger")


@pytest.fixture
def client_of() -> object:
    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make
