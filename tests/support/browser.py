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
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Playwright
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
        "args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--process-per-site"],
    }


@pytest.fixture(scope="session")
def profile(
    browser: Browser, browser_context_args: dict[str, Any], live_server: LiveServer
) -> Iterator[tuple[BrowserContext, CDPSession]]:
    """One window for all tests of this process. A tab of it that stays keeps what the site's pages have in common
    loaded: to start a browser's process and to read all scripts anew takes longer than most tests."""
    context = browser.new_context(**browser_context_args)
    staying = context.new_page()
    staying.goto(f"{live_server.url}{settings.STATIC_URL}favicon.svg")
    yield context, context.new_cdp_session(staying)
    context.close()


@pytest.fixture
def context(profile: tuple[BrowserContext, CDPSession], live_server: LiveServer) -> Iterator[BrowserContext]:
    """Where nobody is signed in, and no page has stored anything yet."""
    context, devtools = profile
    yield context
    for page in context.pages[1:]:
        page.close()
    devtools.send("Storage.clearDataForOrigin", {"origin": live_server.url, "storageTypes": "all"})


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
