from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from django.contrib.auth.models import User
from django.test import Client

from core.models import Workspace
from lake.services import stage
from lake.specs import ColumnSpec, TableSpec
from messaging import conversions as conversions_module
from messaging.analytics import Audience, links, over_time, people, results, step_totals, totals
from messaging.conversions import MAX_DAYS, Conversions, conversions, summed, times
from messaging.models import Interaction, Message, State, TemplateVersion, TrackedLink
from messaging.services import Origin, Recipient, mark_as_sent, plan
from profiles.models import Profile, ProfileRedirect
from tests.messaging.conftest import person

pytestmark = pytest.mark.django_db
SENT = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def campaign(version: TemplateVersion) -> list[Message]:
    """Four sent, one in each other state; a test message that must never count."""
    plan(version, [Recipient(f"p{n}", f"c/{n}") for n in range(1, 11)], Origin("loyal", "mail"))
    messages = list(Message.objects.order_by("pk"))
    states = ["accepted"] * 4 + ["planned", "claimed", "refused", "unknown", "skipped", "held"]
    for message, state in zip(messages, states, strict=True):
        reason = {"refused": "mailbox", "skipped": "no_address"}.get(state, "")
        Message.objects.filter(pk=message.pk).update(state=state, reason=reason, settled_at=SENT)
    Message.objects.create(
        cause="t", template_version=version, is_test=True, state="accepted", planned_at=SENT, due_at=SENT
    )
    return messages


def act(message: Message, kind: str, *, machine: bool = False, link: TrackedLink | None = None) -> None:
    Interaction.objects.create(message=message, kind=kind, at=SENT + timedelta(days=1), is_machine=machine, link=link)


def test_the_states_add_up_to_the_audience(campaign: list[Message]) -> None:
    result = totals(Audience("loyal"))
    assert result.audience == sum(result.by_state.values()) == 10
    assert result.by_state == {
        "planned": 1, "held": 1, "claimed": 1, "accepted": 4, "refused": 1, "unknown": 1, "skipped": 1
    }  # fmt: skip
    assert result.by_reason == {"mailbox": 1, "no_address": 1}
    assert step_totals("loyal") == {"mail": result}


def test_people_are_counted_once_and_machines_apart(campaign: list[Message], version: TemplateVersion) -> None:
    link = TrackedLink.objects.create(template_version=version, position=0, url="https://shop.example/")
    for message in campaign[:2]:
        act(message, "open")
        act(message, "open")
    act(campaign[0], "click", link=link)
    act(campaign[3], "open", machine=True)
    result = results(Audience("loyal", "mail"))
    assert (result.opened, result.clicked, result.opened_by_machine) == (2, 1, 1)
    assert (result.open_rate, result.click_rate, result.click_to_open_rate) == (0.5, 0.25, 0.5)
    assert set(people(Audience("loyal"), "opened")) == set(campaign[:2])
    assert links(Audience("loyal")) == [{"url": "https://shop.example/", "people": 1, "clicks": 1}]
    days = over_time(Audience("loyal"))
    assert [(counts["sent"], counts["opened"], counts["clicked"]) for _day, counts in days] == [(4, 0, 0), (0, 2, 1)]


def test_days_are_those_of_the_workspace(campaign: list[Message]) -> None:
    """At 09:00 UTC it is evening in Auckland, and an order 14 hours later falls on the day after."""
    Workspace.objects.update_or_create(pk=1, defaults={"time_zone": "Pacific/Auckland"})
    act(campaign[0], "open")
    days = over_time(Audience("loyal"), [SENT + timedelta(hours=14)])
    assert [(str(day), counts) for day, counts in days] == [
        ("2026-03-01", {"sent": 4, "opened": 0, "clicked": 0, "converted": 0}),
        ("2026-03-02", {"sent": 0, "opened": 1, "clicked": 0, "converted": 1}),
    ]


@pytest.mark.parametrize(
    "audience", [Audience("loyal"), Audience(template_id=1), Audience()], ids=["journey", "e-mail", "all"]
)
def test_no_message_is_looked_up_among_all_others(campaign: list[Message], audience: Audience) -> None:
    """With some 100,000 messages sent, that took minutes."""
    plan_of_it = conversions_module._sent_to(audience, audience.sent().values("profile_id")).explain()
    assert "SubPlan" not in plan_of_it


def activities(*rows: tuple[str, float, int | None], currencies: Sequence[str] = ()) -> None:
    """Orders: (person, days after the sending, cents), in euros or the currencies given."""
    table = pa.table(
        {
            "profile_id": [row[0] for row in rows],
            "time": pa.array([SENT + timedelta(days=row[1]) for row in rows], pa.timestamp("us", tz="UTC")),
            "type": ["order"] * len(rows),
            "title": ["Order"] * len(rows),
            "amount": pa.array([row[2] for row in rows], pa.int64()),
            "currency": currencies or ["EUR"] * len(rows),
            "source": ["shop"] * len(rows),
            "table": ["orders"] * len(rows),
            "record_id": [str(number) for number in range(len(rows))],
        }
    )
    writing = stage()
    writing.write(TableSpec("unified.activities", columns=[ColumnSpec("amount", "money", currency="EUR")]), table)
    writing.publish("test")


def brought(journey: str, activity: str = "order", days: int = 7) -> Conversions:
    return summed(conversions(Audience(journey), activity, days).to_pylist())


def test_orders_within_the_window_are_conversions(campaign: list[Message]) -> None:
    activities(("p1", 1, 1000), ("p1", 2, 500), ("p2", 6.9, 2000), ("p2", 7.1, 9), ("p3", -1, 9), ("p7", 1, 9))
    found = brought("loyal")
    assert (found.converted, found.activities, found.revenue) == (2, 3, {"EUR": 3500})


def test_the_longest_window_is_a_year(campaign: list[Message]) -> None:
    activities(("p1", 200, 1000), ("p2", 366, 500))
    assert brought("loyal", days=MAX_DAYS).revenue == {"EUR": 1000}


def test_an_order_belongs_to_the_newest_message_alone(campaign: list[Message], version: TemplateVersion) -> None:
    plan(version, [Recipient("p1", "later")], Origin("other", "mail"))
    Message.objects.filter(cause="later").update(state=State.ACCEPTED, settled_at=SENT + timedelta(days=2))
    activities(("p1", 1, 1000), ("p1", 3, 700))
    assert brought("loyal").revenue == {"EUR": 1000}
    assert brought("other").revenue == {"EUR": 700}


def test_a_window_of_a_year_is_a_year(campaign: list[Message]) -> None:
    activities(("p1", 364, 1000), ("p1", 366, 500))
    assert brought("loyal", days=365).revenue == {"EUR": 1000}


def test_a_refund_is_no_conversion_and_lowers_only_what_a_message_brought(campaign: list[Message]) -> None:
    bought, bought_before, nothing = ("p1", 1, 1000), ("p2", 2, 300), ("p3", 1, None)
    activities(bought, ("p1", 2, -400), ("p2", 1, -9000), bought_before, ("p4", 3, -50), nothing)
    found = brought("loyal")
    assert (found.converted, found.activities, found.revenue) == (3, 3, {"EUR": 1000 - 400 + 300})
    rows = conversions(Audience("loyal"), "order", 7).to_pylist()
    assert sorted(times(rows)) == sorted(SENT + timedelta(days=days) for days in (1, 2, 1))


def test_currencies_are_never_added_up(campaign: list[Message]) -> None:
    activities(("p1", 1, 1000), ("p1", 2, 5), ("p2", 1, 70), currencies=["EUR", "JPY", "EUR"])
    assert brought("loyal").revenue == {"EUR": 1070, "JPY": 5}


def test_an_order_of_merged_people_belongs_to_one_message_alone(
    campaign: list[Message], version: TemplateVersion
) -> None:
    """The other journey wrote later, to the one of the two whose id was kept."""
    plan(version, [Recipient("kept", "later")], Origin("other", "mail"))
    Message.objects.filter(cause="later").update(state=State.ACCEPTED, settled_at=SENT + timedelta(days=1))
    ProfileRedirect.objects.create(old_id="p1", target="kept")
    activities(("kept", 0.5, 100), ("kept", 2, 1000))
    assert brought("loyal").revenue == {"EUR": 100}
    assert brought("other").revenue == {"EUR": 1000}


def test_an_order_counts_from_the_hand_over_of_a_message_whose_fate_was_decided_later(campaign: list[Message]) -> None:
    Message.objects.filter(pk=campaign[7].pk).update(handed_over_at=SENT)
    mark_as_sent([campaign[7].pk])
    activities(("p8", 1, 1000))
    assert brought("loyal").revenue == {"EUR": 1000}


def test_what_bounced_lowers_the_base_of_the_rates(campaign: list[Message]) -> None:
    act(campaign[0], "open")
    act(campaign[1], "bounce")
    result = results(Audience("loyal"))
    assert (result.delivered, result.open_rate) == (3, 1 / 3)


def test_nothing_sent_has_no_rates(db: None) -> None:
    assert results(Audience("none")).open_rate is None
    assert brought("none").revenue == {}


def test_conversions_lead_to_their_people(
    campaign: list[Message], marketer: User, stranger: User, client_of: Callable[[User], Client]
) -> None:
    activities(("p1", 1, 123400), ("p2", 20, 500))
    Profile.objects.bulk_create([person(1), person(2)])
    url = f"/messages/{campaign[0].template_version.template_id}/results/"
    page = client_of(marketer).get(url).content.decode()  # no goal chosen: the kind of activity that there is
    assert "€1,234.00" in page
    assert f"{url}conversions/?goal=order&amp;days=7" in page
    behind = client_of(marketer).get(f"{url}conversions/?goal=order&days=7").content.decode()
    assert "Ann1" in behind
    assert "Ann2" not in behind
    assert client_of(stranger).get(f"{url}conversions/").status_code == 403
