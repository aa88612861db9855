"""The three systems that know people: web shop, loyalty database, till. Each a pyarrow table and who each row is."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from demo.generate import noise
from demo.generate.people import People

SHOP_SHARE, LOYALTY_SHARE, TILL_SHARE = 0.78, 0.6, 0.38
SECOND_ACCOUNT, SECOND_CARD = 0.04, 0.06
"""Shares of a system's people who have two records in it."""


@dataclass
class System:
    """`person[i]` is the number of the person whom row i of `table` describes; `keys[i]` the row's key."""

    table: pa.Table
    person: NDArray[np.int64]
    keys: NDArray[Any]


def _who(people: People, share: float, twice: float, rng: np.random.Generator) -> NDArray[np.int64]:
    known = rng.random(len(people)) < share
    known[0] = True
    once = np.flatnonzero(known)
    again = once[rng.random(len(once)) < twice]
    who: NDArray[np.int64] = np.concatenate([once[:1], rng.permutation(np.concatenate([once[1:], again[again > 0]]))])
    return who


def _dates(born: NDArray[Any], share_missing: float, rng: np.random.Generator) -> NDArray[Any]:
    texts = np.datetime_as_string(born.astype("datetime64[D]")).astype(object)
    return noise.placeholders(noise.missing(texts, share_missing, rng), "1900-01-01", 0.004, rng)


def _days_ago(size: int, most: int, rng: np.random.Generator, today: np.datetime64) -> NDArray[Any]:
    days = today - rng.integers(1, most, size).astype("timedelta64[D]")
    return np.datetime_as_string(days.astype("datetime64[D]")).astype(object)


def shop(people: People, rng: np.random.Generator, today: np.datetime64) -> System:
    """Customers of the web shop typed themselves in: good names, some old addresses, some second accounts."""
    who = _who(people, SHOP_SHARE, SECOND_ACCOUNT, rng)
    size = len(who)
    first = noise.with_nicknames(noise.with_typos(people.first[who], 0.02, rng), 0.05, rng)
    first, last = noise.swapped(first, noise.with_typos(people.last[who], 0.02, rng), 0.01, rng)
    email = noise.missing(people.email[who], 0.03, rng)
    second = np.zeros(size, bool)
    second[np.setdiff1d(np.arange(size), np.unique(who, return_index=True)[1])] = True
    email[second] = [None if e is None else e.replace("@", ".2@") for e in email[second]]
    moved = rng.random(size) < 0.12
    keys = np.array([f"C{100_000 + n}" for n in range(size)], object)
    columns = {
        "customer_id": keys,
        "first_name": first,
        "last_name": last,
        "email": noise.placeholders(email, "unknown@example.com", 0.006, rng),
        "phone": noise.phone_spellings(noise.missing(people.phone[who], 0.15, rng), rng),
        "address": np.where(moved, people.old_line[who], people.line[who]),
        "city": people.city[who],
        "postcode": people.postcode[who],
        "country": people.country[who],
        "birth_date": _dates(people.born[who], 0.25, rng),
        "gender": noise.missing(np.where(people.female[who], "female", "male").astype(object), 0.2, rng),
        "joined": _days_ago(size, 1400, rng, today),
    }
    _story(columns, {"phone": "(206) 555-0142", "email": "john.smith@example.com", "birth_date": "1988-04-12",
                     "gender": "male", "address": "123 Main Street", "first_name": "John",
                     "last_name": "Smith"})  # fmt: skip
    return System(pa.table(columns), who, keys)


def loyalty(people: People, rng: np.random.Generator, today: np.datetime64) -> System:
    """Members were typed in by clerks: more typing mistakes, one field for the whole name, several cards per person."""
    who = _who(people, LOYALTY_SHARE, SECOND_CARD, rng)
    size = len(who)
    clerk = ~people.latin[who] & (rng.random(size) < 0.5)
    first = noise.in_ascii(noise.with_nicknames(noise.with_typos(people.first[who], 0.04, rng), 0.06, rng), clerk)
    last = noise.in_ascii(noise.with_typos(people.last[who], 0.05, rng), clerk)
    points = np.minimum(rng.gamma(1.1, 620, size).astype(int), 25_000)
    points[0] = 1500
    tier = np.select([points > 2500, points > 1000, points > 300], ["Platinum", "Gold", "Silver"], "Bronze").astype(
        object
    )
    keys = np.array([f"L{5_000_000 + n}" for n in range(size)], object)
    columns = {
        "member_id": keys,
        "card_number": np.array([f"60{10_000_000 + 7 * n}" for n in range(size)], object),
        "full_name": first + " " + last,
        "email": noise.placeholders(noise.missing(people.email[who], 0.12, rng), "unknown@example.com", 0.01, rng),
        "phone": noise.placeholders(
            noise.phone_spellings(noise.missing(people.phone[who], 0.1, rng), rng), "0000000000", 0.01, rng
        ),
        "postcode": people.postcode[who],
        "date_of_birth": _dates(people.born[who], 0.1, rng),
        "tier": tier,
        "loyalty_points": points,
        "enrolled_on": _days_ago(size, 2000, rng, today),
    }
    _story(columns, {"full_name": "Jon Smith", "email": "john.smith@example.com", "phone": "206-555-0142",
                     "date_of_birth": "1988-04-12", "postcode": "98101"})  # fmt: skip
    return System(pa.table(columns), who, keys)


def till(people: People, members: System, rng: np.random.Generator) -> System:
    """Customers at the till: surname first, ASCII only, often nothing but a phone and a loyalty card."""
    who = _who(people, TILL_SHARE, 0.03, rng)
    size = len(who)
    anyone = np.ones(size, bool)
    first = noise.in_ascii(noise.with_typos(people.first[who], 0.05, rng), anyone)
    last = noise.in_ascii(noise.with_typos(people.last[who], 0.05, rng), anyone)
    card_of = dict(zip(members.person[::-1].tolist(), members.table["card_number"].to_pylist()[::-1], strict=True))
    cards = np.array([card_of.get(person) for person in who.tolist()], object)
    keys = np.array([f"T{n:08d}" for n in range(size)], object)
    columns = {
        "till_id": keys,
        "name": np.array([f"{b.upper()}, {a}" for a, b in zip(first, last, strict=True)], object),
        "phone": noise.phone_spellings(noise.missing(people.phone[who], 0.2, rng), rng),
        "card_number": noise.missing(cards, 0.25, rng),
        "city": noise.in_ascii(people.city[who], anyone),
        "postcode": noise.missing(people.postcode[who], 0.1, rng),
    }
    _story(columns, {"name": "SMITH, John", "phone": "206.555.0142", "card_number": "6010000000"})
    return System(pa.table(columns), who, keys)


def _story(columns: dict[str, NDArray[Any]], values: dict[str, str]) -> None:
    """Row 0 of every system is John Smith, spelled as the product's story has him."""
    for name, value in values.items():
        columns[name][0] = value
