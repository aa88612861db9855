"""What a trial says, in words: for the page and the command."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import formats
from profiles.config.words import rule_title
from profiles.trials.reads import CHANGED
from profiles.unify.judging.partitions import JOINED, RESHUFFLED, SPLIT

KINDS: dict[str, str | Promise] = {
    JOINED: gettext_lazy("Joined"),
    SPLIT: gettext_lazy("Split"),
    RESHUFFLED: gettext_lazy("Reshuffled"),
    CHANGED: gettext_lazy("Changed"),
}
PARTS: dict[str, str | Promise] = {
    "tables": gettext_lazy("tables and their order"),
    "default_country": gettext_lazy("country"),
    "rules": gettext_lazy("rules"),
    "values": gettext_lazy("aliases, ignored and trusted values"),
    "merge": gettext_lazy("merging"),
    "groups": gettext_lazy("groups of people"),
}


def kind_words(report: dict[str, Any], kind: str) -> str:
    """ "120 customers become 58"."""
    if kind == CHANGED:
        count = report["changed"]["people"]
        words = ngettext("%(n)s customer has other values", "%(n)s customers have other values", count)
        return words % {"n": formats.number(count)}
    numbers = report["kinds"][kind]
    words = ngettext("%(n)s customer becomes %(m)s", "%(n)s customers become %(m)s", numbers["before"])
    return words % {"n": formats.number(numbers["before"]), "m": formats.number(numbers["after"])}


def heading(before: int, after: int) -> str:
    """Of one example."""
    words = ngettext("%(n)s customer becomes %(m)s", "%(n)s customers become %(m)s", before)
    return words % {"n": formats.number(before), "m": formats.number(after)}


def pair_words(is_gained: bool, rule: str) -> str:
    """What becomes of two records, and by which rule they are, or were, matched."""
    named = {"rule": rule_title(rule)}
    if is_gained:
        return _("Would be one person, by “%(rule)s”") % named if rule else _("Would be one person, by a chain")
    return _("Were one person, by “%(rule)s”") % named if rule else _("Were one person, by a chain")


def sizes_chart(report: dict[str, Any]) -> dict[str, Any]:
    """How many customers have how many records, on both sides."""
    limits = report["sizes"]
    labels = [
        formats.number(low) if high == low + 1 else _("%(low)s–%(high)s") % {"low": low, "high": high - 1}
        for low, high in pairwise(limits)
    ]
    labels.append(_("%(low)s or more") % {"low": limits[-1]})
    used = 1 + max(
        (n for side in ("before", "after") for n, count in enumerate(report[side]["sizes"]) if count), default=0
    )
    series = [(_("Today"), "before"), (_("Then"), "after")]
    return {
        "labels": labels[:used],
        "series": [{"name": name, "values": report[side]["sizes"][:used]} for name, side in series],
    }


def lines(report: dict[str, Any]) -> Iterator[str]:
    """The whole comparison as text."""
    before, after = report["before"], report["after"]
    yield _("Today %(before)s customers, then %(after)s.") % {
        "before": formats.number(before["people"]),
        "after": formats.number(after["people"]),
    }
    for kind, label in KINDS.items():
        yield f"{label!s:<12} {kind_words(report, kind)}"
    for name, label in (("gained", _("Pairs gained")), ("lost", _("Pairs lost"))):
        share = report["quality"]["shares"][name]
        told = (
            ""
            if share is None
            else _(", of which by the evidence %(share)s are one person") % {"share": formats.percent(share)}
        )
        yield f"{label}: {formats.number(report['pairs'][name])}{told}"
    for rule in report["rules"]:
        yield f"  +{formats.number(rule['gained'])} −{formats.number(rule['lost'])}  {rule_title(rule['name'])}"
    for attribute in report["changed"]["attributes"]:
        yield f"  {attribute['label']}: {formats.number(attribute['people'])}"
    yield from _quality(report["quality"])


def _quality(quality: dict[str, Any]) -> Iterator[str]:
    if quality["before"] is not None and quality["after"] is not None:
        yield _("Joined pairs that are one person, by the evidence: %(before)s today, %(after)s then.") % {
            "before": formats.percent(quality["before"]),
            "after": formats.percent(quality["after"]),
        }
    answers = quality["answers"]
    if answers["count"]:
        yield _("Of %(count)s answers, today’s rules follow %(before)s and those tried %(after)s.") % {
            "count": formats.number(answers["count"]),
            "before": formats.number(answers["before"]["followed"]),
            "after": formats.number(answers["after"]["followed"]),
        }
