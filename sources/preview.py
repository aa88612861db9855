"""A look into a table before it is loaded: first rows, inferred types, suggested key and meanings."""

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.roles import Actor, require
from sources.access import access_of, check_path, checked
from sources.connectors import registry
from sources.loading.attempt import first_rows
from sources.loading.columns import Layout, is_unique, settle
from sources.loading.country import with_country
from sources.loading.totals import without_totals
from sources.models import Source, SourceTable
from sources.reading.batch import Reject
from sources.values.convert import convert
from sources.values.infer import TOLERATED_FROM

PREVIEW_ROWS = 20
SAMPLE_ROWS = 5_000


@dataclass
class Preview:
    """`rows`: the first rows as they stand in the input. `typed`: the same after typing, as Python values."""

    layout: Layout
    rows: list[dict[str, Any]]
    typed: list[dict[str, Any]]
    rejects: list[Reject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def preview(source: Source, config: dict[str, Any], *, by: Actor = None) -> Preview:
    """Reads the beginning of a table; nothing is stored. `source` may be unsaved. Raises InvalidInput, Unavailable."""
    require(by, "sources.add_source")
    connector = registry.get(source.connector)
    options = checked(connector.table_schema, config, source.name)
    for path in connector.local_paths(access_of(source), options):
        check_path(path, by)
    rows = with_country(without_totals(connector.read(access_of(source), options)), str(options.get("country", "")))
    sample, batches = first_rows(rows)
    if not sample.num_columns:
        raise InvalidInput(_("There are no columns to be read here. Choose another file or table."), place=source.name)
    sample = sample.slice(0, SAMPLE_ROWS)
    layout = settle(SourceTable(source=source, name="preview", config=options), sample)
    layout.key = connector.declared_key(access_of(source), options) or layout.key or _unique_first(sample)
    head = sample.slice(0, PREVIEW_ROWS)
    present = [column for column in layout.columns if column.name in head.column_names]
    typed = pa.table({column.name: convert(head.column(column.name), column.plan)[0] for column in present})
    rejects = [reject for batch in batches for reject in batch.rejects]
    notes = [note for batch in batches for note in batch.notes]
    return Preview(layout, head.to_pylist(), typed.to_pylist(), rejects[:10], [*layout.notes, *notes])


def _unique_first(sample: pa.Table) -> list[str]:
    """The first column where every row has another value of it: most exports begin with what tells rows apart."""
    first = sample.column_names[0]
    return [first] if sample.num_rows >= TOLERATED_FROM and is_unique(sample.column(0)) else []
