"""Columns that hold lists."""

from collections.abc import Callable

import pytest

from jobs.refresh import StageReport
from lake.queries import snapshot
from profiles.config import services
from tests.profiles.conftest import put


@pytest.mark.django_db
def test_a_column_of_lists_is_merged_and_its_origin_is_text(run: Callable[[], list[StageReport]]) -> None:
    people = [
        {"customer_id": "1", "email": "ann@x.org", "first_name": "Ann", "last_name": "Lee", "tags": ["a", 'b"c']},
        {"customer_id": "2", "email": "ann@x.org", "first_name": "Ann", "last_name": "Lee", "tags": ["d"]},
    ]
    put("shop.customers", "customer_id", people)
    services.save_unification(tables=["shop.customers"], default_country="US")
    assert {report.state for report in run()} == {"done"}
    now = snapshot()
    merged = now.arrow(now.table("unified.profiles")).to_pylist()
    assert [row["tags"] for row in merged] == [["a", 'b"c']]
    provenance = now.arrow(now.table("unified.provenance")).to_pylist()
    assert {row["value"] for row in provenance if row["attribute"] == "tags"} == {'["a","b\\"c"]', '["d"]'}
