"""Questions run side by side, can be stopped, and mean what their expressions say."""

import datetime
import os
import threading

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Unavailable
from lake import engine, services
from lake.queries import Snapshot, snapshot
from lake.specs import TableSpec
from lake.watch import QueryUnwanted


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


def endless(now: Snapshot) -> ir.Scalar:
    """A question that takes days."""
    table = found = now.table("numbers").select("n")
    for number in range(4):
        found = found.cross_join(table.select(**{f"n{number}": table.n}))
    return (found.n * found.n0 + found.n1 * found.n2 + found.n3).max()


def test_a_question_that_takes_too_long_is_stopped(now: Snapshot) -> None:
    with pytest.raises(Unavailable):
        now.scalar(endless(now), timeout=0.1)
    assert now.scalar(now.table("numbers").count()) == 1000


def test_a_question_is_stopped_once_nobody_waits_for_it(now: Snapshot) -> None:
    unwanted = threading.Event()
    threading.Timer(0.5, unwanted.set).start()
    with pytest.raises(QueryUnwanted):
        now.scalar(endless(now), timeout=300, unwanted=unwanted.is_set)
    with pytest.raises(QueryUnwanted):
        now.arrow(now.table("numbers"), unwanted=unwanted.is_set)
    assert now.scalar(now.table("numbers").count(), timeout=300) == 1000


def test_whoever_cannot_say_whether_an_answer_is_wanted_gets_it(now: Snapshot) -> None:
    answers = iter([False])
    with pytest.raises(Unavailable):  # from its second call on `unwanted` fails; the time limit still holds
        now.scalar(endless(now), timeout=1, unwanted=lambda: next(answers))


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


rows = st.lists(st.tuples(st.one_of(st.none(), st.text(max_size=5)), st.integers(-5, 5)), max_size=60)


@settings(max_examples=30, deadline=None)
@given(rows)
def test_sorting_agrees_with_python(given_rows: list[tuple[str | None, int]]) -> None:
    table = pa.table(
        {
            "text": pa.array([r[0] for r in given_rows], pa.string()),
            "n": pa.array([r[1] for r in given_rows], pa.int64()),
        }
    )
    result = engine.ordered(table.to_reader(), ["text", "n"]).read_all()
    found = list(zip(result["text"].to_pylist(), result["n"].to_pylist(), strict=True))
    expected = sorted(given_rows, key=lambda row: (row[0] is None, (row[0] or "").encode(), row[1]))
    assert found == expected
