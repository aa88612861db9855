"""Every kind of source: its parts, its databases, its incremental loads."""

import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pytest
import sqlalchemy as sa
from deltalake import write_deltalake
from django.db import connection

from core.errors import InvalidInput, NotFound, Unavailable
from sources import services
from sources.connectors import registry
from sources.connectors.base import Access
from sources.loading.load import load_tables
from sources.models import Source, SourceTable
from tests.sources.conftest import quarantined, rows


@pytest.mark.parametrize("kind", registry.all_connectors(), ids=lambda kind: kind.name)
def test_every_connector_has_all_of_its_parts(kind: Any) -> None:
    assert str(kind.label)
    assert str(kind.description)
    assert kind.icon
    assert kind.source_schema.model_json_schema()
    assert kind.table_schema.model_json_schema()
    assert kind.source_form().fields
    assert kind.table_form().fields
    for part in ("test", "discover", "fingerprint", "size", "read", "local_paths"):
        assert callable(getattr(kind, part))


def postgres_url() -> str:
    """The test database itself, as another system would be reached."""
    settings = connection.get_connection_params()
    return sa.URL.create(
        "postgresql", settings.get("user"), settings.get("password"), None, None, settings["dbname"],
        {name: str(settings[name]) for name in ("host", "port") if settings.get(name)},
    ).render_as_string(hide_password=False)  # fmt: skip


def sqlite_source(path: Path, statements: str) -> Source:
    with sqlite3.connect(path) as database:
        database.executescript(statements)
    return services.create_source(name="loyalty", connector="sql", secrets={"url": f"sqlite:///{quote(str(path))}"})


MEMBERS = """
create table if not exists members (member_id integer, name text, points integer, joined text, changed integer);
insert into members values (1, 'John Smith', 1500, '2024-01-02', 1), (2, 'Zoë', 20, '2024-02-03', 2);
"""


def test_a_sqlite_table_loads_typed_with_its_ids_as_text(db: None, tmp_path: Path) -> None:
    source = sqlite_source(tmp_path / "loyalty.db", MEMBERS)
    table = services.save_table(source, name="members", config={"table": "members"}, key=["member_id"])
    services.load_table(table)
    assert rows(table)[0]["member_id"] == "1"
    assert rows(table)[0]["points"] == 1500
    assert str(rows(table)[0]["joined"]) == "2024-01-02"
    assert load_tables([table]) == []


def test_an_incremental_load_reads_only_what_is_new_and_replaces_by_key(db: None, tmp_path: Path) -> None:
    path = tmp_path / "loyalty.db"
    source = sqlite_source(path, MEMBERS)
    table = services.save_table(
        source, name="members", config={"table": "members", "cursor": "changed"}, key=["member_id"]
    )
    services.load_table(table)
    with sqlite3.connect(path) as database:
        database.executescript(
            "update members set points = 99, changed = 3 where member_id = 1;"
            "insert into members values (3, 'Nina', 5, '2024-03-03', 4);"
        )
    table.refresh_from_db()
    load = services.load_table(table)
    assert {row["member_id"]: row["points"] for row in rows(table)} == {"1": 99, "2": 20, "3": 5}
    assert load.rows_read == 3
    table.refresh_from_db()
    assert table.cursor == 4
    assert table.rows == 3


def test_a_query_of_postgresql_is_read_only_and_typed(transactional_db: None) -> None:
    source = services.create_source(name="pg", connector="sql", secrets={"url": postgres_url()})
    query = "select 1 as id, 'Ann' as name, now() as seen, 12.50::numeric as amount union all select 2, 'Bob', null, 3"
    table = services.save_table(
        source, name="people", config={"query": query}, columns={"amount": {"type": "money", "currency": "EUR"}}
    )
    services.load_table(table)
    assert [(row["id"], row["amount"]) for row in rows(table)] == [("1", 1250), ("2", 300)]
    access = Access("crm", {}, source.secrets)
    with pytest.raises(InvalidInput):
        list(registry.get("sql").read(access, {"query": "delete from auth_user returning id"}))


def test_a_slow_database_is_given_up_in_words(transactional_db: None) -> None:
    access = Access("crm", {"timeout": 1}, {"url": postgres_url()})
    with pytest.raises(Unavailable, match="longer than 1 seconds"):
        list(registry.get("sql").read(access, {"query": "select pg_sleep(30)"}))


@pytest.mark.parametrize("column", ["password", "authentication", "timeout"])
def test_a_column_that_is_missing_is_told_whatever_its_name(
    transactional_db: None, tmp_path: Path, column: str
) -> None:
    """Its name is in the text of the error."""
    sqlite3.connect(tmp_path / "till.db").close()
    for url, missing in (
        (postgres_url(), f"select {column} from auth_group"),
        (postgres_url(), f"select 1 as it from {column}"),
        (f"sqlite:///{tmp_path / 'till.db'}", f"select {column}"),
    ):
        with pytest.raises(InvalidInput, match=f"does not know what is asked for: .*{column}"):
            list(registry.get("sql").read(Access("crm", {}, {"url": url}), {"query": missing}))


def test_a_sign_in_that_is_refused_is_told(transactional_db: None) -> None:
    nobody = sa.make_url(postgres_url()).set(username="nobody_at_all").render_as_string(hide_password=False)
    with pytest.raises(InvalidInput, match="refuses the sign-in"):
        registry.get("sql").test(Access("crm", {}, {"url": nobody}))


@pytest.mark.parametrize(
    ("url", "error", "words"),
    [
        ("postgresql://nobody:nothing@127.0.0.1:1/none", Unavailable, "does not answer"),
        ("sqlite:////nowhere/none.db", NotFound, "no database file"),
        ("oracle://x", InvalidInput, "not supported"),
        ("nonsense", InvalidInput, "address"),
    ],
)
def test_an_unreachable_database_says_what_to_do(url: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        registry.get("sql").test(Access("x", {}, {"url": url}))


def test_a_dead_database_keeps_the_data_that_was_loaded(db: None, tmp_path: Path) -> None:
    path = tmp_path / "loyalty.db"
    table = services.save_table(sqlite_source(path, MEMBERS), name="members", config={"table": "members"})
    services.load_table(table)
    path.unlink()
    with pytest.raises(NotFound):
        services.load_table(table)
    assert len(rows(table)) == 2


def test_any_name_of_a_sqlite_file_works(db: None, tmp_path: Path) -> None:
    source = sqlite_source(tmp_path / "till #1 50%20.db", MEMBERS)
    table = services.save_table(source, name="members", config={"table": "members"})
    services.load_table(table)
    assert len(rows(table)) == 2


def test_a_wrong_table_name_is_named(db: None, tmp_path: Path) -> None:
    source = sqlite_source(tmp_path / "loyalty.db", MEMBERS)
    table = services.save_table(source, name="nothing", config={"table": "nothing"})
    with pytest.raises(InvalidInput, match="nothing"):
        services.load_table(table)


@pytest.mark.skipif("TEST_MYSQL_URL" not in os.environ, reason="TEST_MYSQL_URL names no MySQL server")
def test_mysql_is_read_with_its_types_and_its_password_checked(db: None) -> None:
    url = os.environ["TEST_MYSQL_URL"]
    source = services.create_source(name="till", connector="sql", secrets={"url": url})
    query = "select 1 as id, 'Zoë' as name, cast('2024-01-02 03:04:05' as datetime) as seen, 1.5 as amount"
    table = services.save_table(source, name="sales", config={"query": query})
    services.load_table(table)
    assert rows(table)[0]["name"] == "Zoë"
    wrong = sa.make_url(url).set(password="wrong-password").render_as_string(hide_password=False)
    with pytest.raises(InvalidInput, match="refuses the sign-in"):
        registry.get("sql").test(Access("till", {}, {"url": wrong}))
    with pytest.raises(Unavailable, match="longer than 1 seconds"):
        list(registry.get("sql").read(Access("till", {"timeout": 1}, {"url": url}), {"query": "select sleep(30)"}))


def test_a_delta_table_is_read_again_only_with_a_new_version(db: None, tmp_path: Path) -> None:
    path = str(tmp_path / "orders")
    write_deltalake(path, pa.table({"order_id": [1, 2], "total": [9.5, 3.0]}))
    source = services.create_source(name="lake", connector="delta")
    table = services.save_table(source, name="orders", config={"path": path}, key=["order_id"])
    assert len(load_tables([table])) == 1
    assert load_tables([table]) == []
    write_deltalake(path, pa.table({"order_id": [3], "total": [1.0]}), mode="append")
    assert len(load_tables([table])) == 1
    assert len(rows(table)) == 3


def test_all_files_of_a_glob_are_one_table_with_the_columns_of_all(db: None, tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("id,name\n1,Ann\n")
    (tmp_path / "2.csv").write_text("id,city\n2,Rome\n1,Bonn\n")
    source = services.create_source(name="till", connector="file")
    table = services.save_table(source, name="sales", config={"path": str(tmp_path / "*.csv")}, key=["id"])
    services.load_table(table)
    found = sorted(rows(table), key=lambda row: row["id"])
    assert found == [{"id": "1", "name": "Ann", "city": None}, {"id": "2", "name": None, "city": "Rome"}]
    assert quarantined(table)[0]["file"] == "2.csv"


def test_a_person_may_only_name_files_below_the_allowed_folders(
    shop: Source, analyst: Any, settings: Any, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match="not below a folder"):
        services.save_table(shop, name="secret", config={"path": "/etc/passwd"}, by=analyst)
    settings.SOURCE_PATHS = [str(tmp_path)]
    table = services.save_table(shop, name="fine", config={"path": str(tmp_path / "a.csv")}, by=analyst)
    assert isinstance(table, SourceTable)


@pytest.mark.parametrize(("newer", "wanted"), [("ten", ["1.5", "2.5", "ten"]), ("€3.00", ["1.5", "2.5", "€3.00"])])
def test_new_rows_of_another_kind_have_all_rows_read_again(
    db: None, tmp_path: Path, newer: str, wanted: list[str]
) -> None:
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.executescript("create table t (id int, changed int, x); insert into t values (1, 1, 1.5), (2, 2, 2.5)")
    source = services.create_source(name="a", connector="sql", secrets={"url": f"sqlite:///{tmp_path}/a.db"})
    table = services.save_table(source, name="t", config={"table": "t", "cursor": "changed"}, key=["id"])
    services.load_table(table)
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute("insert into t values (3, 3, ?)", [newer])
    services.load_table(SourceTable.objects.get())
    assert [row["x"] for row in rows(table)] == wanted


def test_new_rows_in_another_currency_do_not_change_that_of_older_ones(db: None, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.executescript("create table t (id int, n int, x text)")
        database.executemany("insert into t values (?, ?, ?)", [(n, n, f"${n}.00") for n in range(30)])
    source = services.create_source(name="a", connector="sql", secrets={"url": f"sqlite:///{tmp_path}/a.db"})
    table = services.save_table(source, name="t", config={"table": "t", "cursor": "n"}, key=["id"])
    services.load_table(table)
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.executemany("insert into t values (?, ?, ?)", [(n, n, f"€{n}.00") for n in range(30, 60)])
    services.load_table(SourceTable.objects.get())
    assert {row["x"] for row in rows(table)} >= {"$1.00", "€31.00"}
    assert table.columns.get(name="x").currency == ""
