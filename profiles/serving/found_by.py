"""The pairs of identifier and person, of everybody at once. No database here."""

import io
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from lake import engine

WORD, PERSON = "word", "profile_id"
SCHEMA = pa.schema([(WORD, pa.string()), (PERSON, pa.string())])
_PLAIN = pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid")


def pairs(words: pa.Array, ids: pa.Array) -> pa.RecordBatch:
    """One row per word and person, some twice. `words`: as `terms.identifiers` has them, of the person at this place
    in `ids`."""
    each = pc.split_pattern(pc.if_else(pc.equal(words, ""), None, words), " ")
    columns = [each.flatten().cast(pa.string()), ids.cast(pa.string()).take(pc.list_parent_indices(each))]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def as_csv(found: Sequence[pa.RecordBatch]) -> Iterator[bytes]:
    """Each pair once, in the order of words, then of ids: as an index has them, which is built the sooner."""
    last: pa.RecordBatch | None = None
    for batch in engine.ordered(pa.RecordBatchReader.from_batches(SCHEMA, found), [WORD, PERSON]):
        if batch.num_rows:
            yield _text(_new(batch, last))
            last = batch.slice(batch.num_rows - 1)


def _new(batch: pa.RecordBatch, last: pa.RecordBatch | None) -> pa.RecordBatch:
    """The pairs that are not those before them; `last` stands before the first one."""
    same = pa.array([last is not None and batch.slice(0, 1).equals(last)])
    if batch.num_rows > 1:
        repeated = [pc.equal(column.slice(1), column.slice(0, len(column) - 1)) for column in batch.columns]
        same = pa.concat_arrays([same, pc.and_(*repeated)])
    return batch.filter(pc.invert(same))


def _text(rows: pa.RecordBatch) -> bytes:
    buffer = io.BytesIO()
    pyarrow.csv.write_csv(rows, buffer, _PLAIN)
    return buffer.getvalue()
