"""Customers whose groups alone changed."""

import pyarrow as pa
import pytest

from lake.queries import snapshot
from lake.services import write_and_publish
from lake.specs import TableSpec
from profiles.running.publishing import rows_with
from profiles.tables import PROFILES

pytestmark = pytest.mark.django_db


def test_they_keep_all_else() -> None:
    people = pa.table({"profile_id": ["a", "b", "c"], "name": ["A", None, "C"], "household_id": ["h", "h", None]})
    write_and_publish(TableSpec(PROFILES), people)
    moved = pa.table({"profile_id": ["c", "b"], "household_id": ["new", None]})
    found = rows_with(snapshot(), moved).sort_by("profile_id").to_pylist()
    assert found == [
        {"profile_id": "b", "name": None, "household_id": None},
        {"profile_id": "c", "name": "C", "household_id": "new"},
    ]
