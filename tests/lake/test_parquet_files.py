"""What is written comes back as it was, in its order."""

import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from lake import parquet_files, store
from lake.patches import GONE

SCHEMA = pa.schema([("number", pa.int64()), ("name", pa.string()), ("tags", pa.list_(pa.string()))])


def batches(sizes: list[int]) -> pa.RecordBatchReader:
    rows, start = [], 0
    for size in sizes:
        numbers = range(start, start + size)
        rows.append(
            pa.record_batch([numbers, [f"n{n % 7}" for n in numbers], [["a", "b"][: n % 3] for n in numbers]], SCHEMA)
        )
        start += size
    return pa.RecordBatchReader.from_batches(SCHEMA, iter(rows))


@pytest.mark.parametrize("sizes", [[1, 1, 1], [3, 0, 20, 5], [10] * 9, [], [0, 0]])
def test_rows_stay_in_their_order_over_files_and_row_groups(
    sizes: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_files, "ROW_GROUP_ROWS", 4)
    monkeypatch.setattr(parquet_files, "FILE_BYTES", 400)
    written = store.write(tmp_path, "some", batches(sizes))
    assert written.rows == sum(sizes)
    assert (len(written.files) > 1) == (sum(sizes) > 8)
    found = pa.Table.from_batches(store.batches(written.files, SCHEMA, GONE.empty_table()), SCHEMA)
    assert found == batches(sizes).read_all()


def test_rows_that_are_gone_are_left_out_by_their_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_files, "ROW_GROUP_ROWS", 3)
    (file,) = store.write(tmp_path, "some", batches([8])).files
    gone = pa.table({"file": [Path(file).name, "other", Path(file).name], "row": [0, 1, 5]}).cast(GONE)
    found = pa.Table.from_batches(store.batches([file], SCHEMA, gone), SCHEMA)
    assert found["number"].to_pylist() == [1, 2, 3, 4, 6, 7]


def test_times_have_no_dictionary_nor_texts_that_hardly_repeat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_files, "ROWS_THAT_TELL", 10)
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    rows = pa.table(
        {
            "at": [start + datetime.timedelta(seconds=n) for n in range(20)],
            "id": [f"id{n}" for n in range(20)],
            "city": ["Bern", "Oslo"] * 10,
            "tags": [["x"]] * 20,
        }
    )
    (file,) = store.write(tmp_path, "some", rows.to_reader()).files
    with parquet.ParquetFile(file) as opened:
        group = opened.metadata.row_group(0)
        columns = {group.column(n).path_in_schema: group.column(n) for n in range(group.num_columns)}
    assert [name for name, column in columns.items() if column.has_dictionary_page] == ["city", "tags.list.element"]
    assert {column.compression for column in columns.values()} == {"LZ4"}
