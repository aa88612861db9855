"""Parquet files."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from sources.reading.batch import Batch, Batches, texts_of
from sources.reading.plain import plain, plain_schema

BATCH_ROWS = 100_000


def read_parquet(path: Path, *, file: str = "") -> Batches:
    """Native values; a row's line is its number in the file."""
    file = file or path.name
    try:
        source = pq.ParquetFile(path)
        total, size, done = max(source.metadata.num_rows, 1), path.stat().st_size, 0
        for batch in source.iter_batches(BATCH_ROWS):
            table = plain(pa.table(batch))
            lines = np.arange(done + 1, done + 1 + table.num_rows)
            done += table.num_rows
            yield Batch(table, file, lines, texts_of(table), size * table.num_rows // total)
        if not done:
            yield Batch(plain_schema(source.schema_arrow), file, np.empty(0, np.int64), lambda row: "")
    except (pa.ArrowInvalid, OSError) as error:
        message = _("%(file)s is damaged or cut off: it cannot be read as Parquet. Export it again. (%(why)s)")
        raise InvalidInput(message % {"file": file, "why": str(error)[:200]}, place=file) from error
