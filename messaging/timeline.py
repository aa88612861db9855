"""Mails and what people did with them, on the timeline of a customer. Read from the ledger: they are there at once."""

import datetime
from typing import TypeVar

from django.contrib.auth.models import User
from django.db.models import Min, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from messaging.models import Interaction, InteractionKind, Message, State
from profiles.customers.timeline import Activity

SENT = "email_sent"
# kind of event: (words, icon)
SHOWN: dict[str, tuple[str | Promise, str]] = {
    InteractionKind.OPEN: (_("E-mail opened"), "envelope-open"),
    InteractionKind.CLICK: (_("Link clicked"), "cursor"),
    InteractionKind.UNSUBSCRIBE: (_("Unsubscribed"), "envelope-x"),
    InteractionKind.BOUNCE: (_("E-mail came back"), "envelope-exclamation"),
    InteractionKind.COMPLAINT: (_("Complained about an e-mail"), "envelope-exclamation"),
}
LONGEST_URL = 80
Row = TypeVar("Row", Message, Interaction)


def activities(user: User | None, profile_id: str, before: datetime.datetime | None, limit: int) -> list[Activity]:
    """Sent mails; their first open, every click by a person, and what ended them. Tests and machines are left out."""
    if user is not None and not user.has_perm("messaging.view_message"):
        return []
    found = [*_sent(profile_id, before, limit), *_done(profile_id, before, limit)]
    return sorted(found, key=lambda item: item.time, reverse=True)[:limit]


def _sent(profile_id: str, before: datetime.datetime | None, limit: int) -> list[Activity]:
    rows = _until(
        Message.objects.filter(profile_id=profile_id, is_test=False, state=State.ACCEPTED), "settled_at", before
    )
    values = rows.order_by("-settled_at").values_list("pk", "settled_at", "template_version__template__name")
    return [
        Activity(at, SENT, name, icon="envelope", label=str(_("E-mail sent")), record_id=str(pk))
        for pk, at, name in values[:limit]
        if at is not None
    ]


def _done(profile_id: str, before: datetime.datetime | None, limit: int) -> list[Activity]:
    mine = Interaction.objects.filter(message__profile_id=profile_id, message__is_test=False, is_machine=False)
    opens = mine.filter(kind=InteractionKind.OPEN).values("message").annotate(first=Min("pk")).values("first")
    rows = mine.filter(kind__in=SHOWN).exclude(kind=InteractionKind.OPEN) | mine.filter(pk__in=opens)
    values = _until(rows, "at", before).order_by("-at", "-pk")
    fields = values.values_list("pk", "at", "kind", "message__template_version__template__name", "link__url")
    return [_activity(*row) for row in fields[:limit]]


def _activity(pk: int, at: datetime.datetime, kind: str, name: str, url: str | None) -> Activity:
    words, icon = SHOWN[kind]
    title = f"{name}: {_short(url)}" if url else name
    return Activity(at, f"email_{kind}", title, url=url or "", icon=icon, label=str(words), record_id=str(pk))


def _short(url: str) -> str:
    plain = url.partition("://")[2] or url
    return plain if len(plain) <= LONGEST_URL else f"{plain[:LONGEST_URL]}…"


def _until(rows: QuerySet[Row], field: str, before: datetime.datetime | None) -> QuerySet[Row]:
    return rows if before is None else rows.filter(**{f"{field}__lte": before})
