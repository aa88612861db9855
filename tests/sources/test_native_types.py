"""Values of Parquet files, Delta tables and databases: their types, and what their drivers make of odd ones."""

import datetime as dt
import sqlite3
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake

from core.errors import InvalidInput
from sources import services
from sources.connectors import registry
from sources.connectors.base import Access
from sources.models import Source, SourceTable
from tests.sources.conftest import quarantined, rows
from tests.sources.test_connectors import postgres_url


def parquet(shop: Source, folder: Path, data: pa.Table, **stated: Any) -> SourceTable:
    pq.write_table(data, folder / "t.parquet")
    table = services.save_table(shop, name="t", config={"path": str(folder / "t.parquet")}, **stated)
    services.load_table(table)
    return table


def test_every_type_of_parquet_is_read(shop: Source, tmp_path: Path) -> None:
    data = pa.table(
        {
            "large": pa.array(["a", " b "], pa.large_string()),
            "view": pa.array(["a", None], pa.string_view()),
            "coded": pa.array(["x", "x"]).dictionary_encode(),
            "nanos": pa.array([1_500, None], pa.timestamp("ns")),
            "single": pa.array([0.1, float("nan")], pa.float32()),
            "whole": pa.array([Decimal(5), Decimal(2**53 + 1)], pa.decimal128(20, 0)),
            "huge": pa.array([Decimal(10**25), None], pa.decimal128(30, 0)),
            "nested": pa.array([{"a": "ü"}, None]),
            "tags": pa.array([["a"], None], pa.large_list(pa.large_string())),
            "raw": pa.array([b"\xff\x00", b"ab"]),
            "last": pa.array([dt.datetime(9999, 12, 31, 23, 59), None], pa.timestamp("us")),
        }
    )
    found = rows(parquet(shop, tmp_path, data))
    assert found[0] == {
        "large": "a",
        "view": "a",
        "coded": "x",
        "nanos": dt.datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=dt.UTC),
        "single": 0.1,
        "whole": 5,
        "huge": str(10**25),
        "nested": '{"a": "ü"}',
        "tags": ["a"],
        "raw": "ff00",
        "last": dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.UTC),
    }
    assert (found[1]["large"], found[1]["single"], found[1]["whole"], found[1]["raw"]) == ("b", None, 2**53 + 1, "6162")


def test_columns_that_differ_only_by_case_are_numbered(shop: Source, tmp_path: Path) -> None:
    table = parquet(shop, tmp_path, pa.table({"Email": ["a@x.org"], "email": ["b@x.org"]}))
    assert rows(table) == [{"Email": "a@x.org", "email_2": "b@x.org"}]


@pytest.mark.parametrize(
    ("values", "stated"),
    [
        (pa.array([1, 5, 0]), "boolean"),
        (pa.array([1.0, float("inf"), 2.0]), "number"),
        (pa.array([0, -1_000_000, 1], pa.date32()), "date"),
    ],
)
def test_native_values_that_do_not_fit_are_set_aside(
    shop: Source, tmp_path: Path, values: pa.Array, stated: str
) -> None:
    data = pa.table({"id": ["a", "b", "c"], "value": values})
    table = parquet(shop, tmp_path, data, columns={"value": {"type": stated}})
    assert [row["id"] for row in rows(table)] == ["a", "c"]
    assert [(row["line"], row["column"]) for row in quarantined(table)] == [(2, "value")]


def test_a_delta_table_is_read_without_its_deleted_rows(db: None, tmp_path: Path) -> None:
    path = str(tmp_path / "t")
    write_deltalake(path, pa.table({"id": [1, 2, 3]}), configuration={"delta.enableDeletionVectors": "true"})
    DeltaTable(path).delete("id = 2")
    source = services.create_source(name="lake", connector="delta")
    table = services.save_table(source, name="t", config={"path": path}, key=["id"])
    services.load_table(table)
    assert {row["id"] for row in rows(table)} == {"1", "3"}
    with pytest.raises(InvalidInput, match="has no version 9; its newest is"):
        registry.get("delta").fingerprint(Access("lake", {}), {"path": path, "version": 9})


@pytest.fixture
def scratch(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A schema of its own in the test's PostgreSQL, gone afterwards."""
    with psycopg.connect(postgres_url().replace("postgres://", "postgresql://"), autocommit=True) as raw:
        raw.execute("create schema odd")
        yield raw
        raw.execute("drop schema odd cascade")


def postgres_table(name: str, **config: Any) -> SourceTable:
    source = services.create_source(name="pg", connector="sql", secrets={"url": postgres_url()})
    return services.save_table(source, name=name, config={"table": name, "schema": "odd", **config}, key=["id"])


def test_postgresql_gives_what_python_has_no_value_for(scratch: psycopg.Connection) -> None:
    scratch.execute(
        "create table odd.t"
        " (id int, u uuid, j jsonb, tags text[], at timestamptz, day date, clock time, n numeric(30, 0))"
    )
    scratch.execute(
        "insert into odd.t values (1, '00000000-0000-0000-0000-000000000001', '{\"a\": [1]}', '{a,b}',"
        " '2024-01-01 12:00+02', '2024-01-02', '24:00', 5),"
        " (2, null, null, null, 'infinity', '0044-03-15 BC', '01:02', 6)"
    )
    table = postgres_table("t")
    services.load_table(table)
    first, second = sorted(rows(table), key=lambda row: str(row["id"]))
    assert (first["u"], first["j"], first["tags"]) == (str(uuid.UUID(int=1)), '{"a": [1]}', ["a", "b"])
    assert (first["clock"], first["n"]) == ("24:00:00", 5)
    assert (second["at"], second["day"]) == ("infinity", "0044-03-15 BC")


@pytest.mark.parametrize(
    ("kind", "early", "late"),
    [("timestamptz", "2024-01-01 10:00:00.123456+00", "2024-01-02"), ("date", "2024-01-01", "2024-01-02"),
     ("numeric", "1.5", "2"), ("text", "a", "b")],
)  # fmt: skip
def test_any_kind_of_cursor_goes_on_where_it_stopped(
    scratch: psycopg.Connection, kind: str, early: str, late: str
) -> None:
    scratch.execute(f"create table odd.t (id int, changed {kind})".encode())
    scratch.execute(f"insert into odd.t values (1, '{early}'), (2, '{early}')".encode())
    table = postgres_table("t", cursor="changed")
    services.load_table(table)
    scratch.execute(f"update odd.t set changed = '{late}' where id = 1".encode())
    scratch.execute(f"insert into odd.t values (3, '{late}')".encode())
    table.refresh_from_db()
    assert services.load_table(table).rows_read == 3
    assert sorted(row["id"] for row in rows(table)) == ["1", "2", "3"]


def test_a_cursor_without_a_key_reads_no_row_twice(db: None, tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with sqlite3.connect(path) as database:
        database.executescript("create table log (n integer, what text); insert into log values (1, 'a'), (2, 'b')")
    source = services.create_source(name="log", connector="sql", secrets={"url": f"sqlite:///{path}"})
    table = services.save_table(source, name="log", config={"table": "log", "cursor": "n"})
    services.load_table(table)
    with sqlite3.connect(path) as database:
        database.executescript("insert into log values (2, 'c'), (3, 'd')")
    table.refresh_from_db()
    services.load_table(table)
    assert sorted(row["what"] for row in rows(table)) == ["a", "b", "c", "d"]


def test_a_colon_in_a_query_is_a_colon(db: None, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    sqlite3.connect(path).close()
    source = services.create_source(name="a", connector="sql", secrets={"url": f"sqlite:///{path}"})
    table = services.save_table(source, name="q", config={"query": "select ':c' as x, '%d' as y, 'a:b' as z -- :d"})
    services.load_table(table)
    assert rows(table) == [{"x": ":c", "y": "%d", "z": "a:b"}]


def test_sqlite_tells_yes_and_no_by_the_declared_type(db: None, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as database:
        database.executescript("create table t (b boolean, name text); insert into t values (1, cast(x'41ff' as text))")
    source = services.create_source(name="a", connector="sql", secrets={"url": f"sqlite:///{path}"})
    table = services.save_table(source, name="t", config={"table": "t"})
    services.load_table(table)
    assert rows(table) == [{"b": True, "name": "A\\xff"}]
