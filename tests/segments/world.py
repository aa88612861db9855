"""Six customers, c0 to c5: points 0, 1000, … 5000, cities in turn, c0 unknown; c1, c1 and c2 ordered."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
from django.utils import timezone

from lake.services import stage
from lake.specs import ColumnSpec, TableSpec
from profiles.models import Profile

IDS = [f"c{n}" for n in range(6)]
LOYAL = {"all": [{"attribute": "Loyalty Points", "op": "gt", "value": 1000}]}
ROMANS = {"all": [{"attribute": "city", "op": "eq", "value": "rome"}]}
BUYERS = {
    "all": [
        {
            "related": "shop.orders",
            "having": {"sum": "total", "op": "gte", "value": 30},
            "within": {"last": 30, "unit": "days"},
        }
    ]
}


def publish_world(points: list[int | None] | None = None) -> None:
    now = timezone.now()
    people = {
        "profile_id": IDS,
        "first_name": [f"Ada{n}" for n in range(6)],
        "city": [None, "Rome", "Oslo", "Rome", "Oslo", "Rome"],
        "loyalty_points": pa.array(points or [None, *(n * 1000 for n in range(1, 6))], pa.int64()),
    }
    orders: dict[str, Any] = {
        "profile_id": ["c1", "c1", "c2"],
        "order_id": ["1", "2", "3"],
        "total": pa.array([1000, 2000, 5000], pa.int64()),
        "ordered_at": pa.array([now - timedelta(days=d) for d in (1, 2, 90)], pa.timestamp("us", tz="UTC")),
    }
    work = stage()
    work.write(TableSpec("unified.profiles", "Customers", "customer", ["profile_id"]), pa.table(people))
    money = ColumnSpec("total", "money", currency="EUR")
    work.write(TableSpec("linked.shop.orders", "Orders", "order", ["order_id"], [money]), pa.table(orders))
    work.publish("world")
    rows = [
        Profile(id=key, name=f"Ada{key[1]} Example", email=f"{key}@people.example", digest=n)
        for n, key in enumerate(IDS)
    ]
    Profile.objects.bulk_create(rows, ignore_conflicts=True)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)
