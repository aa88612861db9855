"""Data whose truth is known, as Parquet files: made once, kept in the benchmarks' folder.

A set is a folder with one file per table, `set.json`, which says what they mean, and `truth.parquet` with one row per
record: table, record_id, person, household (empty where there are none).
"""

import csv
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

import bench.unify.rehearsal.contacts
import bench.unify.rehearsal.households
import bench.unify.rehearsal.people
import bench.unify.rehearsal.scripts
import bench.unify.rehearsal.things  # noqa: F401 - these register the sets
from bench.common import FOLDER
from bench.unify.rehearsal import invented as rehearsal

HOME = FOLDER / "unify"
ROOT = Path(__file__).resolve().parents[2]
SEED = 7
RECORDS_PER_PERSON = 1.8378  # of the demo's three systems together
HUB_RECORDS, HUB_EMAIL = 50_000, "info@example.com"
PEOPLE = {"demo-10k": 10_000, "demo-100k": 100_000, "demo-1m": 1_000_000}
RECORDS = {"records-1m": 1_000_000, "records-3m": 3_000_000, "records-10m": 10_000_000}
REHEARSAL = tuple(rehearsal.SETS)
NAMES = ("febrl4", *PEOPLE, "hub", *RECORDS, *REHEARSAL)

FEBRL = {
    "given_name": "person.first_name",
    "surname": "person.last_name",
    "address_1": "address.line",
    "suburb": "address.city",
    "postcode": "address.postcode",
    "state": "address.region",
    "date_of_birth": "person.birth_date",
    "soc_sec_id": "id.national",
}
SHOP = {
    "customer_id": "id.shop_customer",
    "first_name": "person.first_name",
    "last_name": "person.last_name",
    "email": "contact.email",
    "phone": "contact.phone",
    "address": "address.line",
    "city": "address.city",
    "postcode": "address.postcode",
    "country": "address.country",
    "birth_date": "person.birth_date",
    "gender": "person.gender",
}
LOYALTY = {
    "card_number": "id.loyalty_card",
    "full_name": "person.full_name",
    "email": "contact.email",
    "phone": "contact.phone",
    "postcode": "address.postcode",
    "date_of_birth": "person.birth_date",
}
TILL = {
    "name": "person.full_name",
    "phone": "contact.phone",
    "card_number": "id.loyalty_card",
    "city": "address.city",
    "postcode": "address.postcode",
}


@dataclass(frozen=True)
class Table:
    """`meanings`: the semantic type of the columns that have one. In order of trust. `dates`: how birth dates are
    written where it is not the usual way, for peers that have to be told."""

    name: str
    key: str
    meanings: dict[str, str]
    dates: str = ""


@dataclass(frozen=True)
class DataSet:
    """`shared_id`: the semantic type of the id that several tables know. `plain`: columns without a meaning that peers
    compare too."""

    name: str
    country: str
    shared_id: str
    tables: tuple[Table, ...]
    plain: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        return HOME / self.name

    def file(self, table: Table) -> Path:
        return self.folder / f"{table.name}.parquet"

    @property
    def truth(self) -> Path:
        return self.folder / "truth.parquet"


def of_records(records: int) -> str:
    """The name of the demo's set with about so many records."""
    return f"records-{records}"


def load(name: str) -> DataSet:
    """A set that was made before."""
    raw = json.loads((HOME / name / "set.json").read_text())
    tables = tuple(Table(**table) for table in raw["tables"])
    return DataSet(raw["name"], raw["country"], raw["shared_id"], tables, tuple(raw["plain"]))


def make(name: str) -> DataSet:
    """Made where it is not there, in a process of its own, for what takes much memory here would count as the
    contenders' later."""
    if not (HOME / name / "set.json").exists():
        print(f"Making the data set {name} …", flush=True)
        subprocess.run([sys.executable, "-m", "bench.unify.sets", name], check=True)
    return load(name)


def _write(
    name: str,
    country: str,
    shared_id: str,
    tables: Mapping[str, tuple[Table, pa.Table, pa.Table]],
    plain: Sequence[str] = (),
) -> None:
    """`tables`: what it is, its data, and its truth: person and household per row."""
    part = HOME / f"{name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    truth = []
    for title, (table, data, people) in tables.items():
        parquet.write_table(data, part / f"{title}.parquet")
        names = pa.array([title] * data.num_rows)
        columns = {name: people.column(name) for name in people.column_names}
        truth.append(pa.table({"table": names, "record_id": data.column(table.key), **columns}))
    parquet.write_table(pa.concat_tables(truth), part / "truth.parquet")
    found = DataSet(name, country, shared_id, tuple(table for table, _data, _people in tables.values()), tuple(plain))
    (part / "set.json").write_text(json.dumps(asdict(found), indent=2))
    shutil.rmtree(HOME / name, ignore_errors=True)
    part.rename(HOME / name)


def _febrl4() -> None:
    tables = {}
    for letter in "ab":
        with (ROOT / f"tests/data/febrl/dataset4{letter}.csv").open(encoding="utf-8") as file:
            head, *rows = list(csv.reader(file, skipinitialspace=True))
        data = pa.table({column.strip(): [row[n].strip() or None for row in rows] for n, column in enumerate(head)})
        person = [record.split("-")[1] for record in data.column("rec_id").to_pylist()]
        people = pa.table({"person": person, "household": pa.nulls(len(person), pa.string())})
        tables[letter] = (Table(letter, "rec_id", FEBRL), data, people)
    _write("febrl4", "AU", "id.national", tables)


def _demo(name: str, count: int, *, hub: bool = False) -> None:
    from demo.generate.people import make_people
    from demo.generate.records import loyalty, shop, till

    rng, today = np.random.default_rng(SEED), np.datetime64("2026-01-01")
    people = make_people(count, rng, today)
    web = shop(people, rng, today)
    members = loyalty(people, rng, today)
    tables = {}
    for title, key, meanings, system in (
        ("shop", "customer_id", SHOP, web),
        ("loyalty", "member_id", LOYALTY, members),
        ("till", "till_id", TILL, till(people, members, rng)),
    ):
        data = system.table
        if hub and "email" in data.column_names:
            chosen = rng.choice(data.num_rows, HUB_RECORDS // 2, replace=False)
            email = data.column("email").to_numpy(zero_copy_only=False)
            email[chosen] = HUB_EMAIL
            data = data.set_column(data.column_names.index("email"), "email", pa.array(email, pa.string()))
        truth = pa.table(
            {
                "person": pa.array(system.person).cast(pa.string()),
                "household": pa.array(people.household[system.person]).cast(pa.string()),
            }
        )
        tables[title] = (Table(title, key, meanings), data, truth)
    _write(name, "US", "id.loyalty_card", tables)


def _invented(name: str) -> None:
    made = rehearsal.SETS[name](random.Random(SEED))
    tables, plain = {}, dict[str, None]()
    for system in made.systems:
        # Rows of one person must not stand side by side, nor may their keys tell of it.
        rows = random.Random(SEED).sample(system.rows, len(system.rows))
        columns = dict.fromkeys(column for row in rows for column in row if column != rehearsal.PERSON)
        data = {"key": pa.array([f"{system.name}-{number:05d}" for number in range(len(rows))])}
        data |= {column: pa.array([row.get(column) for row in rows]) for column in columns}
        people = pa.table(
            {
                "person": pa.array([row[rehearsal.PERSON] for row in rows]),
                "household": pa.nulls(len(rows), pa.string()),
            }
        )
        tables[system.name] = (Table(system.name, "key", system.meanings, system.dates), pa.table(data), people)
        plain |= dict.fromkeys(column for column in columns if column not in system.meanings)
    _write(name, made.country, made.shared_id, tables, list(plain))


def main(name: str) -> None:
    if name == "febrl4":
        _febrl4()
    elif name in REHEARSAL:
        _invented(name)
    elif name == "hub":
        _demo(name, PEOPLE["demo-100k"], hub=True)
    else:
        records = RECORDS.get(name) or (int(name.removeprefix("records-")) if name not in PEOPLE else 0)
        _demo(name, PEOPLE.get(name) or round(records / RECORDS_PER_PERSON))


if __name__ == "__main__":
    main(sys.argv[1])
