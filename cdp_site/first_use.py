"""A command in a database that lacks tables: our own empty one is set up, of another it is said what to do."""

import sys

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from cdp_site.checks import has_embedded_database

LACKS = {"42P01", "42703"}  # PostgreSQL: no such table, no such column


def lacks_tables(error: DatabaseError) -> bool:
    """Whether the database is older than the code, or empty."""
    return getattr(error.__cause__, "sqlstate", "") in LACKS


def set_up() -> bool:
    """Makes the tables of an embedded database that has none; False where it has some, or is somebody's server.

    The command that failed can be called again: where nothing was, it has changed nothing."""
    connection.close()
    if not has_embedded_database() or MigrationRecorder(connection).has_table():
        return False
    sys.stderr.write("Setting up the database …\n")
    call_command("migrate", verbosity=0, interactive=False)
    return True
