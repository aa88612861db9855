"""The first command that somebody gives in an empty data folder, and one in a database that is older than the code."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection


def command(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], env=environment, capture_output=True, text=True, check=False
    )


def test_an_empty_folder_is_set_up_by_the_first_command(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "KINDRED_DATA": str(tmp_path / "data")}

    answer = command(environment, "workspace", "export")

    assert (answer.returncode, answer.stderr) == (0, "Setting up the database …\n")
    assert answer.stdout.startswith("kindred: 1\n")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_lacks_a_column_says_what_to_do(process_environment: Callable[[], dict[str, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE segments_segment RENAME COLUMN problem TO trouble")
    try:
        answer = command(process_environment(), "segment", "count", "loyal")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE segments_segment RENAME COLUMN trouble TO problem")

    assert answer.returncode == 1
    assert "manage.py migrate" in answer.stderr
    assert "Traceback" not in answer.stderr
