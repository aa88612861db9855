"""Writes the demo's files into a folder. Same count, seed and day: the same bytes."""

import csv
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from demo.generate import behaviour, records
from demo.generate.people import People, make_people
from demo.generate.workspace_file import workspace_text

Progress = Callable[[str], None]

BROKEN = {
    "shop/customers.csv": "C100000,Duplicate,Key,duplicate@example.com,,,,,,,,\n,No,Key,nokey@example.com,,,,,,,,\n",
    "shop/orders.csv": "O-broken-1,C100001,not a date,12.00,paid\n"
    "O-broken-2,C100001,2025-01-01 10:00:00,12.00,paid,one,too,many\n",
    "till/receipts.csv": "R-broken-1,T00000001,Downtown,2025-02-30 10:00:00,9.00\nR-broken-2,T00000001,Downtown\n",
    "web/events.jsonl": '{"event_id": "E-broken-1", "customer_id": "C10\n',
}
"""Rows that no system may accept: they end in quarantine, on purpose."""


def generate(
    folder: Path, *, people: int, seed: int, today: np.datetime64, progress: Progress = lambda _text: None
) -> None:
    """Writes sources, `workspace.yaml` and the truth (`truth/records.csv`: who each record really is) into `folder`.

    `today` is the first day without data (UTC). Raises ValueError for fewer than 10 people.
    """
    if people < 10:
        raise ValueError("The demo needs at least 10 people.")
    rng = np.random.default_rng(seed)
    now = today.astype("datetime64[s]")
    for name in ("shop", "till", "web", "reviews", "truth"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    progress(f"{people} people")
    truth = make_people(people, rng, today)
    shop = records.shop(truth, rng, today)
    members = records.loyalty(truth, rng, today)
    till = records.till(truth, members, rng)
    _csv(folder / "shop/customers.csv", [shop.table])
    _csv(folder / "till/customers.csv", [till.table])
    progress("orders")
    _orders(folder, behaviour.orders(shop, rng, now))
    progress("receipts and points")
    _csv(folder / "till/receipts.csv", behaviour.receipts(till, rng, now))
    _loyalty_database(folder / "loyalty.db", members.table, behaviour.points(members, rng, now))
    progress("web events and reviews")
    with (folder / "web/events.jsonl").open("w", encoding="utf-8") as file:
        for lines in behaviour.events(shop, rng, now):
            file.writelines(lines)
    _csv(folder / "reviews/reviews.csv", [behaviour.reviews(shop, rng, now)])
    for name, text in BROKEN.items():
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)
    _truth(folder / "truth", truth, {"shop.customers": shop, "loyalty.members": members, "till.customers": till})
    (folder / "workspace.yaml").write_text(workspace_text(), encoding="utf-8")


def _csv(path: Path, tables: Iterable[pa.Table]) -> None:
    writer = None
    for table in tables:
        writer = writer or arrow_csv.CSVWriter(
            path, table.schema, write_options=arrow_csv.WriteOptions(quoting_style="needed")
        )
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _orders(folder: Path, chunks: Iterable[behaviour.Orders]) -> None:
    orders = lines = None
    options = arrow_csv.WriteOptions(quoting_style="needed")
    for chunk in chunks:
        orders = orders or arrow_csv.CSVWriter(folder / "shop/orders.csv", chunk.orders.schema, write_options=options)
        lines = lines or arrow_csv.CSVWriter(folder / "shop/order_lines.csv", chunk.lines.schema, write_options=options)
        orders.write_table(chunk.orders)
        lines.write_table(chunk.lines)
    for writer in (orders, lines):
        if writer is not None:
            writer.close()


def _loyalty_database(path: Path, members: pa.Table, ledger: Iterable[pa.Table]) -> None:
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute(
            "CREATE TABLE members (member_id TEXT PRIMARY KEY, card_number TEXT, full_name TEXT, email TEXT, phone TEXT"
            ", postcode TEXT, date_of_birth TEXT, tier TEXT, loyalty_points INTEGER, enrolled_on TEXT)"
        )
        database.execute(
            "CREATE TABLE points_ledger (entry_id INTEGER PRIMARY KEY, member_id TEXT, booked_at TEXT, points INTEGER"
            ", reason TEXT)"
        )
        _insert(database, "members", members)
        for chunk in ledger:
            _insert(database, "points_ledger", chunk)
    database.close()


def _insert(database: sqlite3.Connection, table: str, data: pa.Table) -> None:
    marks = ", ".join("?" * data.num_columns)
    rows = zip(*(column.to_pylist() for column in data.columns), strict=True)
    database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608  the table names are ours


def _truth(folder: Path, people: People, systems: dict[str, records.System]) -> None:
    with (folder / "records.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("source", "table", "record_id", "person_id", "household_id"))
        for name, system in systems.items():
            source, table = name.split(".")
            homes = people.household[system.person]
            writer.writerows(
                (source, table, key, f"P{person}", f"H{home}")
                for key, person, home in zip(system.keys, system.person, homes, strict=True)
            )
