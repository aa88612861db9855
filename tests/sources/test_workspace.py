"""The sections `sources` and `relationships` of the workspace file."""

import io
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from pydantic import TypeAdapter

from core.errors import InvalidInput
from core.sections import ApplyContext, Change
from core.settings_services import change_workspace
from jobs.refresh import refresh
from lake.models import Relationship
from sources import services
from sources.connectors import registry
from sources.models import Source, SourceTable
from sources.relations import suggest
from sources.workspace import SourcesSection
from sources.workspace_entries import TableEntry
from sources.workspace_relationships import RelationshipsSection
from tests.sources.conftest import rows

FILE = """
sources:
  - name: shop
    connector: file
    tables:
      - name: customers
        path: my data/customers.csv
        key: [customer_id]
        columns:
          first_name: {semantic: person.first_name}
          joined: {type: date}
      - {name: orders, path: my data/orders.csv, key: [order_id], columns: {total: {type: money, currency: USD}}}
  - name: loyalty
    connector: sql
    url: ${LOYALTY_URL}
    tables: [{name: members, table: members, key: [member_id]}]
relationships: [{from: shop.orders.customer_id, to: shop.customers}]
"""


def apply(folder: Path, text: str = FILE) -> list[Change]:
    changes: list[Change] = []
    for section in (SourcesSection(), RelationshipsSection()):
        value = TypeAdapter(section.spec).validate_python(yaml.safe_load(text)[section.name])
        changes += section.apply(value, ApplyContext(folder))
    return changes


@pytest.fixture
def folder(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "my data").mkdir()
    (tmp_path / "my data/customers.csv").write_text("customer_id,first_name,joined\n1,Ann,2024-01-02\n2,Bob,\n")
    (tmp_path / "my data/orders.csv").write_text("order_id,customer_id,total\n10,1,9.99\n11,1,5\n")
    with sqlite3.connect(tmp_path / "loyalty.db") as database:
        database.executescript(
            "create table members (member_id integer, points integer); insert into members values (7, 1500)"
        )
    monkeypatch.setenv("LOYALTY_URL", "sqlite:///loyalty.db")
    return tmp_path


def test_it_applies_and_loads_and_applying_again_changes_nothing(folder: Path) -> None:
    assert {change.path for change in apply(folder)} >= {"sources[shop]", "sources[loyalty]"}
    assert [report.state for report in refresh(["load"])] == ["done"]
    assert rows(SourceTable.objects.get(name="orders"))[0]["total"] == 999
    assert rows(SourceTable.objects.get(name="members"))[0]["points"] == 1500
    assert apply(folder) == []
    assert refresh(["load"])[0].rows == 0


def test_what_is_exported_applies_without_a_change_and_holds_no_secret(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(folder)
    refresh(["load"])
    Source.objects.filter(name="loyalty").update(config={})
    source = Source.objects.get(name="loyalty")
    source.secrets = {"url": "postgresql://me:hunter2@db/loyalty"}
    source.save()
    monkeypatch.delenv("LOYALTY_URL")
    out = {
        section.name: TypeAdapter(section.spec).dump_python(
            section.export(), exclude_none=True, by_alias=True, mode="json"
        )
        for section in (SourcesSection(), RelationshipsSection())
    }
    text = yaml.safe_dump(out)
    assert "hunter2" not in text
    assert "${LOYALTY_URL}" in text
    assert apply(Path("/elsewhere"), text) == []


def test_a_missing_environment_variable_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOYALTY_URL")
    with pytest.raises(InvalidInput, match="LOYALTY_URL is not set"):
        apply(folder)


def test_a_changed_type_is_a_change_and_loads_the_table_again(folder: Path) -> None:
    apply(folder)
    refresh(["load"])
    changes = apply(folder, FILE.replace("currency: USD", "currency: JPY"))
    assert [change.path for change in changes] == ["sources[shop].tables[orders].columns.total.currency"]
    assert refresh(["load"])[0].rows == 2


@pytest.mark.parametrize(
    ("setting", "again"),
    [
        ({"currency": "JPY"}, 2),
        ({"time_zone": "Asia/Tokyo"}, 2),
        ({"default_country": "DE"}, 1),
        ({"company_name": "x"}, 0),
    ],
)
def test_a_setting_of_the_workspace_loads_again_what_rests_on_it(
    table_of: Callable[..., SourceTable], setting: dict[str, str], again: int
) -> None:
    """Two tables have amounts without a currency, or times without a zone; one of them dates without a format."""
    columns = {"total": {"type": "money"}, "at": {"type": "timestamp", "format": "%Y-%m-%d %H:%M"}}
    table_of("a.csv", "id,total,at\n1,5,2026-01-02 10:00\n", key=["id"], columns=columns)
    table_of("b.csv", "id,price,at,on\n1,$5,2026-01-02T10:00,03.04.2026\n", key=["id"])
    table_of("c.csv", "id,name\n1,Ann\n", key=["id"])
    refresh(["load"])
    change_workspace(setting, by=None)
    assert refresh(["load"])[0].rows == again
    assert refresh(["load"])[0].rows == 0
    if "currency" in setting:
        assert rows(SourceTable.objects.get(name="a"))[0]["total"] == 5


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("type: date", "type: day", "columns.joined.type"),
        ("person.first_name", "person.nickname", "columns.first_name.semantic"),
        ("connector: file", "connector: files", "sources[shop].connector"),
        ("to: shop.customers", "to: shop.clients", "relationships[shop.orders.customer_id]"),
    ],
)
def test_mistakes_are_refused_with_their_place(folder: Path, before: str, after: str, place: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        apply(folder, FILE.replace(before, after))
    assert place in str(raised.value)


def test_a_column_points_at_a_key_that_begins_like_it(db: None, tmp_path: Path) -> None:
    gym = services.create_source(name="gym", connector="file")
    (tmp_path / "Mitglieder.csv").write_text("Mitgliedsnr,Ort\nM-1,Köln\nM-2,Bonn\n")
    (tmp_path / "visits.csv").write_text("Nr,Mitglied,Saal\n1,M-1,Bonn\n2,M-2,Bonn\n")
    for name, key in (("Mitglieder", "Mitgliedsnr"), ("visits", "Nr")):
        table = services.save_table(gym, name=name, config={"path": str(tmp_path / f"{name}.csv")}, key=[key])
        services.load_table(table)
    found = [(one.from_table, one.from_column, one.to_table) for one in suggest()]
    assert found == [("gym.visits", "Mitglied", "gym.Mitglieder")]


def test_relationships_are_found_by_names_and_values(folder: Path) -> None:
    apply(
        folder,
        FILE.replace("relationships: [{from: shop.orders.customer_id, to: shop.customers}]", "relationships: []"),
    )
    refresh(["load"])
    found = Relationship.objects.get()
    assert (found.from_table, found.from_column, found.to_table) == ("shop.orders", "customer_id", "shop.customers")
    assert found.origin == Relationship.Origin.INFERRED


def test_one_failing_table_does_not_keep_the_others_from_loading(folder: Path) -> None:
    apply(folder)
    (folder / "my data/orders.csv").unlink()
    report = refresh(["load"])[0]
    assert report.state == "done"
    assert "orders.csv does not exist" in report.note
    assert len(rows(SourceTable.objects.get(name="customers"))) == 2


def test_the_file_can_say_of_a_table_whatever_its_kind_of_source_knows() -> None:
    said = {field.alias or name for name, field in TableEntry.model_fields.items()}
    for kind in registry.all_connectors():
        assert {field.alias or name for name, field in kind.table_schema.model_fields.items()} <= said


def test_the_country_of_a_table_is_kept(folder: Path) -> None:
    apply(folder, FILE.replace("- name: customers\n", "- name: customers\n        country: ES\n"))
    assert SourceTable.objects.get(name="customers").config["country"] == "ES"
    exported = SourcesSection().export()
    assert [table.country for source in exported for table in source.tables if table.name == "customers"] == ["ES"]


def test_a_relationship_may_lead_to_customers(folder: Path) -> None:
    text = FILE.replace("to: shop.customers}", "to: unified.profiles}")
    assert [change.after for change in apply(folder, text)][-1] == "unified.profiles"
    assert apply(folder, text) == []
    [entry] = RelationshipsSection().export()
    assert entry.to == "unified.profiles"


def test_files_below_the_exported_one_are_named_from_there(folder: Path) -> None:
    apply(folder, FILE.replace("${LOYALTY_URL}", "sqlite:///loyalty.db"))
    shop, loyalty = SourcesSection().beside(SourcesSection().export(), folder)
    assert [table.path for table in shop.tables] == ["my data/customers.csv", "my data/orders.csv"]
    assert loyalty.url == "sqlite:///loyalty.db"
    shop, loyalty = SourcesSection().beside(SourcesSection().export(), folder / "my data")
    assert [table.path for table in shop.tables] == ["customers.csv", "orders.csv"]
    assert loyalty.url == f"sqlite:///{folder}/loyalty.db"


def test_a_mistake_in_a_column_names_its_table(folder: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        apply(folder, FILE.replace("type: money", "type: mony"))
    assert caught.value.place == "sources[shop].tables[orders].columns.total.type"


def test_a_table_that_could_not_be_loaded_makes_a_refresh_not_ok(folder: Path) -> None:
    apply(folder)
    (folder / "my data/orders.csv").unlink()
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"orders.csv does not exist"):
        call_command("refresh", "--stage", "load", "--json", stdout=out)
    result = json.loads(out.getvalue())
    assert (result["ok"], len(result["problems"])) == (False, 1)


def test_a_column_whose_name_has_a_line_break_is_stated_as_the_file_writes_it(db: None, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text('"customer\nno","first\r\n name"\n1,Ann\n2,Bob\n')
    file = tmp_path / "workspace.yaml"
    file.write_text(
        "kindred: 1\nsources: [{name: a, connector: file, tables: [{name: t, path: people.csv, "
        'key: ["customer\\nno"], columns: {"first\\r\\n name": {semantic: person.first_name}}}]}]\n'
    )
    call_command("workspace", "apply", str(file), stdout=io.StringIO())
    table = SourceTable.objects.get()
    assert table.key == ["customer no"]
    refresh(["load"])
    assert [(c.name, c.semantic) for c in table.columns.all() if c.states("semantic")] == [
        ("first name", "person.first_name")
    ]
    again = io.StringIO()
    call_command("workspace", "diff", str(file), stdout=again)
    assert again.getvalue() == ""
