"""The real web server on a free port, and a browser's side of it: one session, one connection that stays open."""

import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from bench.common import FOLDER

READY_SECONDS = 120
USER = "bench"
IDLE_SECONDS = 4  # the server hangs up after five; a browser, too, then connects anew
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """gunicorn as `make run` starts it, on the data of this process, whose Django is set up. A context manager."""

    def __init__(self, workers: int = 1) -> None:
        self.port, self.workers = free_port(), workers
        self.cookies: dict[str, str] = {}
        self.asked_at = 0.0

    def __enter__(self) -> Self:
        (FOLDER / "static").mkdir(parents=True, exist_ok=True)  # else the server warns
        environment = os.environ | {"BIND": f"127.0.0.1:{self.port}", "WEB_CONCURRENCY": str(self.workers)}
        command = [sys.executable, "-m", "gunicorn", "-c", "python:cdp_site.gunicorn", "cdp_site.wsgi"]
        self.process = subprocess.Popen(command, env=environment, start_new_session=True)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            self._wait()
            self._sign_in()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def get(self, path: str, **headers: str) -> str:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """JSON there and back."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.cookies["csrftoken"]}
        return json.loads(self._ask("POST", path, json.dumps(body).encode(), headers))

    def cpu(self) -> float:
        """CPU seconds that the server's processes have used so far; 0 where the system does not tell."""
        total = 0.0
        for file in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = file.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self.process.pid:  # the session that the server leads
                total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return total

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str], expected: int = 200) -> str:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if time.monotonic() - self.asked_at > IDLE_SECONDS:
            self.connection.close()
        self.connection.request(method, path, body, {"Cookie": cookie, "Accept": "*/*", **headers})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.asked_at = time.monotonic()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _sign, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        assert answer.status == expected, f"{method} {path}: {answer.status} {text[:500]}"
        return text

    def _wait(self) -> None:
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self._ask("GET", "/health/", None, {})
                return
            except OSError:
                self.connection.close()
                time.sleep(0.1)
        raise RuntimeError("The web server did not start.")

    def _sign_in(self) -> None:
        """Through the page, like a person."""
        from django.contrib.auth.models import User

        password = secrets.token_urlsafe()
        user, _created = User.objects.get_or_create(username=USER, defaults={"is_superuser": True})
        user.set_password(password)
        user.save()
        token = _TOKEN.search(self._ask("GET", "/signin/", None, {}))
        assert token, "The sign-in page has no form."
        form = {"username": USER, "password": password, "csrfmiddlewaretoken": token[1]}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{self.port}/"}
        self._ask("POST", "/signin/", urlencode(form).encode(), headers, expected=302)
