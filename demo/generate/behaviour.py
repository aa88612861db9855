"""What people did: orders and their lines, till receipts, points, web events, reviews. Streams of Arrow tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from demo.generate.names import PRODUCTS
from demo.generate.records import System

CHUNK = 250_000
"""Rows generated and written at a time."""
ORDERS_PER_CUSTOMER, LINES_PER_ORDER, EVENTS_PER_CUSTOMER = 2.2, 2.2, 5.0
RECEIPTS_PER_CUSTOMER, POINTS_PER_MEMBER, REVIEW_SHARE = 2.0, 2.0, 0.06
YEARS_SECONDS = 3 * 365 * 86_400

_NAMES = np.array([name for name, _group, _price in PRODUCTS], object)
_GROUPS = np.array([group for _name, group, _price in PRODUCTS], object)
_PRICES = np.array([price for _name, _group, price in PRODUCTS])
_STORY_PRODUCTS = [0, 3, 6]  # shoes, jacket, backpack


@dataclass
class Orders:
    """A chunk of orders with the lines that belong to them."""

    orders: pa.Table
    lines: pa.Table


def numbered(prefix: str, numbers: NDArray[Any]) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pa.array(numbers).cast(pa.string()), "")


def money(cents: NDArray[Any]) -> pa.Array:
    """Cents as decimals with two places."""
    return pc.multiply(pa.array(cents, pa.int32()).cast(pa.decimal128(10, 0)), pa.scalar(Decimal("0.01")))


def moments(size: int, rng: np.random.Generator, now: np.datetime64) -> pa.Array:
    """Seconds (UTC) in the three years before `now`, more of them recently."""
    ago = (YEARS_SECONDS * rng.random(size) ** 1.4).astype("timedelta64[s]")
    return pa.array(now - np.timedelta64(3600, "s") - ago, pa.timestamp("s", "UTC"))


def as_text(times: pa.Array) -> Any:
    """ISO 8601, e.g. 2026-01-31T08:15:00Z."""
    return pc.strftime(times, "%Y-%m-%dT%H:%M:%SZ")


def _visits(keys: NDArray[Any], mean: float, rng: np.random.Generator) -> NDArray[Any]:
    """Positions of customers, repeated: a gamma-Poisson mixture (few buy much); the first at least once."""
    counts = rng.poisson(rng.gamma(0.9, mean / 0.9, len(keys)))
    counts[0] = 1
    return np.repeat(np.arange(len(keys)), counts)


def orders(shop: System, rng: np.random.Generator, now: np.datetime64) -> Iterator[Orders]:
    """Orders O1, O2 … and lines O1-1, O1-2 …; totals are the sums of the lines. About 3% were returned."""
    buyer = _visits(shop.keys, ORDERS_PER_CUSTOMER, rng)
    for start in range(0, len(buyer), CHUNK):
        who = buyer[start : start + CHUNK]
        number = np.arange(start, start + len(who)) + 1
        lines_each = 1 + rng.poisson(LINES_PER_ORDER - 1, len(who))
        if start == 0:
            lines_each[0] = len(_STORY_PRODUCTS)
        of = np.repeat(np.arange(len(who)), lines_each)
        product = np.minimum((len(PRODUCTS) * rng.random(len(of)) ** 1.3).astype(int), len(PRODUCTS) - 1)
        if start == 0:
            product[: len(_STORY_PRODUCTS)] = _STORY_PRODUCTS
        quantity = 1 + (rng.random(len(of)) < 0.12)
        amount = _PRICES[product] * quantity
        total = np.bincount(of, weights=amount, minlength=len(who)).astype(np.int64)
        place = np.arange(len(of)) - np.searchsorted(of, of) + 1
        order_id = numbered("O", number)
        ordered_at = moments(len(who), rng, now)
        line_order = order_id.take(pa.array(of))
        yield Orders(
            pa.table(
                {
                    "order_id": order_id,
                    "customer_id": pa.array(shop.keys[who]),
                    "ordered_at": ordered_at,
                    "total": money(total),
                    "status": pa.array(np.where(rng.random(len(who)) < 0.03, "returned", "paid")),
                }
            ),
            pa.table(
                {
                    "line_id": pc.binary_join_element_wise(line_order, pa.array(place).cast(pa.string()), "-"),
                    "order_id": line_order,
                    "ordered_at": ordered_at.take(pa.array(of)),
                    "product": pa.array(_NAMES[product]),
                    "category": pa.array(_GROUPS[product]),
                    "quantity": pa.array(quantity),
                    "price": money(_PRICES[product]),
                }
            ),
        )


def receipts(till: System, rng: np.random.Generator, now: np.datetime64) -> Iterator[pa.Table]:
    who = _visits(till.keys, RECEIPTS_PER_CUSTOMER, rng)
    stores = np.array(("Downtown", "Harbour", "Airport", "Old Town", "Station"), object)
    for start in range(0, len(who), CHUNK):
        part = who[start : start + CHUNK]
        yield pa.table(
            {
                "receipt_id": numbered("R", np.arange(start, start + len(part)) + 1),
                "till_id": pa.array(till.keys[part]),
                "store": pa.array(stores[rng.integers(0, len(stores), len(part))]),
                "paid_at": moments(len(part), rng, now),
                "total": money(_PRICES[rng.integers(0, len(_PRICES), len(part))] * (1 + rng.poisson(0.6, len(part)))),
            }
        )


def points(members: System, rng: np.random.Generator, now: np.datetime64) -> Iterator[pa.Table]:
    who = _visits(members.keys, POINTS_PER_MEMBER, rng)
    for start in range(0, len(who), CHUNK):
        part = who[start : start + CHUNK]
        redeemed = rng.random(len(part)) < 0.15
        yield pa.table(
            {
                "entry_id": pa.array(np.arange(start, start + len(part)) + 1),
                "member_id": pa.array(members.keys[part]),
                "booked_at": as_text(moments(len(part), rng, now)),
                "points": pa.array(np.where(redeemed, -100, rng.integers(5, 400, len(part)))),
                "reason": pa.array(np.where(redeemed, "redeemed", "purchase")),
            }
        )


def events(shop: System, rng: np.random.Generator, now: np.datetime64) -> Iterator[list[str]]:
    """Lines of JSON, one web event each. Values hold no character that JSON would have to escape."""
    who = _visits(shop.keys, EVENTS_PER_CUSTOMER, rng)
    kinds = np.array(("page_view", "product_view", "search", "add_to_basket", "wish_list"), object)
    for start in range(0, len(who), CHUNK):
        part = who[start : start + CHUNK]
        size = len(part)
        kind = kinds[rng.choice(len(kinds), size=size, p=(0.4, 0.34, 0.12, 0.1, 0.04))]
        product = _NAMES[rng.integers(0, len(_NAMES), size)]
        at = as_text(moments(size, rng, now)).to_pylist()
        yield [
            f'{{"event_id": "E{n}", "customer_id": "{c}", "at": "{t}", "event": "{k}", "product": "{p}"}}\n'
            for n, c, t, k, p in zip(
                range(start + 1, start + size + 1), shop.keys[part], at, kind, product, strict=True
            )
        ]


_OPINIONS = (
    (1, "Broke after a week, very disappointed."), (2, "Not what the picture promised."), (3, "Fine for the price."),
    (4, "Good quality, quick delivery."), (5, "Love it, would buy again!"), (5, "Très bien, je recommande."),
    (4, "Ottimo, consegna veloce."), (5, "质量很好，推荐购买。"), (2, "Zu klein, Umtausch war mühsam."),
)  # fmt: skip


def reviews(shop: System, rng: np.random.Generator, now: np.datetime64) -> pa.Table:
    who = np.flatnonzero(rng.random(len(shop.keys)) < REVIEW_SHARE)
    opinion = rng.integers(0, len(_OPINIONS), len(who))
    return pa.table(
        {
            "review_id": numbered("V", np.arange(len(who)) + 1),
            "customer_id": pa.array(shop.keys[who], pa.string()),
            "product": pa.array(_NAMES[rng.integers(0, len(_NAMES), len(who))], pa.string()),
            "stars": pa.array([_OPINIONS[o][0] for o in opinion], pa.int64()),
            "text": pa.array([_OPINIONS[o][1] for o in opinion], pa.string()),
            "written_at": moments(len(who), rng, now),
        }
    )
