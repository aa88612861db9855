"""The site's settings, on servers that tests may use: TEST_DATABASE_URL and TEST_REDIS_URL, else embedded ones.

The embedded ones live in `.test-data` beside `.venv` and end with the last test process.
"""

import os
from pathlib import Path

TEST_DATA = Path(__file__).resolve().parent.parent / ".test-data"

os.environ["KINDRED_ENV"] = "development"
os.environ["KINDRED_DATA"] = str(TEST_DATA)
os.environ["SECRET_KEY"] = "only-for-tests"
run = os.environ.setdefault("KINDRED_TEST_RUN", str(os.getpid()))  # every test process has its own keys and queues
os.environ["REDIS_PREFIX"] = f"test-{run}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread that also uses the database
for name in ("DATABASE_URL", "REDIS_URL"):
    if value := os.environ.get(f"TEST_{name}"):
        os.environ[name] = value

from cdp_site.settings import *  # noqa: E402, F403
from tests.support import server  # noqa: E402

# Else threads of the live server keep their sessions, and the test database could not be dropped at the end.
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - the static files' server looks for it

if not os.environ.get("DATABASE_URL"):
    # Two runs in one checkout at the same time would make, fill and drop the same database.
    DATABASES["default"]["TEST"] = {"NAME": server.database_name(run)}  # noqa: F405
    if run == str(os.getpid()):  # the first process of the run
        server.prepare(DATABASES["default"])  # noqa: F405
