"""Rows are told apart by a number."""

import pyarrow as pa
import pytest

from lake.queries import snapshot
from lake.services import write_and_publish
from lake.specs import TableSpec
from profiles.inputs.mapping import HASH, hashed

pytestmark = pytest.mark.django_db


def test_no_list_is_another_value_than_an_empty_one() -> None:
    tags = pa.array([None, [], [None], [""], ["x"]], pa.list_(pa.string()))
    write_and_publish(TableSpec("shop.customers"), pa.table({"id": ["a"] * 5, "tags": tags}))
    now = snapshot()
    found = now.arrow(hashed(now.table("shop.customers"))).column(HASH)
    assert len(found.unique()) == 5
