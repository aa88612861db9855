"""The forms of the map step. Pure parsing of posted forms."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import InvalidInput

Rows = list[dict[str, Any]]


def rows_of(names: Sequence[str], used: Sequence[str], only_matched: Sequence[str]) -> Rows:
    return [{"name": name, "used": name in used, "unmatched": name not in only_matched} for name in names]


def parse(data: QueryDict) -> Rows:
    """Every table in its order: whether it is used, and whether its unmatched records become customers too."""
    names = list(dict.fromkeys(data.getlist("order")))
    used, unmatched = data.getlist("use"), data.getlist("unmatched")
    return [{"name": name, "used": name in used, "unmatched": name in unmatched} for name in names]


def moved(rows: Rows, wish: str) -> Rows:
    """After "up shop.customers" or "down shop.customers"."""
    verb, _space, name = wish.partition(" ")
    at = next((number for number, row in enumerate(rows) if row["name"] == name), -1)
    to = at + {"up": -1, "down": 1}.get(verb, 0)
    if at >= 0 and 0 <= to < len(rows):
        rows.insert(to, rows.pop(at))
    return rows


def without(rows: Rows, name: str) -> Rows:
    """With this table taken out."""
    return [row | {"used": row["used"] and row["name"] != name} for row in rows]


def to_tables(rows: Rows) -> list[Any]:
    """As the workspace file writes them."""
    used = [row for row in rows if row["used"]]
    return [r["name"] if r["unmatched"] else {"table": r["name"], "unmatched": False} for r in used]


def stated_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Aliases as "written = means", one in each line; ignored and trusted values likewise. Raises InvalidInput."""
    aliases: dict[str, str] = {}
    for number, line in enumerate(_lines(data, "aliases"), 1):
        written, equals, means = (part.strip() for part in line.partition("="))
        if not equals or not written or not means:
            message = _("Line %(number)d of the aliases: write “written = means”, for example “gigi = luigi”.")
            raise InvalidInput(message % {"number": number}, place="unification.values.aliases")
        aliases[written] = means
    return {"aliases": aliases, "ignore": _lines(data, "ignore"), "trusted_values": _lines(data, "trusted")}


def _lines(data: Mapping[str, Any], name: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in str(data.get(name, "")).splitlines() if line.strip()))


def with_value(values: Mapping[str, Any], name: str, value: str, how: str) -> dict[str, Any]:
    """The stated values with one more that is trusted, or ignored; it is no longer the other."""
    stated = dict(values.get(name, {}))
    for key in ("ignore", "trusted_values"):
        stated[key] = [known for known in stated.get(key, []) if known != value]
    stated["trusted_values" if how == "trust" else "ignore"].append(value)
    return {**values, name: stated}
