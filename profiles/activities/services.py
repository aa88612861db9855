"""The verbs: what counts as an activity."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import InvalidInput, NotFound
from core.models import Workspace
from core.roles import Actor, require
from lake.queries import snapshot
from lake.words import table_title
from profiles.activities.stage import activities, check, fields_of
from profiles.inputs.mapping import split_name
from profiles.models import ActivityType

PREVIEW_ROWS = 5


def save_activity_type(kind: ActivityType | None = None, *, by: Actor = None, **values: str) -> ActivityType:
    """Makes or changes a declaration: `type, table, time, title, amount, url`. Raises InvalidInput with the place."""
    require(by, "profiles.change_activitytype" if kind else "profiles.add_activitytype")
    changed = kind or ActivityType()
    for name, value in values.items():
        setattr(changed, name, value.strip())
    check_activity_type(changed)
    with transaction.atomic():
        changed.save()
        audit.record(by, "activity_type.change" if kind else "activity_type.add", changed, label=title(changed))
    return changed


def title(kind: ActivityType) -> str:
    """ "Order (Shop · Orders)"."""
    return f"{kind.label} ({table_title(snapshot(), kind.table)})"


def check_activity_type(kind: ActivityType) -> None:
    place = f"activities[{kind.type}]"
    if not kind.type or not kind.title or not kind.time:
        raise InvalidInput(_("An activity needs a kind, a time and a title."), place=place)
    split_name(kind.table, f"{place}.table")
    fields_of(kind.title, f"{place}.title")
    fields_of(kind.url, f"{place}.url")
    now = snapshot()
    if now.has(kind.table):
        check(kind, now.info(kind.table))
    others = ActivityType.objects.filter(type=kind.type, table=kind.table).exclude(pk=kind.pk)
    if others.exists():
        raise InvalidInput(_("This kind of activity is declared for this table already."), place=place)


def remove_activity_type(kind: ActivityType, *, by: Actor = None) -> None:
    """Its activities leave the timelines with the next refresh."""
    require(by, "profiles.delete_activitytype")
    with transaction.atomic():
        audit.record(by, "activity_type.remove", kind, label=title(kind))
        kind.delete()


def preview_activities(kind: ActivityType) -> list[dict[str, Any]]:
    """The first five rows as they would stand on a timeline. Raises NotFound when the table is not loaded."""
    now = snapshot()
    if not now.has(kind.table):
        raise NotFound(_("“%(table)s” has not been loaded yet.") % {"table": kind.table}, place=kind.table)
    rows = activities(now, kind, Workspace.current().currency, linked=False)
    found: list[dict[str, Any]] = now.arrow(rows, PREVIEW_ROWS).to_pylist()
    return found
