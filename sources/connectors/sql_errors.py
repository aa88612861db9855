"""What databases complain about, in words that say what to do."""

import re

from django.utils.translation import gettext as _
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from core.errors import InvalidInput, KindredError, Unavailable
from sources.connectors.base import Access

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
    if _REFUSED.search(cause):
        return InvalidInput(
            _("The database of %(name)s refuses the sign-in: check user and password. (%(why)s)") % values,
            place="url",
            code="refused",
        )
    if _TIMED_OUT.search(cause) and not re.search(r"connect", cause, re.I):
        message = _(
            "The database of %(name)s took longer than %(seconds)s seconds. Read less, or allow more time. (%(why)s)"
        )
        return Unavailable(message % values, place=access.name, code="timeout")
    if _NO_TABLE.search(cause):
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
