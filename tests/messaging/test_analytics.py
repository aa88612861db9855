from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from lake.services import stage
from lake.specs import ColumnSpec, TableSpec
from messaging.analytics import Audience, links, over_time, people, results, step_totals, totals
from messaging.conversions import conversions
from messaging.models import Interaction, Message, State, TemplateVersion, TrackedLink
from messaging.services import Origin, Recipient, plan

pytestmark = pytest.mark.django_db
SENT = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def campaign(version: TemplateVersion) -> list[Message]:
    """Four sent, one in each other state; a test message that must never count."""
    plan(version, [Recipient(f"p{n}", f"c/{n}") for n in range(1, 10)], Origin("loyal", "mail"))
    messages = list(Message.objects.order_by("pk"))
    states = ["accepted"] * 4 + ["planned", "claimed", "refused", "unknown", "skipped"]
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
    assert result.audience == sum(result.by_state.values()) == 9
    assert result.by_state == {
        "planned": 1, "claimed": 1, "accepted": 4, "refused": 1, "unknown": 1, "skipped": 1
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
    assert [(row["sent"], row["opened"], row["clicked"]) for row in over_time(Audience("loyal"))] == [
        (4, 0, 0),
        (0, 2, 1),
    ]


def activities(*rows: tuple[str, float, int]) -> None:
    """Orders: (person, days after the sending, cents)."""
    table = pa.table(
        {
            "profile_id": [row[0] for row in rows],
            "time": pa.array([SENT + timedelta(days=row[1]) for row in rows], pa.timestamp("us", tz="UTC")),
            "type": ["order"] * len(rows),
            "title": ["Order"] * len(rows),
            "amount": pa.array([row[2] for row in rows], pa.int64()),
            "currency": ["EUR"] * len(rows),
            "source": ["shop"] * len(rows),
            "table": ["orders"] * len(rows),
            "record_id": [str(number) for number in range(len(rows))],
        }
    )
    writing = stage()
    writing.write(TableSpec("unified.activities", columns=[ColumnSpec("amount", "money", currency="EUR")]), table)
    writing.publish("test")


def test_orders_within_the_window_are_conversions(campaign: list[Message]) -> None:
    activities(("p1", 1, 1000), ("p1", 2, 500), ("p2", 6.9, 2000), ("p2", 7.1, 9), ("p3", -1, 9), ("p7", 1, 9))
    found = conversions(Audience("loyal"), "order", 7)
    assert (found.converted, found.activities, found.revenue) == (2, 3, {"EUR": 3500})


def test_an_order_belongs_to_the_newest_message_alone(campaign: list[Message], version: TemplateVersion) -> None:
    plan(version, [Recipient("p1", "later")], Origin("other", "mail"))
    Message.objects.filter(cause="later").update(state=State.ACCEPTED, settled_at=SENT + timedelta(days=2))
    activities(("p1", 1, 1000), ("p1", 3, 700))
    assert conversions(Audience("loyal"), "order", 7).revenue == {"EUR": 1000}
    assert conversions(Audience("other"), "order", 7).revenue == {"EUR": 700}


def test_nothing_sent_has_no_rates(db: None) -> None:
    assert results(Audience("none")).open_rate is None
    assert conversions(Audience("none"), "order", 7).revenue == {}
