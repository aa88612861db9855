"""The serving copy: Profile rows for pages, search and messages, written as a set; only what changed is touched."""

import io
from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.db import connection

from lake.specs import ColumnSpec
from profiles.jsontext import json_objects
from profiles.models import ProfileRedirect
from profiles.terms import search_terms
from profiles.unify.normalise import folded

BATCH_ROWS = 100_000
NAMELESS = "~"  # sorts after every folded name
DIGEST = "md5(concat_ws(E'\\x1f', name, email, phone, attributes, terms))"

_INCOMING = """
CREATE TEMPORARY TABLE incoming_profiles
    (id text, name text, sort_name text, email text, phone text, attributes text, terms text)
"""
_HASHED = f"""
CREATE TEMPORARY TABLE changed_profiles AS
SELECT i.*, p.id IS NULL AS is_new FROM (SELECT *, {DIGEST} AS digest FROM incoming_profiles) i
LEFT JOIN profiles_profile p ON p.id = i.id WHERE p.digest IS DISTINCT FROM i.digest
"""  # noqa: S608
_DELETE = """
DELETE FROM profiles_profile p WHERE NOT EXISTS (SELECT FROM incoming_profiles i WHERE i.id = p.id)
"""
_UPDATE = """
UPDATE profiles_profile p SET name = c.name, sort_name = c.sort_name, email = c.email, phone = c.phone,
    attributes = c.attributes::jsonb, search = array_to_tsvector(string_to_array(c.terms, ' ')), digest = c.digest,
    updated_at = statement_timestamp()
FROM changed_profiles c WHERE NOT c.is_new AND p.id = c.id
"""
_INSERT = """
INSERT INTO profiles_profile (id, name, sort_name, email, phone, attributes, search, digest, updated_at)
SELECT id, name, sort_name, email, phone, attributes::jsonb, array_to_tsvector(string_to_array(terms, ' ')), digest,
    statement_timestamp()
FROM changed_profiles WHERE is_new ORDER BY id
"""
_SEARCH_INDEX = "CREATE INDEX profile_search ON profiles_profile USING gin (search) WITH (fastupdate = off)"


def send(
    profiles: pa.Table,
    columns: Sequence[ColumnSpec],
    facets: Sequence[str] = (),
    on_rows: Callable[[int], None] = lambda rows: None,
) -> None:
    """Brings the rows to the database, where only this connection sees them. `facets` names the attributes by which the
    list can be filtered. `on_rows` is called between batches and may use the connection."""
    done = 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS changed_profiles, incoming_profiles")
        cursor.execute(_INCOMING)
        for rows in served_rows(profiles, columns, facets):
            with cursor.copy("COPY incoming_profiles FROM STDIN (FORMAT csv)") as copy:
                copy.write(_csv(rows))
            done += rows.num_rows
            on_rows(done)
        cursor.execute("ANALYZE incoming_profiles")


def apply() -> int:
    """Makes the Profile rows those that were sent; how many were written or deleted. Must run in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute("SELECT NOT EXISTS (SELECT FROM profiles_profile)")
        is_first = bool(cursor.fetchone()[0])
        if is_first:  # an index is built in a third of the time that it takes to fill it row by row
            cursor.execute("DROP INDEX profile_search")
        cursor.execute(_HASHED)
        written = 0
        for statement in (_DELETE, _UPDATE, _INSERT):
            cursor.execute(statement)
            written += cursor.rowcount
        if is_first:
            cursor.execute(_SEARCH_INDEX)
        cursor.execute("DROP TABLE changed_profiles; DROP TABLE incoming_profiles")
        cursor.execute("ANALYZE profiles_profile")
    return written


def served_rows(profiles: pa.Table, columns: Sequence[ColumnSpec], facets: Sequence[str]) -> Iterator[pa.Table]:
    """Batches of (id, name, sort name, email, phone, attributes as JSON text, search terms)."""
    for start in range(0, profiles.num_rows, BATCH_ROWS):
        batch = profiles.slice(start, BATCH_ROWS).combine_chunks()
        name = _display_name(batch)
        yield pa.table(
            {
                "id": batch.column("profile_id"),
                "name": _text(name),
                "sort_name": _sort_name(name),
                "email": _text(_column(batch, "email")),
                "phone": _text(_column(batch, "phone")),
                "attributes": json_objects(batch.drop_columns(["profile_id"])),
                "terms": search_terms(batch, name, columns, facets),
            }
        )


def redirect(redirects: dict[str, str]) -> None:
    """Old ids lead to who holds their records now. Ids that live again lead nowhere; chains are shortened."""
    rows = [ProfileRedirect(old_id=old, target=target) for old, target in redirects.items()]
    ProfileRedirect.objects.bulk_create(
        rows, batch_size=5000, update_conflicts=True, unique_fields=["old_id"], update_fields=["target"]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM profiles_profileredirect r USING profiles_profile p WHERE p.id = r.old_id;"
            "UPDATE profiles_profileredirect r SET target = n.target FROM profiles_profileredirect n "
            "WHERE r.target = n.old_id"
        )


def _display_name(batch: pa.Table) -> pa.Array:
    parts = [pc.fill_null(_column(batch, part), "") for part in ("first_name", "last_name")]
    joined = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*parts, " "))
    return pc.if_else(pc.equal(joined, ""), _column(batch, "full_name"), joined)


def _sort_name(name: pa.Array) -> pa.Array:
    """Letters and digits alone: signs of a transliteration would sort first."""
    words = pc.replace_substring_regex(folded(pc.fill_null(name, "")), r"[^\w]+", " ")
    folded_name = pc.utf8_trim_whitespace(words)
    return pc.if_else(pc.equal(folded_name, ""), NAMELESS, folded_name)


def _column(batch: pa.Table, name: str) -> pa.Array:
    if name not in batch.column_names:
        return pa.nulls(batch.num_rows, pa.string())
    column = batch.column(name).cast(pa.string())
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _text(values: pa.Array) -> pa.Array:
    return pc.replace_substring(pc.fill_null(values, ""), "\0", "")


def _csv(rows: pa.Table) -> bytes:
    """Every value in quotes: an empty text is not null."""
    buffer = io.BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid")
    pyarrow.csv.write_csv(rows, buffer, options)
    return buffer.getvalue()
