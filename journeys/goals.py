"""The goal of a journey in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.text import humanize


def goal_words(activity: str, days: int) -> str:
    """ "Order, within 14 days after a message"; "no goal" where no activity counts."""
    if not activity:
        return _("no goal")
    text = ngettext(
        "%(activity)s, within %(days)s day after a message", "%(activity)s, within %(days)s days after a message", days
    )
    return text % {"activity": humanize(activity), "days": days}


def told(details: dict[str, Any]) -> str:
    """A change of the goal that the audit keeps: what counts now, and what did before."""
    words = goal_words(details["activity"], details["days"])
    before = details["before"]
    if not before["activity"]:
        return words
    return _("%(now)s (before: %(before)s)") % {"now": words, "before": goal_words(before["activity"], before["days"])}
