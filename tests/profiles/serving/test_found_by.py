"""The pairs of identifier and person, as the database gets them."""

from collections.abc import Sequence

import pyarrow as pa
import pytest

from lake import engine
from profiles.serving import found_by


def written(*batches: pa.RecordBatch) -> list[str]:
    return b"".join(found_by.as_csv(batches)).decode().split()


def pairs(**words: str) -> pa.RecordBatch:
    return found_by.pairs(pa.array(list(words.values()), pa.string()), pa.array(list(words), pa.string()))


def test_each_word_of_a_person_stands_once_in_the_order_of_words() -> None:
    assert written(pairs(p2="b a b", p1="a"), pairs(p3="", p4="A")) == ['"A","p4"', '"a","p1"', '"a","p2"', '"b","p2"']


def test_nobody_is_found_by_nothing() -> None:
    assert written(pairs(p1="")) == []


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_pair_stands_once_however_rows_arrive(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ordered = engine.ordered

    def in_pieces(rows: pa.RecordBatchReader, by: Sequence[str]) -> pa.RecordBatchReader:
        return ordered(rows, by).read_all().combine_chunks().to_reader(size)

    monkeypatch.setattr(engine, "ordered", in_pieces)
    assert written(pairs(p1="a a a a b", p2="a a")) == ['"a","p1"', '"a","p2"', '"b","p1"']
