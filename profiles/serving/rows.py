"""The rows of the serving copy, made from `unified.profiles`. No database here."""

import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from lake.specs import ColumnSpec
from profiles.search import terms
from profiles.serving import found_by
from profiles.unify.values.jsontext import json_objects
from profiles.unify.values.normalise import folded
from profiles.unify.values.written_names import whole_name

BATCH_ROWS = 50_000
NAMELESS = "~"  # sorts after every folded name
LONGEST_NAME = 200  # signs by which names are sorted
COLUMNS = ("id", "name", "sort_name", "email", "phone", "attributes", "identifiers", "search", "digest", "updated_at")


@dataclass(frozen=True)
class Rows:
    """So many people: as CSV with the columns of `COLUMNS`, and by what they are found."""

    count: int
    text: bytes
    found_by: pa.RecordBatch


def rows(
    profiles: pa.Table, state: pa.Table, places: pa.Array, columns: Sequence[ColumnSpec], facets: Sequence[str]
) -> Iterator[Rows]:
    """Those at these places, in this order.

    `state`: digest and updated_at of everybody. The next batch is made while the last one is being sent: memory holds
    two, beside the profiles.
    """
    whole = profiles.combine_chunks()
    batches = [places.slice(start, BATCH_ROWS) for start in range(0, len(places), BATCH_ROWS)]

    def made(some: pa.Array) -> Rows:
        return _served(whole.take(some).combine_chunks(), state.take(some), columns, facets)

    with ThreadPoolExecutor(1, thread_name_prefix="served-rows") as helper:
        ahead = [helper.submit(made, some) for some in batches[:1]]
        for following in [*batches[1:], None]:
            if not ahead:
                return
            ready = ahead.pop().result()
            if following is not None:
                ahead.append(helper.submit(made, following))
            yield ready


def by_name(profiles: pa.Table) -> pa.Array:
    """The places of the rows in the order of names: who is listed together lies together."""
    names = [_sort_name(display_name(batch.combine_chunks())) for batch in _batches(profiles)]
    return pc.sort_indices(pa.chunked_array(names, pa.string()))


def _batches(profiles: pa.Table) -> Iterator[pa.Table]:
    for start in range(0, profiles.num_rows, BATCH_ROWS):
        yield profiles.slice(start, BATCH_ROWS)


def _served(batch: pa.Table, state: pa.Table, columns: Sequence[ColumnSpec], facets: Sequence[str]) -> Rows:
    name = display_name(batch)
    words = terms.identifiers(batch, name, columns)
    table = pa.table(
        {
            "id": batch.column("profile_id"),
            "name": _text(name),
            "sort_name": _sort_name(name),
            "email": _text(_column(batch, "email")),
            "phone": _text(_column(batch, "phone")),
            "attributes": json_objects(batch.drop_columns(["profile_id"])),
            "identifiers": _array_literal(words),
            "search": terms.words(batch, name, facets),
            "digest": state.column("digest"),
            "updated_at": state.column("updated_at"),
        }
    )
    ids = batch.column("profile_id").combine_chunks()
    return Rows(batch.num_rows, _csv(table.select(COLUMNS)), found_by.pairs(words, ids))


def display_name(batch: pa.Table) -> pa.Array:
    return pc.coalesce(
        whole_name(_column(batch, "first_name"), _column(batch, "last_name")), _column(batch, "full_name")
    )


def _sort_name(name: pa.Array) -> pa.Array:
    """Letters and digits alone: signs of a transliteration would sort first."""
    words = pc.replace_substring_regex(folded(pc.fill_null(name, "")), r"[^\w]+", " ")
    folded_name = pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(words), 0, LONGEST_NAME)
    return pc.if_else(pc.equal(folded_name, ""), NAMELESS, folded_name)


def _column(batch: pa.Table, name: str) -> pa.Array:
    if name not in batch.column_names:
        return pa.nulls(batch.num_rows, pa.string())
    column = batch.column(name).cast(pa.string())
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _text(values: pa.Array) -> pa.Array:
    return pc.replace_substring(pc.fill_null(values, ""), "\0", "")


def _array_literal(words: pa.Array) -> pa.Array:
    """PostgreSQL's way to write a list of words; these hold neither quotes nor backslashes."""
    quoted = pc.binary_join_element_wise('{"', pc.replace_substring(words, " ", '","'), '"}', "")
    return pc.if_else(pc.equal(words, ""), "{}", quoted)


def _csv(rows: pa.Table) -> bytes:
    """Every value in quotes: an empty text is not null."""
    buffer = io.BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid")
    pyarrow.csv.write_csv(rows, buffer, options)
    return buffer.getvalue()
