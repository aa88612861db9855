"""The serving copy: Profile rows for pages, search and messages, written as a set; only what changed is touched.

Readers see the old rows or the new ones. A few changes are sent aside and merged; a first load, or one that changes
much, fills new tables whose indexes are built at once, and exchanges them.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.db import connection
from django.db.backends.utils import CursorWrapper

from lake import engine
from lake.specs import ColumnSpec
from profiles.models import ProfileRedirect
from profiles.search import terms
from profiles.serving import exchange, found_by
from profiles.serving import rows as served

# Filling new tables pays from so many rows and so large a share of changes on: an index is built many times faster
# than it is kept.
REBUILD_ROWS = 20_000
REBUILD_SHARE = 0.3
TABLES = ("profiles_profile", "profiles_identifier")
_STATE = pyarrow.csv.ConvertOptions(column_types={"id": pa.string(), "digest": pa.int64(), "updated_at": pa.string()})
_COPY = "COPY {} (" + ", ".join(served.COLUMNS) + ") FROM STDIN (FORMAT csv)"

# In blocks: the driver takes longer for a row than the database.
_BEFORE = """
SELECT string_agg(concat_ws(',', id, digest, updated_at), E'\\n')
FROM (
    SELECT id, digest, updated_at, row_number() OVER () / 10000 AS block FROM profiles_profile
) numbered
GROUP BY block
"""
_ASIDE = "incoming_profiles, gone_profiles, old_identifiers, new_identifiers"
_GONE = "CREATE TEMPORARY TABLE gone_profiles (id text PRIMARY KEY)"
_INCOMING = "CREATE TEMPORARY TABLE incoming_profiles (LIKE profiles_profile)"
# Identifiers that are no longer there, and new ones: of most changes of a person hardly any is another one than before.
# They are counted before they are used, or the database would expect many more, and read the whole table.
_OLD_IDENTIFIERS = """
CREATE TEMPORARY TABLE old_identifiers AS
SELECT w COLLATE "C" AS word, p.id
FROM incoming_profiles i JOIN profiles_profile p ON p.id = i.id, unnest(p.identifiers) w
WHERE p.identifiers <> i.identifiers AND w <> ALL (i.identifiers)
UNION ALL SELECT w, p.id FROM gone_profiles g JOIN profiles_profile p ON p.id = g.id, unnest(p.identifiers) w
"""
_NEW_IDENTIFIERS = """
CREATE TEMPORARY TABLE new_identifiers AS
SELECT DISTINCT w COLLATE "C" AS word, i.id
FROM incoming_profiles i LEFT JOIN profiles_profile p ON p.id = i.id, unnest(i.identifiers) w
WHERE p.id IS NULL OR w <> ALL (p.identifiers) ORDER BY 1, 2
"""
_FORGET = """
DELETE FROM profiles_identifier i USING old_identifiers o WHERE i.word = o.word AND i.profile_id = o.id
"""
_DELETE = "DELETE FROM profiles_profile p USING gone_profiles g WHERE p.id = g.id"
_WRITTEN = ", ".join(f"{name} = excluded.{name}" for name in served.COLUMNS[1:])
_WRITE = f"""
INSERT INTO profiles_profile ({", ".join(served.COLUMNS)}) SELECT {", ".join(served.COLUMNS)} FROM incoming_profiles
ON CONFLICT (id) DO UPDATE SET {_WRITTEN}
"""  # noqa: S608
# Words wait in a list, which every search reads through, until they go into their index together.
_INDEX_WORDS = "SELECT gin_clean_pending_list('profile_search')"
_IDENTIFY = "INSERT INTO profiles_identifier (word, profile_id) SELECT word, id FROM new_identifiers ORDER BY 1, 2"
_IDENTIFIERS = "COPY profiles_identifier_next (word, profile_id) FROM STDIN (FORMAT csv)"


def send(
    profiles: pa.Table,
    columns: Sequence[ColumnSpec],
    facets: Sequence[str] = (),
    on_rows: Callable[[int], None] = lambda rows: None,
    instead_of: pa.Array | None = None,
) -> None:
    """Brings what changed to the database, where no reader looks. `facets` names the attributes by which the list can
    be filtered. `on_rows` is called between batches with the rows sent so far and may use the connection.
    `instead_of`: the ids in whose place `profiles` are, where these are not everybody but those who changed; all others
    stay as they are."""
    seed = _seed(profiles, columns, facets)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_ASIDE}")
        exchange.forget(cursor, TABLES)
        before = _state_before(cursor) if instead_of is None else _unknown(instead_of)
        state = _state_now(_digests(profiles, seed), before)
        changed = state.column("changed")
        gone = before.column("id").filter(pc.invert(pc.is_in(before.column("id"), value_set=_ids(profiles))))
        count = (pc.sum(changed).as_py() or 0) + len(gone)
        if instead_of is None and count >= max(REBUILD_ROWS, REBUILD_SHARE * before.num_rows):
            exchange.prepare(cursor, TABLES)
            served_ = served.rows(profiles, state, served.by_name(profiles), columns, facets)
            pairs = _copy(cursor, "profiles_profile_next", served_, on_rows)
            _finish(cursor, pairs, lambda: on_rows(profiles.num_rows))
            return
        cursor.execute(_INCOMING)
        cursor.execute(_GONE)
        with cursor.copy("COPY gone_profiles FROM STDIN") as copy:
            copy.write("".join(f"{pk}\n" for pk in gone.to_pylist()))
        places = pc.indices_nonzero(changed)
        _copy(cursor, "incoming_profiles", served.rows(profiles, state, places, columns, facets), on_rows)
        cursor.execute("ANALYZE incoming_profiles (id)")
        cursor.execute("ANALYZE gone_profiles")


def apply() -> int:
    """Makes the Profile rows those that were sent; how many were written or deleted. Must run in a transaction."""
    with connection.cursor() as cursor:
        if exchange.is_prepared(cursor, TABLES):
            exchange.take_over(cursor, TABLES)
            cursor.execute("SELECT count(*) FROM profiles_profile")
            return int(cursor.fetchone()[0])
        cursor.execute("SET LOCAL work_mem = '64MB'")
        for statement in (_OLD_IDENTIFIERS, _NEW_IDENTIFIERS, "ANALYZE old_identifiers", _FORGET):
            cursor.execute(statement)
        written = 0
        for statement in (_DELETE, _WRITE):
            cursor.execute(statement)
            written += cursor.rowcount
        cursor.execute(_IDENTIFY)
        cursor.execute(_INDEX_WORDS)
        cursor.execute(f"DROP TABLE {_ASIDE}")
    return written


def redirect(redirects: dict[str, str], back: Sequence[str] = ()) -> None:
    """Old ids lead to who holds their records now. Ids that live again lead nowhere: those that are `back`, and those
    of customers. Chains are shortened: of who has no record any more, too."""
    rows = [ProfileRedirect(old_id=old, target=target) for old, target in redirects.items()]
    ProfileRedirect.objects.bulk_create(
        rows, batch_size=5000, update_conflicts=True, unique_fields=["old_id"], update_fields=["target"]
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM profiles_profileredirect WHERE old_id = ANY(%s)", [list(back)])
        cursor.execute(
            "DELETE FROM profiles_profileredirect r USING profiles_profile p WHERE p.id = r.old_id;"
            "UPDATE profiles_profileredirect r SET target = n.target FROM profiles_profileredirect n "
            "WHERE r.target = n.old_id"
        )


def _unknown(ids: pa.Array) -> pa.Table:
    nothing = {"digest": pa.nulls(len(ids), pa.int64()), "updated_at": pa.nulls(len(ids), pa.string())}
    return pa.table({"id": ids, **nothing})


def _state_before(cursor: CursorWrapper) -> pa.Table:
    """id, digest and time of change of the rows that are served now."""
    cursor.execute(_BEFORE)
    text = "\n".join(["id,digest,updated_at", *(block for (block,) in cursor.fetchall()), ""])
    return pyarrow.csv.read_csv(pa.BufferReader(text.encode()), convert_options=_STATE)


def _seed(profiles: pa.Table, columns: Sequence[ColumnSpec], facets: Sequence[str]) -> str:
    """What else than its values decides how a person is served."""
    ids = sorted(column.name for column in columns if column.semantic.startswith("id."))
    return json.dumps([terms.VERSION, profiles.column_names, ids, list(facets)])


def _digests(profiles: pa.Table, seed: str) -> pa.Table:
    return pa.table({"id": _ids(profiles), "digest": engine.row_hashes(profiles, seed)})


def _state_now(state: pa.Table, before: pa.Table) -> pa.Table:
    """changed, digest and updated_at of each person, in the order of `state` (id, digest)."""
    known = before.take(pc.index_in(state.column("id"), value_set=before.column("id")))
    changed = pc.fill_null(pc.not_equal(known.column("digest"), state.column("digest")), True)
    now = datetime.now(UTC).isoformat()
    updated = pc.if_else(changed, now, known.column("updated_at"))
    return pa.table({"changed": changed, "digest": state.column("digest"), "updated_at": updated})


def _ids(profiles: pa.Table) -> pa.ChunkedArray:
    return profiles.column("profile_id").cast(pa.string())


def _copy(
    cursor: CursorWrapper, table: str, rows: Iterable[served.Rows], on_rows: Callable[[int], None]
) -> list[pa.RecordBatch]:
    """By what everybody is found."""
    done, found = 0, []
    for some in rows:
        with cursor.copy(_COPY.format(table)) as copy:
            copy.write(some.text)
        done += some.count
        found.append(some.found_by)
        on_rows(done)
    return found


def _finish(cursor: CursorWrapper, pairs: Sequence[pa.RecordBatch], on_step: Callable[[], None]) -> None:
    """Identifiers and indexes of the new tables. `pairs` are put in order while the first indexes are built."""
    people, identifiers = TABLES
    with ThreadPoolExecutor(1, thread_name_prefix="identifiers") as helper, _room_for_indexes(cursor):
        texts: Future[list[bytes]] = helper.submit(lambda: list(found_by.as_csv(pairs)))
        _index(cursor, people, on_step)
        for text in texts.result():
            with cursor.copy(_IDENTIFIERS) as copy:
                copy.write(text)
            on_step()
        _index(cursor, identifiers, on_step)


@contextmanager
def _room_for_indexes(cursor: CursorWrapper) -> Iterator[None]:
    cursor.execute("SET maintenance_work_mem = '256MB'")
    try:
        yield
    finally:
        cursor.execute("RESET maintenance_work_mem")


def _index(cursor: CursorWrapper, table: str, on_step: Callable[[], None]) -> None:
    for statement in exchange.indexes(cursor, [table]):
        on_step()
        cursor.execute(statement)
    cursor.execute(f"ANALYZE {exchange.next_of(table)}")
