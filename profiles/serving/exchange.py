"""Tables filled aside and exchanged for those that readers see: columns and indexes as in the catalog of the database.

Nothing may refer to these tables by foreign key, and grants to other roles are not carried over.
"""

import re
import time
from collections.abc import Iterator, Sequence

from django.db import OperationalError, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from core.errors import Unavailable

SUFFIX = "_next"
LOCK_SECONDS = 2  # so long new readers may have to wait for one that still reads the old table
ATTEMPTS = 30
PAUSE_SECONDS = 1
# Percent of a page of 8 kB. A row that changes in what no index holds finds room beside itself, no index is touched:
# what is left free must be more than a row, and a customer takes about a kilobyte.
FILLED = 85

_INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisprimary FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %s::regclass ORDER BY c.relname
"""


def next_of(name: str) -> str:
    return name + SUFFIX


def forget(cursor: CursorWrapper, tables: Sequence[str]) -> None:
    """Drops what a run that died left behind."""
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(map(next_of, tables))}")


def prepare(cursor: CursorWrapper, tables: Sequence[str]) -> None:
    """Makes the new tables, empty and without indexes."""
    for table in tables:
        cursor.execute(
            f"CREATE TABLE {next_of(table)} (LIKE {table} INCLUDING DEFAULTS INCLUDING STORAGE) "
            f"WITH (fillfactor = {FILLED})"
        )


def is_prepared(cursor: CursorWrapper, tables: Sequence[str]) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [next_of(tables[0])])
    return bool(cursor.fetchone()[0])


def indexes(cursor: CursorWrapper, tables: Sequence[str]) -> Iterator[str]:
    """The statements that give the new tables the indexes of the old ones."""
    for table in tables:
        cursor.execute(_INDEXES, [table])
        for name, definition, is_primary in cursor.fetchall():
            yield re.sub(r"(INDEX) \S+ ON \S+ ", rf"\1 {next_of(name)} ON {next_of(table)} ", definition, count=1)
            if is_primary:
                new = next_of(name)
                yield f"ALTER TABLE {next_of(table)} ADD CONSTRAINT {new} PRIMARY KEY USING INDEX {new}"


def take_over(cursor: CursorWrapper, tables: Sequence[str]) -> None:
    """The new tables become those that readers see. Must run in a transaction; it holds their locks until its end."""
    _lock(cursor, tables)
    names = {}
    for table in tables:
        cursor.execute(_INDEXES, [table])
        names[table] = [row[0] for row in cursor.fetchall()]
    cursor.execute(f"DROP TABLE {', '.join(tables)}")
    for table in tables:
        cursor.execute(f"ALTER TABLE {next_of(table)} RENAME TO {table}")
        for name in names[table]:
            cursor.execute(f"ALTER INDEX {next_of(name)} RENAME TO {name}")


def _lock(cursor: CursorWrapper, tables: Sequence[str]) -> None:
    """Waits for long readers in short turns: whoever comes after a waiting lock waits too."""
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
                cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
                cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
                return
        except OperationalError as error:
            if "lock timeout" not in str(error):
                raise
        time.sleep(PAUSE_SECONDS)
    raise Unavailable(_("Somebody has been reading all customers for minutes. The next refresh tries again."))
