"""What the benchmark of unification calls right, against counting by hand."""

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from bench.unify.judge import judge

# Two households, {a, b} and {c, d}; e lives alone. The records of a are 1 and 2, of b 3, of c 4 and 5, of d 6, of e 7.
PEOPLE = ["a", "a", "b", "c", "c", "d", "e"]
HOUSEHOLDS = ["x", "x", "x", "y", "y", "y", None]


def write(folder: Path, clusters: list[int]) -> tuple[Path, Path]:
    records = {"table": ["t"] * 7, "record_id": [str(number) for number in range(1, 8)]}
    parquet.write_table(pa.table(records | {"person": PEOPLE, "household": HOUSEHOLDS}), folder / "truth.parquet")
    found = {name: values[: len(clusters)] for name, values in records.items()} | {"cluster": clusters}
    parquet.write_table(pa.table(found), folder / "found.parquet")
    return folder / "found.parquet", folder / "truth.parquet"


def test_it_counts_pairs_people_and_households(tmp_path: Path) -> None:
    found = judge(*write(tmp_path, [1, 1, 1, 2, 3, 4, 4]))  # a and b are one, c is two, d and e are one
    assert (found.precision, found.recall, found.f1) == pytest.approx((1 / 4, 1 / 2, 1 / 3))
    assert (found.largest, found.largest_true, found.mixed, found.households) == (3, 2, 1, 2)


def test_it_refuses_an_answer_without_all_records(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="each record"):
        judge(*write(tmp_path, [1, 1, 1, 2, 3, 4]))
