"""The form of the unification: tables in order of trust, country, and rules as rows. Pure parsing of a posted form.

Fields are named by position: `rule-0-name`, `rule-0-active`, `rule-0-when-1-what`, `…-compare`, `…-threshold`,
`…-normalise`. A button `edit` asks for one more or one less of something before anything is saved: "add rule-0-when",
"drop rule-0-when-1".
"""

import re
from collections.abc import Mapping
from typing import Any

from profiles.unify.config.rules import EVIDENCE as BY_EVIDENCE
from profiles.unify.config.rules import SITUATIONS

Row = dict[str, Any]
# What stands for all values together where a form asks what is compared.
EVIDENCE = "evidence"
OF_ALL = (*BY_EVIDENCE, *SITUATIONS)


def parse(data: Mapping[str, Any]) -> dict[str, Any]:
    """The state of the form: `{"tables", "default_country", "suggest", "rules"}`; incomplete rows stay as they are."""
    tables = sorted(
        (int(place), name.removeprefix("table-"))
        for name, place in data.items()
        if name.startswith("table-") and str(place).isdecimal() and int(place) > 0
    )
    return {
        "tables": [name for _place, name in tables],
        "default_country": str(data.get("default_country", "")),
        "suggest": data.get("mode") == "suggest",
        "rules": [_rule(data, f"rule-{n}") for n in _numbers(data, "rule")],
    }


def _numbers(data: Mapping[str, Any], prefix: str) -> list[int]:
    pattern = re.compile(rf"^{re.escape(prefix)}-(\d+)-")
    return sorted({int(match[1]) for name in data if (match := pattern.match(name))})


def _rule(data: Mapping[str, Any], prefix: str) -> Row:
    return {
        "name": str(data.get(f"{prefix}-name", "")).strip(),
        "active": f"{prefix}-active" in data,
        "when": [_condition(data, f"{prefix}-when-{n}") for n in _numbers(data, f"{prefix}-when")],
        "unless": [_condition(data, f"{prefix}-unless-{n}") for n in _numbers(data, f"{prefix}-unless")],
    }


def _condition(data: Mapping[str, Any], prefix: str) -> Row:
    return {part: str(data.get(f"{prefix}-{part}", "")) for part in ("what", "compare", "threshold", "normalise")}


def edited(state: dict[str, Any], wish: str) -> dict[str, Any]:
    """The state after "add rule", "add rule-0-when", "drop rule-0", "drop rule-0-unless-1", "up rule-2"."""
    verb, _space, place = wish.partition(" ")
    rules: list[Row] = state["rules"]
    parts = place.split("-")
    number = int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else -1
    if verb == "add" and place == "rule":
        rules.append({"name": "", "active": True, "when": [_blank()], "unless": []})
    elif not 0 <= number < len(rules):
        return state
    elif verb == "add" and len(parts) == 3:
        rules[number][parts[2]].append(_blank())
    elif verb == "drop" and len(parts) == 2:
        rules.pop(number)
    elif verb == "drop" and len(parts) == 4 and int(parts[3]) < len(rules[number][parts[2]]):
        rules[number][parts[2]].pop(int(parts[3]))
    elif verb == "up" and number > 0:
        rules.insert(number - 1, rules.pop(number))
    return state


def _blank() -> Row:
    return {"what": "", "compare": "exact", "threshold": "", "normalise": ""}


def to_rules(rows: list[Row]) -> list[Row]:
    """As the workspace file writes rules; empty conditions are left out."""
    return [
        {
            "name": row["name"],
            "when": [_to_condition(c) for c in row["when"] if c["what"]],
            "unless": [_to_condition(c) for c in row["unless"] if c["what"]],
            "active": row["active"],
        }
        for row in rows
    ]


def _to_condition(row: Row) -> Row:
    what = row["what"]
    if what == EVIDENCE:
        compare = row["compare"] if row["compare"] in OF_ALL else OF_ALL[0]
        return {"compare": compare} | ({} if compare in SITUATIONS else _threshold(row))
    named: Row = {"column": what.removeprefix("column:")} if what.startswith("column:") else {"semantic": what}
    named |= {"normalise": row["normalise"].split(",")} if row.get("normalise") else {}
    return named | {"compare": row["compare"]} | ({} if row["compare"] in ("exact", "missing") else _threshold(row))


def _threshold(row: Row) -> Row:
    text = row["threshold"]
    return {"threshold": float(text) if re.fullmatch(r"\d+(\.\d+)?|\.\d+", text) else text} if text else {}


def from_rules(rules: list[Row]) -> list[Row]:
    """Stored rules as rows of the form."""
    return [
        {
            "name": rule["name"],
            "active": rule.get("active", True),
            "when": [_from_condition(c) for c in rule["when"]],
            "unless": [_from_condition(c) for c in rule.get("unless", [])],
        }
        for rule in rules
    ]


def _from_condition(condition: Row) -> Row:
    known = condition.get("semantic", "") or (EVIDENCE if condition.get("compare") in OF_ALL else "")
    what = f"column:{condition['column']}" if condition.get("column") else known
    threshold = condition.get("threshold", "")
    normalise = ",".join(condition.get("normalise", ()))
    compare = condition.get("compare", "exact")
    return {"what": what, "compare": compare, "threshold": str(threshold), "normalise": normalise}
