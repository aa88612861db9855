"""What every engine does alike: the tests run on each."""

import datetime
import os
import threading

import ibis
import pyarrow as pa
import pytest

from lake import engine, services
from lake.functions import without_accents
from lake.queries import Snapshot, snapshot
from lake.specs import TableSpec

pytestmark = pytest.mark.usefixtures("each_engine")


@pytest.fixture
def now(db: None) -> Snapshot:
    rows = {"id": [str(n) for n in range(1000)], "n": list(range(1000)), "Größe in €": [n / 2 for n in range(1000)]}
    services.write_and_publish(TableSpec("numbers"), pa.table(rows))
    return snapshot()


def test_threads_get_their_own_answers(now: Snapshot) -> None:
    table, wrong = now.table("numbers"), []

    def ask(limit: int) -> None:
        for _round in range(20):
            mine = ibis.memtable({"wanted": [str(limit)]})
            found = now.arrow(table.semi_join(mine, table.id == mine.wanted))["n"].to_pylist()
            if found != [limit] or now.scalar((table.n < limit).sum()) != limit:
                wrong.append((limit, found))

    threads = [threading.Thread(target=ask, args=[limit]) for limit in range(100, 108)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_question_that_names_a_column_twice_or_none_is_answered(now: Snapshot) -> None:
    numbers = now.table("numbers")
    halves = numbers.filter(numbers["Größe in €"] < 5).select("id")
    assert now.scalar(numbers.filter(numbers.id.isin(halves.id)).count()) == 10
    assert now.scalar(numbers.count()) == 1000
    assert now.scalar(numbers.distinct().count()) == 1000
    assert now.scalar(ibis.union(halves, numbers.select("id"), distinct=True).count()) == 1000


def test_a_stream_that_is_left_half_read_disturbs_nobody(now: Snapshot) -> None:
    stream = now.batches(now.table("numbers"), 10)
    first = next(stream)
    assert now.scalar(now.table("numbers").count()) == 1000
    assert first.num_rows > 0
    stream.close()


def test_a_child_process_opens_its_own_engine(now: Snapshot) -> None:
    table = now.table("numbers")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(
            writing,
            str(engine.scalar(engine.table("x", now.files("numbers"), table.schema().to_pyarrow()).count())).encode(),
        )
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 20) == b"1000"


def test_results_have_the_types_of_their_expressions(now: Snapshot) -> None:
    table = now.table("numbers")
    result = now.arrow(table.aggregate(total=table.n.sum(), mean=table["Größe in €"].mean()))
    assert result.schema.types == [pa.int64(), pa.float64()]
    assert now.scalar(ibis.timestamp("2024-03-01 10:00:00", timezone="UTC")) == datetime.datetime(
        2024, 3, 1, 10, tzinfo=datetime.UTC
    )


MOMENTS = [
    datetime.datetime(2026, 1, 2, 3, 4, 5, 120_000, datetime.UTC),
    None,
    datetime.datetime(1969, 1, 1, tzinfo=datetime.UTC),
    None,
]
VALUES = pa.table(
    {
        "text": ["İΟΔΟΣ É", "ŁÓDŹ Ệ", None, "e\u0301 ñ"],
        "number": [1.0, 12345678.5, None, 1e14],
        "moment": pa.array(MOMENTS, pa.timestamp("us", "UTC")),
    }
)


def test_functions_give_what_they_give_on_duckdb() -> None:
    rows = ibis.memtable(VALUES)
    found = engine.arrow(
        rows.select(
            lower=rows.text.lower(),
            plain=without_accents(rows.text),
            number=rows.number.cast("string"),
            moment=rows.moment.cast("string"),
            none=rows.filter(rows.number < 0).count().as_scalar(),
        )
    )
    assert found.sort_by("lower").to_pydict() == {
        "lower": ["e\u0301 ñ", "iοδοσ é", "łódź ệ", None],
        "plain": ["e n", "IΟΔΟΣ E", "ŁODZ E", None],
        "number": ["100000000000000.0", "1.0", "12345678.5", None],
        "moment": [None, "2026-01-02 03:04:05.12+00", None, "1969-01-01 00:00:00+00"],
        "none": [0, 0, 0, 0],
    }


def test_another_row_has_another_hash() -> None:
    texts = [["a", None, ["b"]], [None, "a", ["b"]], ["a", None, ["b", None]], ["a", None, []]]
    rows = ibis.memtable(
        pa.table(
            {
                "one": [row[0] for row in texts],
                "two": [row[1] for row in texts],
                "items": pa.array([row[2] for row in texts], pa.list_(pa.string())),
            }
        )
    )
    struct = ibis.struct({name: rows[name] for name in rows.columns})
    assert engine.scalar(rows.mutate(hash=struct.hash()).hash.nunique()) == len(texts)
