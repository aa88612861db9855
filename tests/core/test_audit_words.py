"""The audit speaks the language of the page."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from core.audit_words import WORDS, detail_words, details_words, verb_words

RECORDED = re.compile(r"audit\.record\((?:[^()]|\([^()]*\))*\)")


def recorded() -> set[str]:
    """The verbs that the code names where it records a change."""
    own = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == Path(settings.BASE_DIR)]
    calls = [call for folder in own for file in folder.rglob("*.py") for call in RECORDED.findall(file.read_text())]
    return {verb for call in calls for verb in re.findall(r'"([a-z_]+\.[a-z_]+)"', call)}


def test_every_change_has_words() -> None:
    verbs = recorded()
    assert len(verbs) > 40
    assert verbs - set(WORDS) == set()


def test_a_change_without_words_can_be_read() -> None:
    assert verb_words("old_thing.was_done") == "Old thing was done"


@pytest.mark.django_db
def test_details_are_told_in_words() -> None:
    assert detail_words("rule", {"one": 2}) == "Rule: one 2"
    assert detail_words("within", {"last": 30, "unit": "days"}) == "Within: in the last 30 days"
    assert detail_words("before", {"days": 14, "activity": ""}) == "Before: days 14"
    changes = [
        "~ segments[Loyal customers].rule",
        "+ sources[shop].tables[orders].columns[Total (€)]",
        "workspace.currency",
    ]
    assert detail_words("changes", changes) == (
        "Changes: Segment Loyal customers: rule changed; Source shop › Table orders › Column Total (€) added; "
        "Workspace: currency"
    )


@pytest.mark.django_db
def test_a_goal_is_told_as_one_thing_with_what_it_was_before() -> None:
    before = {"activity": "web_visit", "days": 1}
    assert details_words("journey.goal", {"before": before, "activity": "order", "days": 14}) == (
        "Order, within 14 days after a message (before: Web visit, within 1 day after a message)"
    )
    first = {"before": {"activity": "", "days": 14}, "activity": "order", "days": 14}
    assert details_words("journey.goal", first) == "Order, within 14 days after a message"


def test_what_an_older_version_wrote_is_told_part_by_part() -> None:
    assert details_words("journey.goal", {"days": 14}) == "Days: 14"
