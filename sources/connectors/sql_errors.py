"""What databases complain about, in words that say what to do. Their own code decides what it is, where there is one:
their words name tables and columns, which may be called anything, and are written in any language."""

import re
import sqlite3

import pymysql
from django.utils.translation import gettext as _
from psycopg import errors as postgres
from pymysql.constants import ER
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from core.errors import InvalidInput, KindredError, Unavailable
from sources.connectors.base import Access

REFUSED, TIMED_OUT, UNKNOWN, OTHER = "refused", "timed out", "unknown", "other"
# By SQLSTATE, whole or its class (PostgreSQL, appendix A).
_POSTGRES = {
    "28": REFUSED,
    postgres.QueryCanceled.sqlstate: TIMED_OUT,
    "42": UNKNOWN,
    postgres.InvalidCatalogName.sqlstate: UNKNOWN,
    postgres.InvalidSchemaName.sqlstate: UNKNOWN,
    postgres.InsufficientPrivilege.sqlstate: OTHER,
}
# What has no name in PyMySQL: 1698 no password, 1820 an expired one, 1969 max_statement_time, 3024 max_execution_time.
_MYSQL = {
    ER.ACCESS_DENIED_ERROR: REFUSED, ER.DBACCESS_DENIED_ERROR: REFUSED, 1698: REFUSED, 1820: REFUSED,
    ER.QUERY_INTERRUPTED: TIMED_OUT, 1969: TIMED_OUT, 3024: TIMED_OUT,
    ER.NO_SUCH_TABLE: UNKNOWN, ER.BAD_FIELD_ERROR: UNKNOWN, ER.UNKNOWN_TABLE: UNKNOWN, ER.BAD_DB_ERROR: UNKNOWN,
    ER.PARSE_ERROR: UNKNOWN, ER.SYNTAX_ERROR: UNKNOWN,
}  # fmt: skip
_SQLITE = {sqlite3.SQLITE_INTERRUPT: TIMED_OUT, sqlite3.SQLITE_ERROR: UNKNOWN}
_TIMED_OUT = re.compile(
    r"timeout|timed out|max_statement_time|maximum statement execution|interrupted|lost connection during", re.I
)
_REFUSED = re.compile(r"password|access denied|authentication|no pg_hba|role .* does not exist", re.I)
_NO_TABLE = re.compile(
    r"no such (table|column)|does not exist|doesn't exist|unknown column|unknown table|syntax error", re.I
)


def explained(error: Exception, access: Access, seconds: int) -> KindredError:
    original = error.orig if isinstance(error, DBAPIError) and error.orig else error
    cause = str(original.args[-1] if original.args else original)
    why = re.sub(r"://[^@\s]+@", "://…@", cause.splitlines()[0] if cause else "")[:300]
    values = {"name": access.name, "why": why, "seconds": seconds}
    meaning = _meaning(original, cause)
    if meaning == REFUSED:
        return InvalidInput(
            _("The database of %(name)s refuses the sign-in: check user and password. (%(why)s)") % values,
            place="url",
            code="refused",
        )
    if meaning == TIMED_OUT:
        message = _(
            "The database of %(name)s took longer than %(seconds)s seconds. Read less, or allow more time. (%(why)s)"
        )
        return Unavailable(message % values, place=access.name, code="timeout")
    if meaning == UNKNOWN:
        return InvalidInput(
            _("The database of %(name)s does not know what is asked for: %(why)s") % values, place=access.name
        )
    if not isinstance(error, OperationalError | InterfaceError):
        message = _(
            "The database of %(name)s cannot give these rows (%(why)s). Change the query, or leave columns out."
        )
        return InvalidInput(message % values, place=access.name)
    message = _("The database of %(name)s does not answer. Check that it runs and that its address is right. (%(why)s)")
    return Unavailable(message % values, place=access.name)


def _meaning(original: BaseException, cause: str) -> str:
    """By the code; by words where there is none, as while a connection to PostgreSQL is made, and of what SQLAlchemy
    says by itself."""
    if isinstance(original, pymysql.MySQLError) and original.args and isinstance(original.args[0], int):
        return _MYSQL.get(original.args[0], OTHER)
    if isinstance(original, sqlite3.Error):
        return _SQLITE.get(getattr(original, "sqlite_errorcode", 0), OTHER)
    if isinstance(original, postgres.Error) and (state := original.sqlstate):
        return _POSTGRES.get(state) or _POSTGRES.get(state[:2], OTHER)
    if _REFUSED.search(cause):
        return REFUSED
    if _TIMED_OUT.search(cause) and not re.search(r"connect", cause, re.I):
        return TIMED_OUT
    return UNKNOWN if _NO_TABLE.search(cause) else OTHER
