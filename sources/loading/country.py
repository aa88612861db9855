"""The country of a table whose rows do not name it."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from sources.reading.batch import Batch
from sources.values.text import is_text

COLUMN = "country"


def with_country(batches: Iterator[Batch], country: str) -> Iterator[Batch]:
    """With a column that says it in every row; where the input has one of this name, in the rows where it is empty."""
    for batch in batches:
        if country and batch.data.num_columns:
            batch.data = _filled(batch.data, country)
        yield batch


def _filled(data: pa.Table, country: str) -> pa.Table:
    at = next((n for n, name in enumerate(data.column_names) if name.casefold() == COLUMN), None)
    if at is None:
        return data.append_column(COLUMN, pa.repeat(pa.scalar(country), data.num_rows))
    column = data.column(at)
    return data.set_column(at, data.field(at).name, pc.fill_null(column, country)) if is_text(column.type) else data
