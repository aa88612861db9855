"""The audit trail."""

from typing import Any

from django.db.models import Model

from core.models import AuditEntry
from core.roles import Actor


def record(by: Actor, verb: str, target: Model, *, label: str = "", **details: Any) -> AuditEntry:
    """Writes one row, in the caller's transaction. `verb` is a stable word ("segment.publish"); details are JSON;
    `label` is what the page calls the target, where that is not its text."""
    return AuditEntry.objects.create(
        user=by,
        verb=verb,
        kind=target._meta.label_lower,
        target=str(target.pk),
        label=(label or str(target))[:250],
        details=details,
    )


def exported(by: Actor, verb: str, label: str = "", **details: Any) -> AuditEntry:
    """Writes that somebody took personal data with them: `verb` is what it was ("customer.export"), `label` of what.
    Never what they searched for: that may be somebody's name."""
    kind = verb.partition(".")[0]
    return AuditEntry.objects.create(user=by, verb=verb, kind=kind, label=label[:250], details=details)


def history(target: Model) -> list[AuditEntry]:
    """The newest 100 changes of one object, newest first."""
    rows = AuditEntry.objects.filter(kind=target._meta.label_lower, target=str(target.pk)).select_related("user")
    return list(rows[:100])
