"""What happened to identities: merges, splits, merges undone. Ids are never forgotten: old ones lead on."""

import io
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.csv
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from profiles.models import IdentityEvent

SHOWN = 50
_COPY = "COPY profiles_identityevent (kind, profile_id, other_id, records, at) FROM STDIN (FORMAT csv)"


def write(events: pa.Table) -> None:
    """Rows `kind, profile_id, other_id, records` of a run, in the caller's transaction."""
    if not events.num_rows:
        return
    at = pa.array([timezone.now().isoformat()]).take(pa.array([0] * events.num_rows))
    rows = io.BytesIO()
    pyarrow.csv.write_csv(
        events.select(["kind", "profile_id", "other_id", "records"]).append_column("at", at),
        rows,
        pyarrow.csv.WriteOptions(include_header=False),
    )
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.write(rows.getvalue())


@dataclass(frozen=True)
class Happened:
    """One event as the page of a customer tells it. `other_id` leads to the other person."""

    at: datetime
    kind: str
    words: str
    other_id: str
    records: int


def of(profile_id: str, user: User | None = None, before: datetime | None = None, limit: int = SHOWN) -> list[Happened]:
    """What happened to this id and to those that it was merged with or split from, newest first, as far as the user
    may see it."""
    rows = IdentityEvent.objects.all() if user is None else IdentityEvent.objects.visible_to(user)
    rows = rows.filter(Q(profile_id=profile_id) | Q(other_id=profile_id))
    if before is not None:
        rows = rows.filter(at__lte=before)
    return [_told(event, profile_id) for event in rows[:limit]]


def _told(event: IdentityEvent, me: str) -> Happened:
    other = event.other_id if event.profile_id == me else event.profile_id
    return Happened(event.at, event.kind, _words(event, me), other, event.records)


def _words(event: IdentityEvent, me: str) -> str:
    own = event.profile_id == me
    if event.kind == IdentityEvent.Kind.MERGE:
        if own:
            text = ngettext("Merged: %(count)d record came here", "Merged: %(count)d records came here", event.records)
            return text % {"count": event.records}
        return _("Merged into another customer")
    if event.kind == IdentityEvent.Kind.UNMERGE:
        return _("Merge undone: another customer has its id back") if own else _("Merge undone: this id is back")
    return _("Split: records became another customer") if own else _("Split off from another customer")
