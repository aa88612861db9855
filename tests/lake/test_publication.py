"""Tables become visible together, or not at all."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from core.errors import Conflict, InvalidInput, NotFound, Unavailable
from lake import services, store
from lake.models import CatalogVersion
from lake.queries import snapshot, snapshot_at
from lake.specs import ColumnSpec, TableSpec
from tests.support.examples import examples

pytestmark = pytest.mark.django_db

ORDERS = TableSpec(
    "shop.orders",
    label="Orders",
    grain="order",
    key=["id"],
    columns=[ColumnSpec("total", "money", currency="EUR"), ColumnSpec("id", sensitive=True)],
)


def _orders(*ids: str) -> pa.Table:
    return pa.table({"id": list(ids), "total": pa.array([100 * len(i) for i in ids], pa.int32())})


def _ids(name: str = "shop.orders") -> list[str]:
    now = snapshot()
    return now.arrow(now.table(name))["id"].to_pylist()


def test_it_shows_all_tables_of_a_stage_at_once() -> None:
    stage = services.stage()
    stage.write(ORDERS, _orders("b", "a"), sort_by=["id"])
    stage.write(TableSpec("empty"), _orders())
    assert snapshot().names() == []
    stage.publish("first load")
    assert snapshot().names() == ["empty", "shop.orders"]
    assert _ids() == ["a", "b"]
    assert _ids("empty") == []


def test_it_describes_what_was_published() -> None:
    services.write_and_publish(ORDERS, pa.table({"id": ["a", "b", None], "total": [5, None, 7]}))
    info = snapshot().info("shop.orders")
    total, key = info.column("total"), info.column("id")
    assert total is not None
    assert key is not None
    assert (info.label, info.grain, info.key, info.rows) == ("Orders", "order", ("id",), 3)
    assert (total.type, total.currency, total.label) == ("money", "EUR", "Total")
    assert (total.stats.missing, total.stats.distinct, total.stats.min, total.stats.max) == (1, 2, 5, 7)
    assert key.sensitive


def test_a_crash_before_publication_leaves_the_old_state() -> None:
    services.write_and_publish(ORDERS, _orders("old"))
    services.stage().write(ORDERS, _orders("new"))
    assert _ids() == ["old"]
    work = services.stage()
    work.append(ORDERS, _orders("added"))  # must not pick up the commit that nobody published
    work.publish()
    assert sorted(_ids()) == ["added", "old"]


def test_a_source_that_fails_half_way_leaves_the_old_state() -> None:
    services.write_and_publish(ORDERS, _orders("old"))

    def cut_off() -> Iterator[pa.RecordBatch]:
        yield _orders("new").to_batches()[0]
        raise InvalidInput("cut off")

    reader = pa.RecordBatchReader.from_batches(_orders().schema, cut_off())
    with pytest.raises(InvalidInput, match="cut off"):
        services.stage().write(ORDERS, reader)
    assert _ids() == ["old"]


def test_a_source_is_read_in_the_thread_of_its_caller() -> None:
    seen = set()

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in _orders("a", "b").to_batches(max_chunksize=1):
            seen.add(threading.get_ident())
            yield batch

    reader = pa.RecordBatchReader.from_batches(_orders().schema, batches())
    services.stage().write(ORDERS, reader, sort_by=["id"])
    assert seen == {threading.get_ident()}


def test_a_snapshot_stays_as_it_was() -> None:
    services.write_and_publish(ORDERS, _orders("old"))
    before = snapshot()
    services.write_and_publish(ORDERS, _orders("new"))
    assert before.arrow(before.table("shop.orders"))["id"].to_pylist() == ["old"]
    assert _ids() == ["new"]


def test_an_append_keeps_types_and_adds_columns() -> None:
    services.write_and_publish(ORDERS, _orders("a"))
    work = services.stage()
    work.append(TableSpec("shop.orders"), pa.table({"id": ["b"], "note": ["hi"]}))
    work.publish()
    now = snapshot()
    rows = now.arrow(now.table("shop.orders").order_by("id")).to_pylist()
    assert rows == [{"id": "a", "total": 100, "note": None}, {"id": "b", "total": None, "note": "hi"}]
    assert now.info("shop.orders").rows == 2
    assert now.info("shop.orders").label == "Orders"


def test_many_appends_are_joined_into_few_files() -> None:
    for number in range(store.COMPACT_ABOVE_FILES + 2):
        work = services.stage()
        work.append(ORDERS, _orders(str(number)))
        work.publish()
    assert len(_ids()) == store.COMPACT_ABOVE_FILES + 2
    assert len(snapshot().files("shop.orders")) < store.COMPACT_ABOVE_FILES


def test_two_appends_to_one_state_do_not_lose_each_other() -> None:
    services.write_and_publish(ORDERS, _orders("a"))
    first, second = services.stage(), services.stage()
    first.append(ORDERS, _orders("b"))
    second.append(ORDERS, _orders("c"))
    second.publish()
    with pytest.raises(Conflict):
        first.publish()
    assert sorted(_ids()) == ["a", "c"]


def test_a_dropped_table_is_gone_and_may_come_back() -> None:
    services.write_and_publish(ORDERS, _orders("a"))
    work = services.stage()
    work.drop("shop.orders")
    work.publish()
    with pytest.raises(NotFound):
        snapshot().info("shop.orders")
    services.write_and_publish(ORDERS, _orders("b"))
    assert _ids() == ["b"]


def test_data_without_a_stated_column_is_refused() -> None:
    with pytest.raises(InvalidInput, match="total"):
        services.stage().write(ORDERS, pa.table({"id": ["a"]}))


@pytest.mark.django_db(transaction=True)
def test_publications_at_the_same_time_all_survive() -> None:
    def publish(number: int) -> None:
        services.write_and_publish(TableSpec(f"t{number}"), _orders(str(number)))
        connection.close()

    threads = [threading.Thread(target=publish, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert snapshot().names() == ["t0", "t1", "t2", "t3"]
    assert CatalogVersion.objects.count() == 4


def test_cleaning_keeps_what_the_catalog_still_names() -> None:
    services.write_and_publish(ORDERS, _orders("old"))
    old = snapshot()
    services.write_and_publish(ORDERS, _orders("new"))
    services.clean()
    assert snapshot_at(old.version).arrow(old.table("shop.orders"))["id"].to_pylist() == ["old"]
    with pytest.raises(ValueError, match="24 hours"):
        services.clean(hours=1)


def test_cleaning_takes_what_nobody_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "RETENTION_HOURS", 0)
    services.write_and_publish(TableSpec("gone"), _orders("x"))
    for state in ("old", "older", "new"):
        services.write_and_publish(ORDERS, _orders(state))
    work = services.stage()
    work.drop("gone")
    work.publish()
    gone_files = snapshot_at(CatalogVersion.objects.earliest("pk").pk).files("gone")
    services.clean(hours=0)
    services.clean(hours=0)
    assert _ids() == ["new"]
    assert CatalogVersion.objects.count() == 1
    assert len(list(store.path_of(snapshot()._root, "shop.orders").glob("*.parquet"))) == 1
    assert not any(Path(file).exists() for file in gone_files)


names = st.text(min_size=1, max_size=40)


@given(names, names)
def test_different_names_have_different_safe_folders(one: str, other: str) -> None:
    first, second = store.folder_name(one), store.folder_name(other)
    assert (first.casefold() == second.casefold()) == (one == other)
    assert not set(first) & set("/\\\0 ")
    assert not first.startswith(".")
    assert len(first) <= 120


@examples(15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=names.filter(lambda text: "\0" not in text and text.isprintable()))
def test_any_name_can_be_written_and_read(name: str) -> None:
    services.write_and_publish(TableSpec(name), _orders("x"))
    assert _ids(name) == ["x"]


def test_a_lake_that_was_emptied_by_hand_says_so_and_can_be_filled_again() -> None:
    services.write_and_publish(ORDERS, _orders("a"))
    shutil.rmtree(snapshot()._root)
    snapshot()._files.clear()
    with pytest.raises(Unavailable, match="missing"):
        snapshot().files("shop.orders")
    with pytest.raises(Unavailable, match="missing"):
        services.stage().append(ORDERS, _orders("b"))
    services.write_and_publish(ORDERS, _orders("c"))
    assert _ids() == ["c"]


def test_cleaning_takes_tables_that_were_written_and_never_published() -> None:
    services.write_and_publish(ORDERS, _orders("a"))
    services.stage().write(TableSpec("shop.never"), _orders("b"))
    services.stage().write(TableSpec("shop.now"), _orders("c"))
    root = Path(django_settings.LAKE_URL)
    for path in [*(root / "shop.never").rglob("*"), *(root / "shop.orders").rglob("*")]:
        os.utime(path, (1, 1))
    assert services.clean()["shop.never"] > 0
    assert {path.name for path in root.glob("shop.*")} == {"shop.orders", "shop.now"}
    assert _ids() == ["a"]
