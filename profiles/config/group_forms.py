"""The form of a group of people, as a group rule. Pure parsing of a posted form; the rule checks itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from profiles.config import rule_forms

OWN = "own"
Stated = dict[str, Any]


def to_group(data: Mapping[str, Any]) -> Stated:
    """As the workspace file writes it: `by`, or conditions where `by` is "own"."""
    rules = rule_forms.parse(data)["rules"]
    conditions = rule_forms.to_rules(rules)[0] if rules else {"when": [], "unless": []}
    largest = str(data.get("largest", "")).strip()
    found: Stated = {"name": str(data.get("name", "")).strip(), "label": str(data.get("label", "")).strip()}
    if data.get("by") == OWN:
        found |= {"when": conditions["when"], "unless": conditions["unless"]}
    else:
        found["by"] = data.get("by")
    found |= {"largest": int(largest) if largest.isdecimal() else largest} if largest else {}
    return found if "active" in data else found | {"active": False}


def from_group(group: Stated) -> Stated:
    """A stored group as the form shows it."""
    rows = rule_forms.from_rules([{"name": "", "when": group.get("when", []), "unless": group.get("unless", [])}])
    return {
        "name": group.get("name", ""),
        "label": group.get("label", ""),
        "by": group.get("by") or (OWN if group.get("when") else "address and surname"),
        "largest": group.get("largest", ""),
        "active": group.get("active", True),
        "rule": rows[0],
    }


def replaced(groups: Sequence[Stated], name: str, group: Stated | None) -> list[Stated]:
    """The groups with another one in place of that of this name, at the end where there is none; None: without it."""
    at = next((number for number, one in enumerate(groups) if one["name"] == name), len(groups))
    return [*groups[:at], *([group] if group else []), *groups[at + 1 :]]
