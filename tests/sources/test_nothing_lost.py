"""Rows in the file = rows read + rows set aside, whatever is in it; and every row stands where it is said to stand."""

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.reading.delimited import read_delimited
from sources.reading.sniff import Dialect

HEADER = "id,a,b"
TEXTS = st.text(st.sampled_from("ab1é😀 ,;\"'\n\r\t=-\\|"), max_size=6)
GOOD = st.tuples(TEXTS, TEXTS, st.sampled_from(["x", "7"])).map(lambda row: ("good", row))
BAD = st.sampled_from([b"1,2", b"1,2,3,4", b"only", b"1,\xff,3", b"\xe9,\xe8,x", b","]).map(lambda row: ("bad", row))
ENDS = st.sampled_from(["\n", "\r\n"])


def written(rows: list[tuple[str, Any]], end: str) -> tuple[bytes, list[int], list[int]]:
    """The file, and the lines on which its good and its bad rows begin."""
    data, line = HEADER.encode() + end.encode(), 2
    good, bad = [], []
    for kind, row in rows:
        (good if kind == "good" else bad).append(line)
        if kind == "good":
            text = io.StringIO()
            csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=end).writerow(row)
            piece = text.getvalue().encode()
        else:
            piece = row + end.encode()
        data += piece
        line += len(piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")) - 1
    return data, good, bad


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(GOOD | BAD, min_size=1, max_size=30), ENDS, st.sampled_from([7, 64, 1 << 20]))
def test_every_row_is_read_or_set_aside_and_none_is_changed(rows: list[tuple[str, Any]], end: str, chunk: int) -> None:
    data, good, bad = written(rows, end)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(data)
        batches = list(read_delimited(path, Dialect("utf-8", ",", '"', True), chunk_bytes=chunk))
    found = [row for batch in batches for row in batch.data.to_pylist()]
    lines = [int(line) for batch in batches for line in batch.lines]
    rejected = [reject.line for batch in batches for reject in batch.rejects]
    assert len(found) + len(rejected) == len(rows)
    assert lines == good
    assert rejected == bad
    expected = [tuple(map(_newlines, row)) for kind, row in rows if kind == "good"]
    assert [tuple(_newlines(value or "") for value in row.values()) for row in found] == expected


def _newlines(value: str) -> str:
    """A lone CR inside of a value may be read as a line break."""
    return value.replace("\r\n", "\n").replace("\r", "\n")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.sampled_from(["1,a,b", '2,"a,b', '3,"x ""y""",z', '"4",b"c,d', "5,'a,b", '6,"p\nq",r']), min_size=1))
def test_an_open_quote_anywhere_loses_no_line(rows: list[str]) -> None:
    text = "\n".join([HEADER, *rows]) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text(text)
        batches = list(read_delimited(path, Dialect("utf-8", ",", '"', True)))
    read = "\n".join(str(value) for batch in batches for row in batch.data.to_pylist() for value in row.values())
    aside = "\n".join(reject.raw for batch in batches for reject in batch.rejects)
    for digit in "123456":
        assert (read + aside).count(digit) == text.count(digit)
