"""Numbers of messages as the page components draw them."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.formats import money, number, percent
from messaging.analytics import Results
from messaging.conversions import Conversions
from messaging.models import Reason, State


def tiles(results: Results, people_url: str) -> list[dict[str, Any]]:
    """Key figures; each leads to the people behind it. `people_url` ends with a parameter."""
    shown = [
        (_("Audience"), results.totals.audience, "", ""),
        (_("Sent"), results.sent, "accepted", ""),
        (_("Not sent"), results.not_sent, "not_sent", _("with reasons below")),
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


def over_time(days: list[tuple[date, dict[str, int]]], *, with_goal: bool) -> dict[str, Any]:
    """One line each; conversions only where there is a goal."""
    names = {"sent": _("Sent"), "opened": _("Opened"), "clicked": _("Clicked")}
    names |= {"converted": _("Conversions")} if with_goal else {}
    return {
        "labels": [day.isoformat() for day, _counts in days],
        "series": [{"name": label, "values": [counts[name] for _day, counts in days]} for name, label in names.items()],
    }


def conversion_tiles(brought: Conversions, url: str) -> list[dict[str, Any]]:
    """People, activities and revenue of each currency; all lead to the people behind them."""
    shown = [(_("Converted"), number(brought.converted, 0)), (_("Conversions"), number(brought.activities, 0))]
    revenue = [(currency, amount) for currency, amount in sorted(brought.revenue.items()) if currency]
    shown += [(_("Revenue"), money(amount, currency)) for currency, amount in revenue]
    return [{"label": label, "value": value, "url": url} for label, value in shown]


def reasons(results: Results) -> list[tuple[str, str, int]]:
    """(reason, its words, count), the most frequent first."""
    rows = [(reason, str(Reason(reason).label), count) for reason, count in results.totals.by_reason.items()]
    return sorted(rows, key=lambda row: -row[2])


def tone(state: str) -> str:
    """The colour of a state."""
    tones = {
        State.ACCEPTED: "good",
        State.REFUSED: "bad",
        State.UNKNOWN: "coral",
        State.PLANNED: "info",
        State.HELD: "warn",
    }
    return tones.get(State(state), "")
