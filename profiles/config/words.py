"""Rules and their parts in words that a marketer uses."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from core import formats
from core.text import humanize
from profiles.unify.config.rules import SITUATIONS, TOLERANCES, Condition, MatchRule
from profiles.unify.matching.suggest import OF_ID
from profiles.unify.normalisers.registry import named
from sources.semantics import SEMANTIC_TYPES

# Shorter in a rule than where somebody chooses them.
MEANINGS: dict[str, str | Promise] = (
    {"person.name": gettext_lazy("Name")}
    | SEMANTIC_TYPES
    | {
        "contact.email": gettext_lazy("E-mail"),
        "contact.phone": gettext_lazy("Phone"),
        "address.line": gettext_lazy("Street"),
        "address.region": gettext_lazy("Region"),
    }
)
COMPARISONS: dict[str, str | Promise] = {
    "exact": gettext_lazy("is the same"),
    "name": gettext_lazy("is a similar name"),
    "given_name": gettext_lazy("is a similar first name"),
    "jaro_winkler": gettext_lazy("begins alike, with few letters different"),
    "levenshtein": gettext_lazy("has few letters different"),
    "damerau": gettext_lazy("has few letters different or swapped"),
    "token_set": gettext_lazy("has the same words"),
    "phonetic": gettext_lazy("sounds alike"),
    "initials": gettext_lazy("is the same, or its initials"),
    "number": gettext_lazy("is a number close by"),
    "percent": gettext_lazy("is a number close by, in percent"),
    "days": gettext_lazy("is a date close by, in days"),
    "date": gettext_lazy("is a similar date"),
    "missing": gettext_lazy("is unknown on a side"),
    "differs": gettext_lazy("clearly differs"),
    "likely": gettext_lazy("speak for one person"),
    "unlikely": gettext_lazy("speak against one person"),
    "twins": gettext_lazy("are those of twins"),
    "household": gettext_lazy("are those of two in one household"),
}
POLICY_WORDS: dict[str, str | Promise] = {
    "trust": gettext_lazy("The most trusted table’s"),
    "recent": gettext_lazy("The most recent"),
    "oldest": gettext_lazy("The oldest"),
    "frequent": gettext_lazy("The most frequent"),
    "complete": gettext_lazy("That of the most complete record"),
    "longest": gettext_lazy("The longest"),
}
GENDERS: dict[str, str | Promise] = {"male": gettext_lazy("Male"), "female": gettext_lazy("Female")}
LEVEL_WORDS: dict[str, str | Promise] = {
    "exact": pgettext_lazy("likeness", "exactly"),
    "high": pgettext_lazy("likeness", "closely"),
    "medium": pgettext_lazy("likeness", "mostly"),
    "low": pgettext_lazy("likeness", "roughly"),
}


def meaning(name: str) -> str:
    """A semantic type, or a column as "column:name", for the reader."""
    if name in MEANINGS:
        return str(MEANINGS[name])
    return humanize(name.removeprefix("column:").removeprefix("id.").rpartition(".")[2])


def condition_words(condition: Condition) -> str:
    """ "Name is a similar name (mostly)"."""
    if condition.is_evidence:
        return _evidence_words(condition)
    what = _("All values together") if condition.is_of_all else _subject_words(condition)
    words = {"what": what, "how": COMPARISONS[condition.compare]}
    if condition.compare in ("exact", "missing", "differs", *SITUATIONS):
        return _("%(what)s %(how)s") % words
    if condition.compare in TOLERANCES:
        return _("%(what)s %(how)s (%(level)s)") % (words | {"level": _tolerance_words(condition)})
    return _("%(what)s %(how)s (%(level)s)") % (words | {"level": level_words(condition.threshold)})


def _tolerance_words(condition: Condition) -> str:
    """ "at most 7 days apart", also where the tolerance has a name."""
    apart = condition.tolerance
    if condition.compare == "days":
        return ngettext("at most %(count)s day apart", "at most %(count)s days apart", round(apart)) % {
            "count": formats.number(apart)
        }
    if condition.compare == "percent":
        return _("at most %(share)s apart") % {"share": formats.percent(apart / 100)}
    return _("at most %(number)s apart") % {"number": formats.number(apart)}


def _subject_words(condition: Condition) -> str:
    """ "E-mail (Case, Spaces)": what is compared, and the normalisers that the rule names for it."""
    if not condition.normalise:
        return meaning(condition.subject)
    made = ", ".join(_(named(name).label) for name in condition.normalise)
    return _("%(what)s (%(normalisers)s)") % {"what": meaning(condition.subject), "normalisers": made}


def hub_reason(hub: Mapping[str, Any]) -> str:
    """Why a value is treated as unknown."""
    if hub.get("reason") == "placeholder":
        return _("stands for no value")
    if hub.get("reason") == "default_date":
        return _("far more were born than on any other day")
    names = hub.get("people_names", 0)
    if not names:
        return _("too many records have it")
    return ngettext("%(count)s different name", "%(count)s different names", names) % {"count": formats.number(names)}


def _evidence_words(condition: Condition) -> str:
    share = {"share": formats.percent(condition.limit)}
    if condition.compare == "likely":
        return _("All values together speak for one person (at least %(share)s sure)") % share
    return _("All values together speak against one person (at least %(share)s sure)") % share


def level_words(threshold: str | float) -> str:
    if isinstance(threshold, str):
        return str(LEVEL_WORDS[threshold])
    return _("at least %(share)s") % {"share": formats.percent(threshold)}


def rule_title(name: str) -> str:
    """What a rule is called: in the reader’s language where it was suggested, else as somebody wrote it."""
    title = _(name) if name else ""
    if title == name and name.startswith(OF_ID):
        return _("Same %(what)s") % {"what": name.removeprefix(OF_ID)}
    return title


def part_of_rule(place: str) -> str:
    """Which rule, and which of its conditions, the place of a mistake names; "" where it is of no rule."""
    found = re.search(r"rules\[(.*?)\](?:\.(when|unless)\[(\d+)\])?", place)
    if found is None:
        return ""
    name, part, number = found.groups()
    if part is None:
        return _("Rule “%(name)s”:") % {"name": rule_title(name)}
    words = (
        _("Rule “%(name)s”, condition %(number)s:") if part == "when" else _("Rule “%(name)s”, exception %(number)s:")
    )
    return words % {"name": rule_title(name), "number": int(number) + 1}


def rule_words(rules: Sequence[MatchRule]) -> list[dict[str, object]]:
    """Rules as cards: name, conditions and exceptions in words."""
    return [
        {
            "name": rule_title(rule.name),
            "active": rule.active,
            "when": [condition_words(c) for c in rule.when],
            "unless": [condition_words(c) for c in rule.unless],
        }
        for rule in rules
    ]
