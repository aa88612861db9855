"""Numbers of messages as the page components draw them."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.formats import number, percent
from messaging.analytics import Results
from messaging.models import Reason, State


def tiles(results: Results, people_url: str) -> list[dict[str, Any]]:
    """Key figures; each leads to the people behind it. `people_url` ends with a parameter."""
    shown = [
        (_("Audience"), results.totals.audience, "", ""),
        (_("Sent"), results.sent, "accepted", ""),
        (_("Not sent"), results.not_sent, "", _("with reasons below")),
        (_("Opened"), results.opened, "opened", percent(results.open_rate)),
        (_("Clicked"), results.clicked, "clicked", percent(results.click_rate)),
        (_("Unsubscribed"), results.unsubscribed, "unsubscribed", percent(results.unsubscribe_rate)),
    ]
    return [
        {
            "label": label,
            "value": number(count, 0),
            "url": f"{people_url}&what={what}" if what else people_url,
            "hint": hint,
        }
        for label, count, what, hint in shown
    ]


def over_time(days: list[dict[str, Any]]) -> dict[str, Any]:
    names = {"sent": _("Sent"), "opened": _("Opened"), "clicked": _("Clicked")}
    return {
        "labels": [date_format(row["day"], "SHORT_DATE_FORMAT") for row in days],
        "series": [{"name": label, "values": [row[name] for row in days]} for name, label in names.items()],
    }


def reasons(results: Results) -> list[tuple[str, str, int]]:
    """(reason, its words, count), the most frequent first."""
    rows = [(reason, str(Reason(reason).label), count) for reason, count in results.totals.by_reason.items()]
    return sorted(rows, key=lambda row: -row[2])


def tone(state: str) -> str:
    """The colour of a state."""
    tones = {State.ACCEPTED: "good", State.REFUSED: "bad", State.UNKNOWN: "coral", State.PLANNED: "info"}
    return tones.get(State(state), "")
