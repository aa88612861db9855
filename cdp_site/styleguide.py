"""Examples for the style guide page: every component in all its states."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import formats
from core.lists import Choice, Column, Empty, ListPage, MemoryRows

TONES = ("", "good", "warn", "bad", "info", "accent", "coral")
SWATCHES = [
    "canvas",
    "surface",
    "sunken",
    "border",
    "border-strong",
    "text",
    "text-soft",
    "text-faint",
    "accent",
    "accent-soft",
    "coral",
    "coral-soft",
    "good",
    "warn",
    "bad",
    "info",
    "chart-1",
    "chart-2",
    "chart-3",
    "chart-4",
    "chart-5",
    "chart-6",
]
DIFF = """# segments[Loyal customers]
@@ rule @@
-  loyalty_points is more than 500
+  loyalty_points is more than 1,000
   and lives in Lisbon"""

_PEOPLE: list[dict[str, Any]] = [
    {"id": 1, "name": "John Smith", "city": "Boston", "points": 1500, "spend": 124_050, "state": "live"},
    {"id": 2, "name": "Nguyễn Thị Hoa", "city": "Đà Nẵng", "points": 820, "spend": 8_990, "state": "draft"},
    {"id": 3, "name": "Анна Иванова", "city": "Москва", "points": None, "spend": None, "state": "failed"},
    {"id": 4, "name": "فاطمة الزهراء", "city": "الدار البيضاء", "points": 2310, "spend": 310_000, "state": "live"},
]
_STATES = {"live": ("Live", "good"), "draft": ("Draft", ""), "failed": ("Failed", "bad")}

LIST = ListPage(
    name="guide",
    columns=[
        Column("name", "Name", link=lambda row: f"#person-{row['id']}"),
        Column("city", "City"),
        Column("state", "State", pill=lambda row: _STATES[row["state"]]),
        Column("points", "Loyalty points", "number"),
        Column("spend", "Lifetime spend", "money", currency="EUR"),
    ],
    search=["name", "city"],
    filters=[Choice("state", "State", choices=[(key, words) for key, (words, _tone) in _STATES.items()])],
    default_sort="name",
)
EMPTY_LIST = ListPage(
    name="guide-empty",
    columns=[Column("name", "Name")],
    empty=Empty(
        "No segments yet", "A segment is a group of customers who have something in common.", "people",
        "New segment", "/styleguide/", example="For example: everybody with more than 1,000 loyalty points.",
    ),
)  # fmt: skip


def context(request: HttpRequest) -> dict[str, Any]:
    return {
        "tones": TONES,
        "swatches": SWATCHES,
        "list": LIST.state(request, MemoryRows(_PEOPLE)),
        "empty_list": EMPTY_LIST.state(request, MemoryRows([])),
        **_charts(),
        "values": [3, 5, 4, 6, 8, 7, 9, 12],
        "top": [("Lisbon", 4200), ("Porto", 3100), ("Braga", 1250), ("Coimbra", 640)],
        "facts": [(_("E-mail"), "john.smith@example.com"), (_("Phone"), "+1 617 555 0100"), (_("Birth date"), None)],
        "diff": DIFF,
        "now": datetime.now(UTC) - timedelta(minutes=42),
        "steps": [{"label": _("Map"), "url": "#", "state": "done"}, {"label": _("Match"), "state": "here"},
                  {"label": _("Merge"), "state": "next"}],
        "tabs": [{"label": _("Overview"), "url": "#", "active": True, "count": None},
                 {"label": _("Members"), "url": "#", "active": False, "count": 1240}],
        "formats": [("money", formats.money(123_456, "EUR")), ("number", formats.number(1_234_567.5)),
                    ("compact", formats.compact(1_234_567)), ("percent", formats.percent(0.1234)),
                    ("bytes", formats.size(1_500_000)), ("duration", formats.duration(75))],
    }  # fmt: skip


def _charts() -> dict[str, Any]:
    days = [f"{day} May" for day in range(1, 15)]
    opens = [120, 180, 150, 210, 260, 240, 300, 310, 280, 330, 360, None, 400, 420]
    clicks = [30, 42, 40, 66, 70, 61, 90, 96, 80, 110, 121, None, 130, 150]
    revenue = [{"name": _("Revenue"), "values": [1200, 900.5, 1430, 1100, 1700, 1650]}]
    stages = [_("Entered"), _("Delivered"), _("Opened"), _("Clicked"), _("Bought")]
    return {
        "line": {
            "labels": days,
            "series": [{"name": _("Opens"), "values": opens}, {"name": _("Clicks"), "values": clicks}],
        },
        "bar": {"labels": days[:6], "series": revenue, "format": "money", "currency": "EUR"},
        "funnel": {"labels": stages, "series": [{"name": _("People"), "values": [12000, 11820, 6400, 2100, 640]}]},
        "no_data": {"labels": [], "series": []},
    }
