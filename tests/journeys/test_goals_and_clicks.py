"""A branch by what people did with a message, and what counts as a conversion unless somebody chooses."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.test import Client

from journeys import runtime, services
from journeys.entering import enrol
from journeys.models import Enrolment, Journey
from lake import mirror
from lake.queries import snapshot
from messaging.models import Interaction, Message
from profiles.models import ActivityType
from tests.journeys.world import EMAIL, END, NOW, draw, later

CLICKED = {"related": "kindred.interactions", "where": {"all": [{"attribute": "kind", "op": "eq", "value": "click"}]}}


def test_a_branch_knows_who_clicked_a_moment_ago(ready: User) -> None:
    mirror.sync()
    thanks = {"id": "thanks", "kind": "wait", "amount": 1, "unit": "days"}
    path = {"label": "Clicked", "rule": {"all": [CLICKED]}, "steps": [thanks]}
    wait = {"id": "wait", "kind": "wait", "amount": 1, "unit": "days"}
    journey = draw(EMAIL, wait, {"id": "fork", "kind": "branch", "branches": [path], "otherwise": []}, END)
    enrol(services.publish(journey, by=ready, now=NOW), NOW)
    runtime.advance(NOW)
    one = Message.objects.order_by("pk")[0]
    Interaction.objects.create(message=one, kind="click", at=later(hours=1))
    while runtime.advance(later(days=1)):
        pass
    assert list(Enrolment.objects.filter(step="thanks").values_list("profile_id", flat=True)) == [one.profile_id]
    assert snapshot().info("kindred.interactions").rows == 1


def test_a_new_journey_counts_what_is_paid(ready: User, client_of: Callable[[User], Client]) -> None:
    ActivityType.objects.create(type="visit", table="web.visits", time="at", title="Visit")
    ActivityType.objects.create(type="order", table="shop.orders", time="at", title="Order", amount="total")
    assert client_of(ready).post("/journeys/new/", {"name": "Welcome"}).status_code == 303
    assert Journey.objects.get().conversion_activity == "order"
