"""Questions run side by side, can be stopped, and mean what their expressions say."""

import threading

import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unavailable
from lake import engine, services
from lake.queries import Snapshot, snapshot
from lake.specs import TableSpec
from lake.watch import QueryUnwanted
from tests.support.examples import examples


@pytest.fixture
def now(db: None) -> Snapshot:
    rows = {"id": [str(n) for n in range(1000)], "n": list(range(1000)), "Größe in €": [n / 2 for n in range(1000)]}
    services.write_and_publish(TableSpec("numbers"), pa.table(rows))
    return snapshot()


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


rows = st.lists(st.tuples(st.one_of(st.none(), st.text(max_size=5)), st.integers(-5, 5)), max_size=60)


@examples(30)
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
