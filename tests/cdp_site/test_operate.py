"""What operators lean on: the health address, the checks for production, one instance per data folder."""

import errno
import logging.handlers
import os
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from psycopg.errors import DiskFull

from cdp_site.management.commands import run
from cdp_site.supervisor import instance
from cdp_site.supervisor.console import Console
from core.embedded.server import free_port
from core.middleware import ClientAddress

LOCALHOST = sorted({str(info[4][0]) for info in socket.getaddrinfo("localhost", None)})


@pytest.mark.django_db
def test_health_needs_no_sign_in_and_no_known_host() -> None:
    answer = Client().get("/health/", headers={"host": "10.0.0.7"})

    assert (answer.status_code, answer.json()) == (200, {"database": True, "broker": True})


@pytest.mark.django_db
def test_health_names_what_is_out_of_reach() -> None:
    def refuse(*args: object) -> None:
        raise DatabaseError

    with connection.execute_wrapper(refuse):
        answer = Client().get("/health/")

    assert (answer.status_code, answer.json()) == (503, {"database": False, "broker": True})


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # no proxy of ours: anybody may write the header
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),  # the client wrote the first one itself
        ("127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"),  # two proxies
        ("::ffff:127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("", "198.51.100.1", "198.51.100.1"),  # the proxy comes through a socket
        ("127.0.0.1", "unknown", "unknown"),
        ("127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_behind_a_proxy_the_client_is_who_the_proxy_says(
    settings: Any, peer: str, forwarded: str, expected: str
) -> None:
    seen: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1"), ip_network("10.0.0.0/8")]
    ClientAddress(page)(RequestFactory().get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": forwarded}))
    settings.TRUSTED_PROXIES = []
    ClientAddress(page)(RequestFactory().get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": forwarded}))
    assert seen == [expected, peer]


@pytest.mark.django_db
def test_guessing_behind_a_proxy_slows_down_the_guesser_alone(admin: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]

    def sign_in(client: str, password: str) -> int:
        body = {"username": admin.username, "password": password}
        return Client().post("/signin/", body, headers={"x-forwarded-for": client}).status_code

    for _try in range(8):
        sign_in("192.0.2.66", "guess")
    assert [sign_in("192.0.2.66", "secret"), sign_in("198.51.100.1", "secret")] == [200, 302]


def no_room() -> Exception:
    error = OperationalError("could not extend file")
    error.__cause__ = DiskFull()
    return error


@pytest.mark.parametrize(
    ("address", "headers"), [("/segments/", {}), ("/segments/", {"HX-Request": "true"}), ("/api/v1/segments/", {})]
)
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OperationalError("connection refused"), "database does not answer"),
        (no_room(), "disk is full"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
    ],
)
@pytest.mark.django_db
def test_what_gives_way_is_no_fault_of_the_page(
    error: Exception, said: str, address: str, headers: dict[str, str], admin: User, client_of: Any
) -> None:
    def fail(*args: object) -> None:
        raise error

    client = client_of(admin)
    client.raise_request_exception = False
    with connection.execute_wrapper(fail):
        answer = client.get(address, headers=headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert said in answer.content.decode()


def test_a_full_disk_leaves_the_terminal_its_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(logging.handlers.RotatingFileHandler, "shouldRollover", full)
    Console(tmp_path).relay("web", "something happened")
    said = capsys.readouterr()
    assert "something happened" in said.out
    assert said.err == ""


GOOD = {
    "PRODUCTION": True,
    "BASE_URL": "https://kindred.example",
    "ALLOWED_HOSTS": ["kindred.example"],
    "USES_SINK": False,
    "DEFAULT_FROM_EMAIL": "Shop <hello@shop.example>",
    "REDIS_URL": "redis://redis.example",
    "DATABASES": {"default": {"HOST": "db.example"}},
    "DATA_DIR": Path("/var/lib/kindred"),
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, set()),
        ({"PRODUCTION": False}, {"kindred.W001"}),
        ({"DATABASES": {"default": {"HOST": "/var/lib/kindred/postgres"}}}, {"kindred.E001"}),
        ({"REDIS_URL": "unix:///var/lib/kindred/broker/broker.sock"}, {"kindred.E002"}),
        ({"BASE_URL": "http://kindred.example"}, {"kindred.E003"}),
        ({"ALLOWED_HOSTS": ["*"]}, {"kindred.E004"}),
        ({"ALLOWED_HOSTS": ["other.example"]}, {"kindred.E005"}),
        ({"ALLOWED_HOSTS": [".example"]}, set()),
        ({"USES_SINK": True}, {"kindred.E006"}),
        ({"DEFAULT_FROM_EMAIL": "Kindred <hello@kindred.example>"}, {"kindred.E007"}),
    ],
)
def test_contradictions_are_named(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, object], expected: set[str]
) -> None:
    from cdp_site import checks

    monkeypatch.setattr(checks, "settings", type("Settings", (), {**GOOD, "BASE_DIR": Path("/opt/kindred"), **change}))

    assert {str(found.id) for found in checks.production(None)} == expected


def test_the_checks_run_at_deployment() -> None:
    assert "kindred.W001" in {found.id for found in run_checks(include_deployment_checks=True, tags=None)}


@pytest.mark.parametrize(
    ("name", "value", "said"), [("SECRET_KEY", "", "SECRET_KEY is empty"), ("TRUSTED_PROXIES", "my-proxy", "my-proxy")]
)
def test_a_setting_that_cannot_be_stops_the_start(name: str, value: str, said: str) -> None:
    environment = {
        "PATH": os.environ["PATH"], "KINDRED_ENV": "production", "SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "x.example",
        "DATABASE_URL": "postgres:///unused", "REDIS_URL": "redis://unused", name: value,
    }  # fmt: skip
    command = [sys.executable, "manage.py", "help", "check"]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode
    assert said in answer.stderr


def test_a_second_start_names_the_first(tmp_path: Path) -> None:
    handle = instance.claim(tmp_path, "http://localhost:8000")

    with pytest.raises(instance.AlreadyRunning) as other:
        instance.claim(tmp_path, "http://localhost:9000")

    assert (other.value.pid, other.value.address) == (os.getpid(), "http://localhost:8000")
    os.close(handle)


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()


@pytest.mark.parametrize("address", [*LOCALHOST, "0.0.0.0"])  # noqa: S104 - as others would listen
def test_a_port_is_taken_whoever_answers_as_localhost(address: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as other:
        other.bind((address, 0))
        other.listen()
        assert not run._is_free(other.getsockname()[1])


def test_no_proxy_is_asked_for_our_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(run, "READY_SECONDS", 5)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        supervisor: Any = SimpleNamespace(is_stopping=False, tick=lambda: None)
        assert run._await_web(supervisor, f"http://localhost:{server.server_port}")
        server.shutdown()


@pytest.mark.parametrize(("system", "stated"), [("darwin", True), ("linux", False)])
def test_what_forks_on_a_mac_is_told_so(
    system: str, stated: bool, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr("sys.platform", system)
    found = run._environment(Console(tmp_path / "logs"), dev=False)
    assert ("OBJC_DISABLE_INITIALIZE_FORK_SAFETY" in found) is stated


def test_a_guardian_ends_what_a_killed_supervisor_left(tmp_path: Path) -> None:
    child = subprocess.Popen(["sleep", "600"], start_new_session=True)
    guardian = subprocess.Popen(
        [sys.executable, "-m", "cdp_site.supervisor.guardian", str(tmp_path / "lock")], stdin=subprocess.PIPE, text=True
    )

    guardian.communicate(f"+{child.pid}\n", timeout=30)

    assert child.wait(timeout=30) < 0
