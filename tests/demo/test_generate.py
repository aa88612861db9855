"""The generated retailer: repeatable, with known truth and the hard cases in it."""

import csv
import filecmp
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from demo.generate.write import generate

TODAY = np.datetime64("2026-06-01")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo")
    generate(made, people=2_000, seed=7, today=TODAY)
    return made


def test_same_seed_and_day_give_the_same_files(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path, people=2_000, seed=7, today=TODAY)
    names = ["shop/customers.csv", "shop/orders.csv", "shop/order_lines.csv", "till/customers.csv", "web/events.jsonl"]
    assert filecmp.cmpfiles(folder, tmp_path, names, shallow=False) == (names, [], [])


def test_another_seed_gives_other_people(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path, people=2_000, seed=8, today=TODAY)
    assert not filecmp.cmp(folder / "shop/customers.csv", tmp_path / "shop/customers.csv", shallow=False)


def test_john_smith_is_spread_over_three_systems(folder: Path) -> None:
    truth = [row for row in rows(folder / "truth/records.csv") if row["person_id"] == "P0"]
    assert {row["source"] for row in truth} == {"shop", "loyalty", "till"}
    with sqlite3.connect(folder / "loyalty.db") as database:
        member = database.execute("SELECT full_name, loyalty_points, tier FROM members LIMIT 1").fetchone()
    assert member == ("Jon Smith", 1500, "Gold")
    bought = [row["product"] for row in rows(folder / "shop/order_lines.csv")[:3]]
    assert bought == ["Trail running shoes", "Rain jacket", "Day backpack"]


def test_every_record_has_its_truth(folder: Path) -> None:
    truth = {(row["source"], row["record_id"]) for row in rows(folder / "truth/records.csv")}
    shop = {("shop", row["customer_id"]) for row in rows(folder / "shop/customers.csv") if row["customer_id"]}
    assert shop <= truth
    assert len(truth) > len(shop)


def test_order_totals_are_the_sums_of_their_lines(folder: Path) -> None:
    sums: dict[str, int] = {}
    for line in rows(folder / "shop/order_lines.csv"):
        cents = int(line["price"].replace(".", "")) * int(line["quantity"])
        sums[line["order_id"]] = sums.get(line["order_id"], 0) + cents
    totals = {
        r["order_id"]: int(r["total"].replace(".", ""))
        for r in rows(folder / "shop/orders.csv")
        if "broken" not in r["order_id"]
    }
    assert totals == sums


def test_people_come_in_many_scripts_and_share_household_contacts(folder: Path) -> None:
    customers = rows(folder / "shop/customers.csv")
    text = "".join(row["last_name"] for row in customers)
    assert all(any(low <= ch <= high for ch in text) for low, high in ("一鿿", "กฮ", "Ѐӿ", "؀ۿ", "À\u024f"))
    mails = [row["email"] for row in customers if row["email"] and "unknown" not in row["email"]]
    assert len(mails) - len(set(mails)) > 20


def test_too_few_people_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 10"):
        generate(tmp_path, people=3, seed=1, today=TODAY)
