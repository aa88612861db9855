"""Live counts of five segments through HTTP, against hand-written SQL on the same files with the same engine.

`python -m bench.segments --people 1000000 --json FILE`. The data is generated into a lake of its own; the user who asks
lives in a transaction that is rolled back.
"""

import datetime
import json
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

from bench.common import FOLDER, Result, Timing, arguments, django, report, timed

MOST_RATIO = 1.5
MOST_SECONDS = 0.2
ORDERS_EACH = 10
NOW = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)
CITIES = [
    "Berlin",
    "Hamburg",
    "München",
    "Köln",
    "Wien",
    "Zürich",
    "Paris",
    "Lyon",
    "Milano",
    "Roma",
    "London",
    "Leeds",
]
CHUNK = 250_000

RULES: dict[str, dict[str, Any]] = {
    "loyal": {"all": [{"attribute": "loyalty_points", "op": "gt", "value": 1000}]},
    "city and age": {
        "all": [
            {"attribute": "city", "op": "in", "value": ["Berlin", "Wien", "Paris"]},
            {"attribute": "birth_date", "op": "before", "value": "1980-01-01"},
            {"none": [{"attribute": "tier", "op": "eq", "value": "gold"}]},
        ]
    },
    "spent lately": {
        "all": [
            {"attribute": "loyalty_points", "op": "gt", "value": 500},
            {
                "related": "shop.orders",
                "having": {"sum": "total", "op": "gt", "value": 100},
                "within": {"last": 90, "unit": "days"},
            },
        ]
    },
    "lapsed buyers": {
        "all": [
            {"related": "shop.orders", "having": {"count": True, "op": "gte", "value": 5}},
            {"related": "shop.orders", "having": {"exists": False}, "within": {"last": 90, "unit": "days"}},
        ]
    },
    "shoes or spend": {
        "any": [
            {
                "related": "shop.orders",
                "where": {"all": [{"attribute": "category", "op": "eq", "value": "shoes"}]},
                "within": {"last": 30, "unit": "days"},
            },
            {"attribute": "lifetime_spend", "op": "gte", "value": 900},
        ]
    },
}

# What a person who knows the tables would write. {p}, {m}, {o}: the tables.
SQL = {
    "loyal": "SELECT count(*) FROM {p} WHERE loyalty_points > 1000",
    "city and age": "SELECT count(*) FROM {p} WHERE lower(city) IN ('berlin', 'wien', 'paris')"
    " AND birth_date < DATE '1980-01-01' AND (tier IS NULL OR lower(tier) <> 'gold')",
    "spent lately": "SELECT count(*) FROM {p} WHERE loyalty_points > 500 AND profile_id IN (SELECT profile_id FROM {o}"
    " WHERE ordered_at BETWEEN TIMESTAMPTZ '2026-03-03 12:00:00Z' AND TIMESTAMPTZ '2026-06-01 12:00:00Z'"
    " GROUP BY profile_id HAVING sum(total) > 10000)",
    "lapsed buyers": "SELECT count(*) FROM (SELECT profile_id FROM {o} GROUP BY profile_id HAVING count(*) >= 5"
    " AND count(*) FILTER (ordered_at BETWEEN TIMESTAMPTZ '2026-03-03 12:00:00Z' AND"
    " TIMESTAMPTZ '2026-06-01 12:00:00Z') = 0)",
    "shoes or spend": "SELECT count(*) FROM (SELECT profile_id FROM {o} WHERE lower(category) = 'shoes' AND ordered_at"
    " BETWEEN TIMESTAMPTZ '2026-05-02 12:00:00Z' AND TIMESTAMPTZ '2026-06-01 12:00:00Z'"
    " UNION SELECT profile_id FROM {m} WHERE lifetime_spend >= 90000)",
}


def profiles(people: int) -> Iterator[Any]:
    import numpy as np
    import pyarrow as pa

    random = np.random.default_rng(1)
    for start in range(0, people, CHUNK):
        n = min(CHUNK, people - start)
        known = random.random(n) > 0.1
        days = random.integers(-14_000, 12_000, n).astype("datetime64[D]")
        yield pa.table(
            {
                "profile_id": ids(start, n),
                "first_name": pa.array(np.array(["Anna", "John", "Jürgen", "Нина", "Mai"])[random.integers(0, 5, n)]),
                "city": pa.array(np.array(CITIES)[random.integers(0, len(CITIES), n)], mask=random.random(n) > 0.9),
                "tier": pa.array(np.array(["basic", "silver", "gold"])[random.integers(0, 3, n)], mask=~known),
                "loyalty_points": pa.array(random.gamma(1.2, 600, n).astype("int64"), mask=~known),
                "birth_date": pa.array(days, pa.date32()),
            }
        )


def orders(people: int) -> Iterator[Any]:
    import numpy as np
    import pyarrow as pa

    random = np.random.default_rng(2)
    categories = np.array(["shoes", "jackets", "bags", "shirts", "socks", "hats", "coats", "belts"])
    end = int(NOW.timestamp() * 1_000_000)
    for start in range(0, people, CHUNK // ORDERS_EACH):
        n = min(CHUNK // ORDERS_EACH, people - start)
        each = random.poisson(ORDERS_EACH, n)
        rows = int(each.sum())
        yield pa.table(
            {
                "profile_id": pa.array(np.repeat(ids(start, n).to_numpy(zero_copy_only=False), each)),
                "order_id": pa.array(np.arange(start * ORDERS_EACH, start * ORDERS_EACH + rows).astype(str)),
                "category": pa.array(categories[random.integers(0, len(categories), rows)]),
                "total": pa.array(random.gamma(2, 2500, rows).astype("int64")),
                "ordered_at": pa.array(
                    end - (random.random(rows) * 730 * 86_400_000_000).astype("int64"), pa.timestamp("us", tz="UTC")
                ),
            }
        )


def ids(start: int, n: int) -> Any:
    import numpy as np
    import pyarrow as pa

    return pa.array(np.char.add("p", np.char.zfill(np.arange(start, start + n).astype(str), 11)))


def fill_lake(people: int) -> None:
    """Writes the three tables in one publication."""
    import ibis
    import pyarrow as pa

    from lake import engine
    from lake.queries import snapshot
    from lake.services import stage
    from lake.specs import ColumnSpec, TableSpec

    def reader(tables: Iterator[Any]) -> pa.RecordBatchReader:
        first = next(tables)
        rest = (batch for table in [first, *tables] for batch in table.to_batches())
        return pa.RecordBatchReader.from_batches(first.schema, rest)

    money = {"type": "money", "currency": "EUR"}
    work = stage()
    work.write(TableSpec("unified.profiles", "Customers", "profile", ["profile_id"]), reader(profiles(people)))
    spec = TableSpec("linked.shop.orders", "Orders", "order", ["order_id"], [ColumnSpec("total", **money)])
    work.write(spec, reader(orders(people)))
    work.publish("bench")
    table = snapshot().table("linked.shop.orders")
    spend = table.group_by("profile_id").aggregate(lifetime_spend=table.total.sum()).order_by("profile_id")
    work = stage()
    spec = TableSpec(
        "measures.customer", "Measures", "profile", ["profile_id"], [ColumnSpec("lifetime_spend", **money)]
    )
    work.write(spec, spend, sort_by=["profile_id"])
    work.publish("bench")
    assert engine.scalar(ibis.literal(1)) == 1


def measure(people: int, runs: int) -> list[Result]:
    import time_machine
    from django.contrib.auth.models import User
    from django.test import Client

    from lake import engine
    from lake.queries import snapshot

    fill_lake(people)
    client = Client()
    client.force_login(User.objects.create_superuser("bench-segments", password=None))
    lake = snapshot()
    names = {"p": "unified.profiles", "m": "measures.customer", "o": "linked.shop.orders"}
    scans = {key: f"(SELECT * FROM read_parquet({lake.files(name)}))" for key, name in names.items()}
    found = []
    with time_machine.travel(NOW, tick=False):
        for name, rule in RULES.items():
            body = json.dumps({"rule": rule})
            statement = SQL[name].format(**scans)

            def ours(body: str = body) -> int:
                return int(client.post("/rules/count/", body, content_type="application/json").json()["total"])

            def theirs(statement: str = statement) -> int:
                return int(engine.rows_of(statement)[0][0])

            assert ours() == theirs(), f"{name}: {ours()} is not {theirs()}"
            found.append(result(f"{name}, {people:,} people", timed(ours, runs), timed(theirs, runs)))
    return found


def result(what: str, ours: Timing, theirs: Timing) -> Result:
    ratio = ours.wall / theirs.wall
    met = ratio <= MOST_RATIO and ours.p95 <= MOST_SECONDS
    aim = f"≤ {MOST_RATIO} ×, p95 < {MOST_SECONDS * 1000:.0f} ms"
    what = f"live count: {what}, p95 {ours.p95 * 1000:.0f} ms"
    return Result("segments", what, ours.wall * 1000, theirs.wall * 1000, "ms", ratio, aim, met, "ms SQL by hand")


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv, people=1_000_000)
    django()
    from django.conf import settings
    from django.db import transaction

    with tempfile.TemporaryDirectory(dir=FOLDER) as folder, transaction.atomic():
        settings.LAKE_URL = f"{folder}/lake"
        results = measure(options.people, options.runs)
        transaction.set_rollback(True)
    report(results, options.json)


if __name__ == "__main__":
    main()
