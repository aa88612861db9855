"""A Spark Connect server that is busy, starts anew or is not there; and what its own compiler would say differently."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from pyarrow import parquet

from bench.sail import sail
from core.errors import Unavailable
from lake import checks, engine
from lake.engines import UNLIMITED, Refused, Unreachable
from lake.queries import Snapshot
from lake.watch import Allowance, QueryTimeout, QueryUnwanted

spark = pytest.importorskip("lake.engines.spark", exc_type=ImportError)
Files = tuple[list[str], pa.Schema]


@pytest.fixture
def server(sail_address: str) -> Iterator[tuple[str, int]]:
    """One that only this test uses, so that it can be held up."""
    with sail() as found:
        yield found


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """The second one lacks a column."""
    tables = pa.table({"n": [1, 2, 3], "text": ["a", None, "é"]}), pa.table({"n": [4]})
    names = [str(tmp_path / f"it's {number}.parquet") for number in range(2)]
    for table, name in zip(tables, names, strict=True):
        parquet.write_table(table, name)
    return names, tables[0].schema


def test_files_are_one_table(sail_address: str, files: Files) -> None:
    asked = spark.Spark(sail_address)
    found = asked.arrow(asked.table("shop.numbers", *files).order_by("n"), UNLIMITED)
    assert found.to_pydict() == {"n": [1, 2, 3, 4], "text": ["a", None, "é", None]}


def test_a_table_without_files_is_empty(sail_address: str, files: Files) -> None:
    asked = spark.Spark(sail_address)
    assert asked.arrow(asked.table("shop.nothing", [], files[1]), UNLIMITED) == files[1].empty_table()


def test_whoever_waits_is_free_although_the_server_is_busy(server: tuple[str, int], files: Files) -> None:
    asked = spark.Spark(server[0])
    table = asked.table("numbers", *files)
    asked.arrow(table, UNLIMITED)
    os.kill(server[1], signal.SIGSTOP)
    os.waitpid(server[1], os.WUNTRACED)  # until its last thread has stopped: one that still runs would answer
    with pytest.raises(QueryTimeout):
        asked.arrow(table, Allowance(0.2))
    unwanted = threading.Event()
    threading.Timer(0.2, unwanted.set).start()
    with pytest.raises(QueryUnwanted):
        asked.arrow(table, Allowance(300, unwanted.is_set))
    os.kill(server[1], signal.SIGCONT)
    assert asked.arrow(table, Allowance(300)).num_rows == 4


def test_a_session_that_the_server_forgot_is_opened_anew(sail_address: str, files: Files) -> None:
    asked = spark.Spark(sail_address)
    table = asked.table("numbers", *files)
    asked.arrow(table, UNLIMITED)
    asked._session.spark.client.release_session()
    assert asked.arrow(table, UNLIMITED).num_rows == 4


def test_a_wrong_question_fails_and_the_session_stays(sail_address: str, files: Files) -> None:
    asked = spark.Spark(sail_address)
    table = asked.table("numbers", *files)
    with pytest.raises(Refused):
        asked.arrow(table.select(n=table.text.cast("int64")), UNLIMITED)
    session = asked._session
    assert asked.arrow(table, UNLIMITED).num_rows == 4
    assert asked._session is session


def test_what_a_server_refuses_is_no_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_args: object, **_options: object) -> None:
        raise Refused("[CAST_INVALID_INPUT]")

    monkeypatch.setattr(engine, "arrow", refuses)
    with pytest.raises(Unavailable, match="cannot answer this question"):
        Snapshot(0, "", {}).arrow(ibis.literal(1).as_table())


def test_a_server_that_does_not_see_the_files_gives_no_empty_answer(
    sail_address: str, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, read = spark.Spark(sail_address), spark._read
    table = asked.table("numbers", *files)
    elsewhere = [f"/nowhere{name}" for name in files[0]]
    monkeypatch.setattr(spark, "_read", lambda session, _names, schema, gone: read(session, elsewhere, schema, gone))
    with pytest.raises(Unreachable, match="must see the lake's folder"):
        asked.arrow(table, UNLIMITED)


def test_nobody_at_the_address_is_said(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(spark, "CONNECT_SECONDS", 0.5)
    with pytest.raises(Unreachable, match="sc://127.0.0.1:9"):
        spark.Spark("sc://127.0.0.1:9").arrow(ibis.literal(1).as_table(), UNLIMITED)


@pytest.mark.parametrize(("address", "ids"), [("duckdb", []), ("spark://host", ["kindred.E010"]), ("sc://host", [])])
def test_the_setting_is_checked(settings: Any, address: str, ids: list[str]) -> None:
    settings.LAKE_ENGINE = address
    assert [found.id for found in checks.named(None)] == ids


def test_a_deployment_is_told_that_its_server_is_down(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> None:
        raise Unreachable("Nothing answers at sc://host.")

    settings.LAKE_ENGINE = "sc://host"
    monkeypatch.setattr(engine, "warm_up", down)
    assert [found.id for found in checks.reachable(None)] == ["kindred.E012"]
