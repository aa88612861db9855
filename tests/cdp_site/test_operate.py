"""What operators lean on: the health address, the checks for production, one instance per data folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection
from django.test import Client

from cdp_site.supervisor import instance


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


def test_a_second_start_names_the_first(tmp_path: Path) -> None:
    handle = instance.claim(tmp_path, "http://localhost:8000")

    with pytest.raises(instance.AlreadyRunning) as other:
        instance.claim(tmp_path, "http://localhost:9000")

    assert (other.value.pid, other.value.address) == (os.getpid(), "http://localhost:8000")
    os.close(handle)


def test_a_guardian_ends_what_a_killed_supervisor_left(tmp_path: Path) -> None:
    child = subprocess.Popen(["sleep", "600"], start_new_session=True)
    guardian = subprocess.Popen(
        [sys.executable, "-m", "cdp_site.supervisor.guardian", str(tmp_path / "lock")], stdin=subprocess.PIPE, text=True
    )

    guardian.communicate(f"+{child.pid}\n", timeout=30)

    assert child.wait(timeout=30) < 0
