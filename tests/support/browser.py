"""The system's Chromium, driven by Playwright, on a live server."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, Playwright
from pytest_django.live_server_helper import LiveServer

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
REQUIRED = os.environ.get("KINDRED_REQUIRE_BROWSER") == "1"
FIXTURES = {"page", "context", "browser", "page_of"}


def executable() -> str | None:
    """PLAYWRIGHT_CHROMIUM names it; else what the system has."""
    named = os.environ.get("PLAYWRIGHT_CHROMIUM")
    found = [named, *(shutil.which(name) for name in NAMES), MAC]
    return next((path for path in found if path and os.access(path, os.X_OK)), None)


@pytest.fixture(scope="session")
def playwright(playwright: Playwright) -> Iterator[Playwright]:
    """While Playwright's loop runs, Django keeps another connection for this thread, which nobody finds any more once
    the loop has ended: the test database could not be dropped."""
    yield playwright
    connections.close_all()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": executable(),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    }


@pytest.fixture
def page_of(page: Page, live_server: LiveServer) -> Callable[[User, str], Page]:
    """`page_of(user, "/segments/")`: a browser page on the live server, signed in as that user."""

    def open_page(user: User, path: str = "/") -> Page:
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto(f"{live_server.url}{path}")
        return page

    return open_page


def skip_without_browser(items: list[pytest.Item]) -> None:
    """Browser tests alone are skipped where there is no browser, unless one is required."""
    if executable():
        return
    for item in items:
        if FIXTURES & set(getattr(item, "fixturenames", ())) and not REQUIRED:
            item.add_marker(pytest.mark.skip(reason="no Chromium: not covered in a browser"))
