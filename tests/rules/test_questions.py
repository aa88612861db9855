"""What is kept between questions never answers another one."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from lake.queries import snapshot
from rules import services
from rules.language import parse
from rules.questions import question
from segments.services import save
from tests.segments.world import BUYERS, LOYAL, publish_world

pytestmark = pytest.mark.django_db


def count(rule: Any, now: datetime | None = None) -> int:
    return services.count(rule, now=now).total


def test_the_same_question_is_compiled_once() -> None:
    publish_world()
    asked = [question(parse(LOYAL), snapshot(), timezone.now()) for _ in range(2)]
    assert asked[0] is asked[1]


def test_new_data_get_a_new_answer() -> None:
    publish_world()
    assert count(LOYAL) == 4
    publish_world([0, 0, 0, 0, 0, 5000])
    assert count(LOYAL) == 1


def test_values_that_look_alike_are_different_questions() -> None:
    publish_world()
    amounts = [{"attribute": "loyalty_points", "op": "gt", "value": value} for value in (4000, 3999, 4000.5)]
    assert [count(rule) for rule in amounts] == [1, 2, 1]


def test_days_begin_in_the_zone_of_the_moment() -> None:
    publish_world()
    ordered = timezone.now() - timedelta(days=90)
    zones = [ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")]  # never on the same day
    days = [ordered.astimezone(zone).date().isoformat() for zone in zones]
    rule = {"related": "shop.orders", "within": {"from": days[0], "to": days[0]}}
    assert [count(rule, timezone.now().astimezone(zone)) for zone in zones] == [1, 0]


def test_time_goes_by() -> None:
    publish_world()
    later = timezone.now() + timedelta(days=60)
    assert (count(BUYERS), count(BUYERS, later)) == (1, 0)


def test_another_segments_rule_may_change() -> None:
    publish_world()
    loyal = save(name="Loyal", rule=LOYAL)
    before = count({"segment": "loyal"})
    save(name="Loyal", rule={"attribute": "loyalty_points", "op": "gt", "value": 4000}, segment=loyal)
    assert (before, count({"segment": "loyal"})) == (4, 1)
