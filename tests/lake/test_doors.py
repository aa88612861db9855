"""Pages, API and command: what is shown, to whom, and how values look."""

import csv
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from core.errors import InvalidInput, Unavailable
from core.models import AuditEntry
from lake import services
from lake.models import Relationship
from lake.queries import snapshot
from lake.relationships import Step, paths_to, relate
from lake.specs import ColumnSpec, TableSpec

pytestmark = pytest.mark.django_db
NAME = "shop.orders 店"


@pytest.fixture
def orders(db: None) -> None:
    spec = TableSpec(
        NAME,
        "Orders",
        "order",
        ["id"],
        [ColumnSpec("total", "money", currency="EUR"), ColumnSpec("email", sensitive=True, semantic="contact.email")],
    )
    rows = {
        "id": ["a", "b"],
        "total": [1050, None],
        "email": ["a@x.example", None],
        "tags": [["x", "ü"], None],
        "note": ["=1+1", "fine"],
    }
    services.write_and_publish(spec, pa.table(rows))


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _csv(response: object) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))


def test_the_table_page_shows_columns_and_rows(orders: None, analyst: User) -> None:
    client = _signed_in(analyst)
    page = client.get(reverse("lake:table", args=[NAME])).content.decode()
    rows = client.get(reverse("lake:preview", args=[NAME])).content.decode()
    assert "E-mail address" in page
    assert "a@x.example" in page
    assert "€10.50" in rows
    assert "a@x.example" in rows


def test_the_table_page_says_in_words_what_a_column_means(orders: None, analyst: User) -> None:
    page = _signed_in(analyst).get(reverse("lake:table", args=[NAME])).content.decode()
    assert "E-mail address" in page
    assert "contact.email" not in page


def test_sensitive_values_are_masked_for_others(orders: None, marketer: User) -> None:
    client = _signed_in(marketer)
    for name in ("table", "preview"):
        page = client.get(reverse(f"lake:{name}", args=[NAME])).content.decode()
        assert "a@x.example" not in page
        assert "•••" in page
    found = client.get(f"/api/v1/tables/{NAME}/rows/").json()
    assert found["rows"][0]["email"] is None
    columns = client.get(f"/api/v1/tables/{NAME}/").json()["columns"]
    assert [column["stats"] is None for column in columns] == [False, False, True, False, False]


@pytest.mark.parametrize("name", ["tables", "relationships", "table", "preview", "export"])
def test_strangers_see_nothing(orders: None, stranger: User, name: str) -> None:
    address = reverse(f"lake:{name}", args=[NAME] if name in ("table", "preview", "export") else [])
    assert _signed_in(stranger).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_an_unknown_table_is_not_found(analyst: User) -> None:
    assert _signed_in(analyst).get(reverse("lake:table", args=["nothing"])).status_code == 404


def test_the_list_costs_a_fixed_number_of_queries(
    orders: None, analyst: User, django_assert_max_num_queries: object
) -> None:
    client = _signed_in(analyst)
    for number in range(5):
        services.write_and_publish(TableSpec(f"t{number}"), pa.table({"id": ["x"]}))
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        page = client.get(reverse("lake:tables")).content.decode()
    assert "t4" in page


def test_the_page_exports_csv_that_no_spreadsheet_runs(orders: None, analyst: User, marketer: User) -> None:
    address = reverse("lake:export", args=[NAME])
    assert _signed_in(marketer).get(address).status_code == 403
    lines = _csv(_signed_in(analyst).get(address))
    assert lines == [
        ["Id", "Total", "Email", "Tags", "Note"],
        ["a", "10.50", "a@x.example", '["x", "ü"]', "'=1+1"],
        ["b", "", "", "", "fine"],
    ]


def test_the_api_lists_tables_and_exports(orders: None, analyst: User, stranger: User) -> None:
    client = _signed_in(analyst)
    listed = client.get("/api/v1/tables/").json()["results"]
    assert [(row["name"], row["rows"]) for row in listed] == [(NAME, 2)]
    assert client.get(f"/api/v1/tables/{NAME}/rows/?limit=1").json()["rows"][0]["total"] in (10.5, "10.50")
    assert client.get(f"/api/v1/tables/{NAME}/rows/", {"limit": "9" * 5_000}).status_code == 200
    assert len(_csv(client.get(f"/api/v1/tables/{NAME}/export/"))) == 3
    assert _signed_in(stranger).get("/api/v1/tables/").status_code == 403


def test_relationships_are_added_and_removed(orders: None, analyst: User, viewer: User) -> None:
    services.write_and_publish(TableSpec("people", key=["id"]), pa.table({"id": ["x"]}))
    client = _signed_in(analyst)
    form = {"column": f"{NAME}|id", "to_table": "people"}
    assert _signed_in(viewer).post(reverse("lake:relationship_add"), form).status_code == 403
    assert client.post(reverse("lake:relationship_add"), form).status_code == 303
    made = Relationship.objects.get()
    page = client.get(reverse("lake:relationships")).content.decode()
    assert "<svg" in page
    assert "from the next refresh on." in page
    client.post(reverse("lake:relationships"), {"action": "remove", "row": [made.pk]})
    assert not Relationship.objects.exists()
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["relationship.remove", "relationship.add"]


def test_relationships_are_told_in_the_words_of_the_catalog(analyst: User) -> None:
    shop = [ColumnSpec("customer_id", "string", "Customer")]
    services.write_and_publish(TableSpec("shop.orders", "Orders", columns=shop), pa.table({"customer_id": ["x"]}))
    services.write_and_publish(TableSpec("shop.customers", "Customers", key=["id"]), pa.table({"id": ["x"]}))
    relate("shop.orders", "customer_id", "shop.customers")
    client = _signed_in(analyst)
    page, table = (client.get(url).content.decode() for url in ("/lake/relationships/", "/lake/tables/shop.orders"))
    for text in ("Shop · Orders", "Shop · Customers", ">Customer<"):
        assert text in page
    assert "Shop · Orders</a> (Customer)" in table
    assert "Shop · Orders · Customer" in client.get("/lake/relationships/add/").content.decode()
    assert "Shop · Orders" in client.get("/lake/tables/").content.decode()
    assert AuditEntry.objects.get(verb="relationship.add").label == "Shop · Orders · Customer → Shop · Customers"


def test_tables_of_a_group_stand_together_and_leftovers_last(analyst: User) -> None:
    for name in ("quarantine.shop.orders", "linked.shop.orders", "web.events", "shop.orders", "unified.profiles"):
        services.write_and_publish(TableSpec(name), pa.table({"id": ["x"]}))
    page = _signed_in(analyst).get("/lake/tables/").content.decode()
    order = [page.index(f'data-row="{name}"') for name in (
        "unified.profiles", "shop.orders", "web.events", "linked.shop.orders", "quarantine.shop.orders",
    )]  # fmt: skip
    assert order == sorted(order)


def test_what_a_row_is_of_is_told_in_the_labels_of_its_columns(analyst: User) -> None:
    columns = [ColumnSpec("order_id", label="Order number"), ColumnSpec("line_no", label="Line")]
    spec = TableSpec("shop.lines", "Lines", "order_id + line_no", ["order_id", "line_no"], columns)
    services.write_and_publish(spec, pa.table({"order_id": ["x"], "line_no": ["1"]}))
    services.write_and_publish(TableSpec("shop.all", "All", "customer or lead"), pa.table({"id": ["x"]}))
    client = _signed_in(analyst)
    page, table = (client.get(url).content.decode() for url in ("/lake/tables/", "/lake/tables/shop.lines"))
    assert "Order number + Line" in page
    assert "customer or lead" in page
    assert "one row per Order number + Line" in table


def test_a_relationship_of_a_table_that_is_gone_still_has_a_name(analyst: User) -> None:
    relate("shop.old_orders", "customer_id", "shop.customers")
    assert "Shop · Old orders" in _signed_in(analyst).get("/lake/relationships/").content.decode()


def test_the_api_states_relationships(orders: None, analyst: User, viewer: User) -> None:
    body = {"from_table": NAME, "from_column": "id", "to_table": "people"}
    client = _signed_in(analyst)
    made = client.post("/api/v1/relationships/", body).json()
    assert client.post("/api/v1/relationships/", body).json()["id"] == made["id"]
    refused = client.post("/api/v1/relationships/", body | {"from_column": "nothing"})
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "invalid"
    assert _signed_in(viewer).delete(f"/api/v1/relationships/{made['id']}/").status_code == 403
    assert client.delete(f"/api/v1/relationships/{made['id']}/").status_code == 204


def test_the_shortest_way_to_a_table_is_found() -> None:
    relate("lines", "order_id", "orders")
    relate("orders", "customer_id", "customers")
    relate("lines", "product_id", "products")
    relate("returns", "line_id", "lines")
    relate("customers", "first_order", "orders")  # a circle does no harm
    paths = paths_to(["customers"])
    assert paths["orders"] == [Step("orders", "customer_id", "customers")]
    assert [step.to_table for step in paths["returns"]] == ["lines", "orders", "customers"]
    assert "products" not in paths
    assert "customers" not in paths


def test_a_relationship_that_was_found_becomes_a_stated_one() -> None:
    relate("a", "x", "b", origin="inferred")
    assert relate("a", "x", "b").origin == "declared"
    assert relate("a", "x", "b", origin="inferred").origin == "declared"
    with pytest.raises(InvalidInput):
        relate("a", "x", "a")


@pytest.mark.parametrize("file", ["my orders.parquet", "bestellungen ü.csv"])
def test_the_command_exports_a_table(orders: None, tmp_path: Path, file: str) -> None:
    path = tmp_path / "new folder" / file
    call_command("lake", "export", NAME, "--to", str(path), stdout=io.StringIO())
    if file.endswith(".parquet"):
        assert pa.parquet.read_table(path)["tags"].to_pylist() == [["x", "ü"], None]
    else:
        rows = list(csv.DictReader(path.open(encoding="utf-8")))
        assert rows[0] == {"id": "a", "total": "1050", "email": "a@x.example", "tags": '["x", "ü"]', "note": "=1+1"}
    assert [item.name for item in path.parent.iterdir()] == [file]


def test_the_command_names_tables_that_are_written_alike(orders: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Did you mean shop\.orders"):
        call_command("lake", "export", "shop.order", "--to", str(tmp_path / "x.csv"))
    with pytest.raises(CommandError, match=r"\.parquet or \.csv"):
        call_command("lake", "export", NAME, "--to", str(tmp_path / "x.xlsx"))


def test_the_command_refuses_a_name_that_no_file_can_have(orders: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No file can have this name"):
        call_command("lake", "export", NAME, "--to", str(tmp_path / "a\0b.csv"))
    (tmp_path / "a file").touch()
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("lake", "export", NAME, "--to", str(tmp_path / "a file" / "x.csv"))


def test_the_command_lists_tables(orders: None) -> None:
    out = io.StringIO()
    call_command("lake", "tables", "--json", stdout=out)
    assert [(row["name"], row["rows"], len(row["columns"])) for row in json.loads(out.getvalue())] == [(NAME, 2, 5)]
    call_command("lake", "clean", stdout=out)


def test_a_refused_command_says_so_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise Unavailable("The lake does not answer.")

    monkeypatch.setattr("lake.management.commands.lake.snapshot", fails)
    out = io.StringIO()
    with pytest.raises(CommandError, match="does not answer"):
        call_command("lake", "tables", "--json", stdout=out)
    assert json.loads(out.getvalue())["error"]["code"] == "unavailable"


def test_attributes_are_those_of_profiles_and_their_measures() -> None:
    profiles = TableSpec("unified.profiles", columns=[ColumnSpec("loyalty_points", label="Loyalty Points")])
    services.write_and_publish(profiles, pa.table({"profile_id": ["p"], "loyalty_points": [1500]}))
    measures = TableSpec("measures.customer", columns=[ColumnSpec("spend", "money", "Lifetime spend", currency="EUR")])
    services.write_and_publish(measures, pa.table({"profile_id": ["p"], "spend": [5]}))
    now = snapshot()
    assert [(a.name, a.label, a.table) for a in now.attributes()][1:] == [
        ("loyalty_points", "Loyalty Points", "unified.profiles"),
        ("spend", "Lifetime spend", "measures.customer"),
    ]


def test_asking_for_the_snapshot_costs_one_query(orders: None, django_assert_num_queries: object) -> None:
    snapshot()
    with django_assert_num_queries(1):  # type: ignore[operator]
        snapshot().table(NAME)
