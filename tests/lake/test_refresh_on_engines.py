"""A whole refresh gives the same tables, whoever answers the questions."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.db import transaction

from bench.spark import contents, refreshed
from lake import engine
from tests.support.engines import answered_by

PEOPLE = 300


@pytest.mark.django_db
def test_a_refresh_publishes_the_same_on_every_engine(tmp_path: Path, settings: Any, sail_address: str) -> None:
    found: list[dict[str, pa.Table]] = []
    for number, address in enumerate((engine.DUCKDB, sail_address)):
        settings.LAKE_URL = str(tmp_path / f"lake{number}")
        with answered_by(address), transaction.atomic():
            states = {report.name: report.state for report in refreshed(tmp_path / f"demo{number}", PEOPLE)}
            assert set(states.values()) == {"done"}, states
            found.append(contents())
            transaction.set_rollback(True)
    ours, theirs = found
    assert {"unified.links", "unified.activities", "measures.customer", "segments.members"} <= ours.keys()
    assert ours.keys() == theirs.keys()
    for name, table in ours.items():
        assert table.equals(theirs[name]), name
