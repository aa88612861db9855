"""A small world for journeys: customers in the lake and their serving copies, a segment with members, an e-mail."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
from django.contrib.auth.models import User

from journeys import services
from journeys.models import Journey
from journeys.services.drafts import graph_from
from lake.services import stage
from lake.specs import ColumnSpec, TableSpec
from messaging.models import EmailTemplate
from profiles.models import Profile
from segments.models import Segment

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)  # a Monday
CITIES = ("Rome", "Paris", "Oslo")


def person_id(number: int) -> str:
    return f"p{number:06d}"


def publish_people(count: int) -> None:
    """Customers p000000 …: points 0, 10, 20 …, cities in turn."""
    ids = [person_id(n) for n in range(count)]
    rows = {
        "profile_id": ids,
        "first_name": [f"Ada{n}" for n in range(count)],
        "email": [f"ada{n}@people.example" for n in range(count)],
        "city": [CITIES[n % 3] for n in range(count)],
        "loyalty_points": pa.array([n * 10 for n in range(count)], pa.int64()),
    }
    columns = [
        ColumnSpec("profile_id", "string"),
        ColumnSpec("first_name", "string", "First name"),
        ColumnSpec("email", "string", "E-mail", semantic="contact.email"),
        ColumnSpec("city", "string", "City"),
        ColumnSpec("loyalty_points", "integer", "Loyalty points"),
    ]
    work = stage()
    work.write(
        TableSpec("unified.profiles", "Customers", "customer", ["profile_id"], columns), pa.table(rows), ["profile_id"]
    )
    work.publish("people")
    known = ("first_name", "email", "city")
    Profile.objects.bulk_create(
        [
            Profile(
                id=ids[n], name=f"Ada{n} Example", email=rows["email"][n], digest=str(n),
                attributes={name: rows[name][n] for name in known} | {"loyalty_points": n * 10},
            )
            for n in range(count)
        ]
    )  # fmt: skip


def publish_members(slug: str, ids: Sequence[str], since: datetime = NOW) -> None:
    """Replaces the members of all segments by these."""
    columns = [ColumnSpec("segment", "string"), ColumnSpec("profile_id", "string"), ColumnSpec("since", "timestamp")]
    rows = pa.table(
        {
            "segment": pa.array([slug] * len(ids), pa.string()),
            "profile_id": pa.array(list(ids), pa.string()),
            "since": pa.array([since] * len(ids), pa.timestamp("us", tz="UTC")),
        }
    )
    work = stage()
    work.write(TableSpec("segments.members", "Members", "segment and member", ["segment", "profile_id"], columns), rows)
    work.publish("members")
    Segment.objects.filter(slug=slug).update(size=len(ids), refreshed_at=since)


def publish_orders(orders: Sequence[tuple[str, datetime, int]]) -> None:
    """Activities of type "order": (customer, time, minor units)."""
    names = ("profile_id", "time", "type", "title", "amount", "currency", "url", "source", "table", "record_id")
    rows = [
        (p, at, "order", "Order", amount, "USD", None, "shop", "orders", str(n))
        for n, (p, at, amount) in enumerate(orders)
    ]
    types = [pa.string(), pa.timestamp("us", tz="UTC"), pa.string(), pa.string(), pa.int64(), *[pa.string()] * 5]
    table = pa.table({name: pa.array([row[i] for row in rows], types[i]) for i, name in enumerate(names)})
    columns = [ColumnSpec(name, {"time": "timestamp", "amount": "integer"}.get(name, "string")) for name in names]
    work = stage()
    work.write(TableSpec("unified.activities", "Activities", "activity", [], columns), table, ["profile_id", "time"])
    work.publish("activities")


def make_segment(name: str = "Loyal customers", points: int = 0) -> Segment:
    rule = {"all": [{"attribute": "loyalty_points", "op": "gte", "value": points}]}
    return Segment.objects.create(name=name, rule=rule, state="live")


def make_template(name: str = "Loyal coupon") -> EmailTemplate:
    return EmailTemplate.objects.create(name=name, subject="Hi {{First name}}", body="<p>Hello {{First name}}</p>")


EMAIL = {"id": "mail", "kind": "email", "template": "loyal-coupon"}
WAIT = {"id": "wait", "kind": "wait", "amount": 3, "unit": "days"}
END = {"id": "end", "kind": "end"}


def branch(
    *paths: Sequence[dict[str, Any]], rest: Sequence[dict[str, Any]] = (), cities: Sequence[str] = CITIES
) -> dict[str, Any]:
    """A branch by city: one path per given list of steps."""
    return {
        "id": "fork",
        "kind": "branch",
        "branches": [
            {"label": city, "rule": {"all": [{"attribute": "city", "op": "eq", "value": city}]}, "steps": list(steps)}
            for city, steps in zip(cities, paths, strict=False)
        ],
        "otherwise": list(rest),
    }


def draw(*steps: dict[str, Any], segment: str = "loyal-customers", by: User | None = None, **start: Any) -> Journey:
    graph = graph_from({"start": {"segment": segment, **start}, "steps": list(steps)})
    return services.create("Campaign", by=by, graph=graph)


def later(**span: float) -> datetime:
    return NOW + timedelta(**span)
