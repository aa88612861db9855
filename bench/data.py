"""The lake and the serving copy that the cases ask: people of the demo's generator, about ten orders each.

Made once for a number of people; cases that run soon after each other use the same.
"""

import datetime
import json
import shutil
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from bench.common import FOLDER

SEED = 11
ORDERS_EACH = 10
CHUNK = 100_000
ORDER_DAYS = 730
FRESH_HOURS = 6
MARK = FOLDER / "people.json"
ALPHABET = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", dtype="S1")
SEGMENTS = {"loyal-customers": 3, "new-customers": 7, "lapsed-buyers": 5}  # slug: every how many people
STORES = np.array(["Downtown", "Airport", "Mall", "Harbour"], object)
CURRENCY = "EUR"
MAPPED = ("first_name", "last_name", "email", "phone", "birth_date", "gender", "line", "city", "postcode", "country")
SEMANTICS = {
    "first_name": "person.first_name", "last_name": "person.last_name", "birth_date": "person.birth_date",
    "gender": "person.gender", "email": "contact.email", "phone": "contact.phone", "line": "address.line",
    "city": "address.city", "region": "address.region", "postcode": "address.postcode", "country": "address.country",
    "card_number": "id.loyalty",
}  # fmt: skip


def prepare(people: int, *, exactly: bool = True) -> None:
    """Makes the data, unless it is there. Django must be set up."""
    if MARK.exists():
        mark = json.loads(MARK.read_text())
        enough = mark["people"] == people if exactly else mark["people"] >= people
        if enough and time.time() - mark["at"] < FRESH_HOURS * 3600:
            return
        MARK.unlink()
    started = time.time()
    forget()
    profiles = make_profiles(people)
    _lake(profiles)
    _serving(profiles)
    MARK.write_text(json.dumps({"people": people, "at": started}))
    print(f"Data of {people:,} people made in {time.time() - started:.0f} s.", flush=True)


def forget() -> None:
    """Empties the lake and the serving copy."""
    from django.conf import settings
    from django.db import connection

    from lake.models import CatalogVersion, TableVersion
    from profiles.models import UnificationRun

    UnificationRun.objects.all().delete()
    CatalogVersion.objects.all().delete()
    TableVersion.objects.all().delete()
    shutil.rmtree(settings.LAKE_URL, ignore_errors=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE profiles_profile, profiles_identifier, profiles_profileredirect, messaging_message CASCADE"
        )


def make_profiles(people: int) -> pa.Table:
    """`unified.profiles` with 25 columns, sorted by id."""
    from demo.generate.people import make_people

    rng = np.random.default_rng(SEED)
    who = make_people(people, rng, np.datetime64("today"))
    numbers = np.arange(people)
    member = rng.random(people) < 0.6
    joined = np.datetime64("today") - rng.integers(1, 1400, people)
    columns: dict[str, Any] = {
        "profile_id": _ids(people, rng),
        "first_name": who.first, "last_name": who.last, "email": _some(who.email, 0.95, rng),
        "phone": _some(who.phone, 0.85, rng),
        "birth_date": pa.array(who.born, pa.date32(), mask=rng.random(people) < 0.2),
        "gender": _some(np.where(who.female, "female", "male").astype(object), 0.8, rng),
        "line": who.line, "city": who.city, "region": who.region, "postcode": who.postcode, "country": who.country,
        "joined": pa.array(joined, pa.date32()),
        "card_number": _among(np.char.add("77", np.char.zfill(numbers.astype(str), 8)), member),
        "tier": _among(np.array(["Bronze", "Silver", "Gold"])[rng.integers(0, 3, people)], member),
        "loyalty_points": pa.array(rng.gamma(1.2, 600, people).astype("int64"), mask=~member),
        "language": pa.array(np.array(["en", "de", "fr", "it", "es"])[rng.integers(0, 5, people)]),
        "newsletter": pa.array(rng.random(people) < 0.5),
        "favourite_store": _some(STORES[rng.integers(0, len(STORES), people)], 0.5, rng),
        "satisfaction": pa.array(np.round(rng.random(people) * 5, 1), mask=rng.random(people) < 0.7),
    }  # fmt: skip
    table = pa.table(columns)
    keys = pa.array(np.char.add("C", (100_000 + numbers).astype(str)))
    cards = pa.array(np.char.add("M", (100_000 + numbers).astype(str)), mask=~member)
    table = table.append_column("emails", _lists(table["email"])).append_column("phones", _lists(table["phone"]))
    table = table.append_column("shop_customers_ids", _lists(keys)).append_column("loyalty_members_ids", _lists(cards))
    both = np.where(member, 2, 1)
    second = np.zeros(int(both.sum()), bool)
    second[(np.cumsum(both) - 1)[member]] = True
    names = pa.DictionaryArray.from_arrays(second.astype("int32"), ["shop.customers", "loyalty.members"])
    offsets = pa.array(np.concatenate([[0], np.cumsum(both)]), pa.int32())
    sources = pa.ListArray.from_arrays(offsets, names.cast(pa.string()))
    table = table.append_column("sources", sources)
    return table.append_column("record_count", pa.array(both)).sort_by("profile_id")


def _ids(people: int, rng: np.random.Generator) -> pa.Array:
    """Ids as unification gives them: "p" and 15 signs."""
    signs = ALPHABET[rng.integers(0, 32, (people, 15))]
    ids = np.char.add("p", np.ascontiguousarray(signs).view("S15").ravel().astype(str))
    assert len(np.unique(ids)) == people
    return pa.array(ids)


def _some(values: Any, share: float, rng: np.random.Generator) -> pa.Array:
    return _among(values, rng.random(len(values)) < share)


def _among(values: Any, known: Any) -> pa.Array:
    return pa.array(values, pa.string(), mask=~known)


def _lists(values: Any) -> pa.ListArray:
    """Lists of one value, or of none."""
    flat = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    known = flat.is_valid().to_numpy(zero_copy_only=False)
    return pa.ListArray.from_arrays(pa.array(np.concatenate([[0], np.cumsum(known)]), pa.int32()), flat.drop_null())


def orders(profile_ids: Sequence[str]) -> Iterator[pa.Table]:
    """Sorted by profile and time. None within some hours around the present time of day: a window of days, asked about
    twice within these hours, finds the same orders."""
    rng = np.random.default_rng(SEED + 1)
    ids = np.asarray(profile_ids)
    categories = np.array(["shoes", "jackets", "bags", "shirts", "socks", "hats", "coats", "belts"])
    now = datetime.datetime.now(datetime.UTC)
    start = int((now - datetime.timedelta(days=ORDER_DAYS)).timestamp()) + (FRESH_HOURS + 1) * 3600
    open_seconds = (24 - FRESH_HOURS - 2) * 3600
    first = 0
    for begin in range(0, len(ids), CHUNK // ORDERS_EACH):
        part = ids[begin : begin + CHUNK // ORDERS_EACH]
        owner = np.repeat(np.arange(len(part)), rng.poisson(ORDERS_EACH, len(part)))
        seconds = rng.integers(0, ORDER_DAYS, len(owner)) * 86_400 + rng.integers(0, open_seconds, len(owner))
        seconds = seconds[np.lexsort((seconds, owner))]
        yield pa.table(
            {
                "profile_id": pa.array(part[owner]),
                "order_id": pa.array(np.char.add("O", (first + np.arange(len(owner))).astype(str))),
                "category": pa.array(categories[rng.integers(0, len(categories), len(owner))]),
                "status": pa.array(np.array(["paid", "returned"])[(rng.random(len(owner)) < 0.05).astype(int)]),
                "total": pa.array(rng.gamma(2, 2500, len(owner)).astype("int64")),
                "ordered_at": pa.array((start + seconds) * 1_000_000, pa.timestamp("us", tz="UTC")),
            }
        )
        first += len(owner)


def _lake(profiles: pa.Table) -> None:
    """All tables that counts and pages read, in two publications."""
    from lake.queries import snapshot
    from lake.services import stage
    from lake.specs import ColumnSpec, TableSpec

    def money(name: str) -> ColumnSpec:
        return ColumnSpec(name, "money", currency=CURRENCY)

    ids = profiles["profile_id"].to_pylist()
    chunks = orders(ids)
    first = next(chunks)
    rows = (batch for table in (first, *chunks) for batch in table.to_batches())
    work = stage()
    work.write(TableSpec("unified.profiles", "Customers", "customer", ["profile_id"], columns()), profiles)
    spec = TableSpec("linked.shop.orders", "Orders", "order", ["order_id"], [money("total")])
    work.write(spec, pa.RecordBatchReader.from_batches(first.schema, rows))
    work.publish("bench")
    lake = snapshot()
    files = {name: lake.files(name) for name in ("unified.profiles", "linked.shop.orders")}
    work = stage()
    for spec, statement in _derived(files, money):
        work.write(spec, _query(statement))
    work.publish("bench")


def columns() -> list[Any]:
    from lake.specs import ColumnSpec

    return [ColumnSpec(name, semantic=semantic) for name, semantic in SEMANTICS.items()]


def _derived(files: dict[str, list[str]], money: Any) -> list[tuple[Any, str]]:
    from lake.specs import TableSpec

    p, o = (f"read_parquet({files[name]})" for name in ("unified.profiles", "linked.shop.orders"))
    origin = " UNION ALL ".join(
        f"SELECT profile_id, '{name}' AS attribute, {name}::VARCHAR AS value, 'shop' AS source, 'customers' AS table,"
        f" shop_customers_ids[1] AS record_id, joined::TIMESTAMPTZ AS value_at, true AS is_winner"
        f" FROM {p} WHERE {name} IS NOT NULL"
        for name in MAPPED
    )
    members = " UNION ALL ".join(
        f"SELECT '{slug}' AS segment, profile_id, TIMESTAMPTZ '2026-01-01' AS since FROM {p}"
        f" WHERE hash(profile_id) % {n} = 0"
        for slug, n in sorted(SEGMENTS.items())
    )
    return [
        (
            TableSpec("measures.customer", "Measures", "customer", ["profile_id"], [money("lifetime_spend")]),
            "SELECT profile_id, sum(total)::BIGINT AS lifetime_spend, count(*) AS orders, max(ordered_at) AS last_order"
            f" FROM {o} GROUP BY ALL ORDER BY profile_id",
        ),
        (
            TableSpec("unified.activities", "Activities", "activity", (), [money("amount")]),
            "SELECT profile_id, ordered_at AS time, 'order' AS type, 'Order ' || order_id AS title, total AS amount,"
            f" '{CURRENCY}' AS currency, NULL::VARCHAR AS url, 'shop' AS source, 'orders' AS table,"
            f" order_id AS record_id FROM {o}",
        ),
        (
            TableSpec("unified.links", "Links", "source record"),
            f"SELECT 'shop' AS source, 'customers' AS table, shop_customers_ids[1] AS record_id, profile_id,"
            f" NULL::VARCHAR AS rule, NULL::DOUBLE AS score FROM {p} UNION ALL SELECT 'loyalty', 'members',"
            f" loyalty_members_ids[1], profile_id, 'E-mail', 1.0 FROM {p} WHERE len(loyalty_members_ids) > 0"
            " ORDER BY profile_id, source DESC",
        ),
        (TableSpec("unified.provenance", "Origin of values"), f"FROM ({origin}) ORDER BY profile_id, attribute"),
        (TableSpec("segments.members", "Members", "member"), f"FROM ({members}) ORDER BY segment, profile_id"),
    ]  # fmt: skip


def _query(statement: str) -> pa.RecordBatchReader:
    import duckdb

    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'; SET memory_limit = '4GB'")
    reader = database.execute(statement).to_arrow_reader(122_880)
    return pa.RecordBatchReader.from_batches(reader.schema, _keeping(database, reader))


def _keeping(database: Any, reader: Any) -> Iterator[Any]:
    """Holds the connection until the last batch was read."""
    yield from reader
    database.close()


def _serving(profiles: pa.Table) -> None:
    """The rows that pages, search and messages read, by the unify stage's own way."""
    from django.db import transaction

    from profiles.search.terms import facets_of
    from profiles.serving import writing as serving
    from segments.models import Segment

    serving.send(profiles, columns(), facets_of(profiles, columns()))
    with transaction.atomic():
        serving.apply()
    for slug in SEGMENTS:
        Segment.objects.update_or_create(
            slug=slug, defaults={"name": slug.replace("-", " ").capitalize(), "state": "live"}
        )
