"""A small lake: three customers, their orders, one order of nobody known."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from lake.services import stage
from lake.specs import ColumnSpec, TableSpec

ORDERS = [
    ("p1", "O1", 10_000, "paid", datetime(2026, 5, 30, 12, tzinfo=UTC)),
    ("p1", "O2", 5_050, "paid", datetime(2026, 1, 2, 12, tzinfo=UTC)),
    ("p1", "O3", 99_900, "returned", datetime(2026, 5, 31, 12, tzinfo=UTC)),
    ("p2", "O4", 2_000, "paid", datetime(2025, 3, 1, 12, tzinfo=UTC)),
    (None, "O5", 700, "paid", datetime(2026, 5, 1, 12, tzinfo=UTC)),
]


def table(rows: list[Any], with_profile: bool) -> pa.Table:
    names = ["profile_id", "order_id", "total", "status", "ordered_at"]
    types = [pa.string(), pa.string(), pa.int64(), pa.string(), pa.timestamp("us", "UTC")]
    columns = {n: pa.array([row[i] for row in rows], t) for i, (n, t) in enumerate(zip(names, types, strict=True))}
    return pa.table(columns if with_profile else {n: c for n, c in columns.items() if n != "profile_id"})


@pytest.fixture
def orders(db: None) -> None:
    made = stage()
    columns = [ColumnSpec("total", "money", currency="USD")]
    profiles = pa.table({"profile_id": ["p1", "p2", "p3"], "first_name": ["Ann", "Bo", "Cy"]})
    made.write(TableSpec("unified.profiles", key=["profile_id"]), profiles)
    made.write(TableSpec("shop.orders", "Orders", key=["order_id"], columns=columns), table(ORDERS, False))
    linked = [row for row in ORDERS if row[0]]
    made.write(TableSpec("linked.shop.orders", "Orders", key=["order_id"], columns=columns), table(linked, True))
    made.publish("test")
