from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from django.core import mail
from django.utils import timezone

from core.models import Workspace
from lake.services import stage
from lake.specs import ColumnSpec, TableSpec
from messaging import claims, consent, settle
from messaging.analytics import Audience, totals
from messaging.delivery import deliver_due
from messaging.models import EmailTemplate, Message, State, Suppression, TemplateVersion
from messaging.people import values_of
from messaging.services import Origin, Recipient, freeze, plan, stop
from messaging.settle import Outcome
from profiles.models import Profile, ProfileRedirect
from tests.messaging.conftest import person

pytestmark = pytest.mark.django_db
STEP = Origin("loyal", "mail")


def planned(version: TemplateVersion, *ids: str, origin: Origin = STEP) -> int:
    return plan(version, [Recipient(profile_id, f"{origin.step_key}/{profile_id}") for profile_id in ids], origin)


def reasons() -> dict[str, str]:
    return dict(Message.objects.values_list("profile_id", "reason"))


def test_planning_again_adds_nothing(version: TemplateVersion) -> None:
    assert planned(version, "p1", "p2") == 2
    assert planned(version, "p1", "p2", "p3") == 1


def test_each_person_gets_their_own_mail(version: TemplateVersion, people: Callable[[int], None]) -> None:
    people(3)
    planned(version, "p1", "p2", "p3")
    assert deliver_due().accepted == 3
    assert sorted(m.to[0] for m in mail.outbox) == [f"person{n}@shop.example" for n in (1, 2, 3)]
    first = next(m for m in mail.outbox if m.to == ["person1@shop.example"])
    assert first.subject == "20% off for Ann1"
    assert "more than 1,001 loyalty points" in first.body
    assert first.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert deliver_due().handled == 0


def test_a_measure_is_written_as_money_of_the_readers_place(
    catalog: None, people: Callable[[int], None], django_assert_max_num_queries: Any
) -> None:
    people(2)
    spend = pa.table({"profile_id": ["p1"], "lifetime_spend": pa.array([123456], pa.int64())})
    column = ColumnSpec("lifetime_spend", "money", label="Lifetime spend", currency="EUR")
    writing = stage()
    writing.write(TableSpec("measures.customer", key=["profile_id"], columns=[column]), spend)
    writing.publish("test")
    body = "You spent {{Lifetime Spend}} with us.{% if Lifetime Spend > 1000 %} Wow.{% endif %}"
    template = EmailTemplate.objects.create(name="Spend", subject="Thank you", body=body)
    Workspace.objects.update_or_create(pk=1, defaults={"locale": "de"})
    planned(freeze(template), "p1", "p2")
    report = deliver_due()
    assert (report.accepted, report.skipped) == (1, {"missing_value": 1})
    assert "You spent 1.234,56\xa0€ with us. Wow." in str(mail.outbox[0].body)
    with django_assert_max_num_queries(2):
        assert values_of(["p1", "p2"])["p1"]["lifetime_spend"] == Decimal("1234.56")


def test_who_must_not_be_written_to_is_skipped_with_a_reason(version: TemplateVersion) -> None:
    Profile.objects.bulk_create(
        [
            person(1, email=None),
            person(2, email="no at sign"),
            person(3),
            person(4),
            person(5, first_name=None),
            person(6, email="shared@shop.example"),
            person(7, email="Shared@shop.example "),
        ]
    )
    consent.opt_out("PERSON3@shop.example", source="test")
    consent.suppress("person4@shop.example")
    planned(version, "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p99")
    late = Origin("loyal", "late", expires_at=timezone.now() - timedelta(hours=1))
    planned(version, "p8", origin=late)
    deliver_due()
    assert reasons() == {
        "p1": "no_address",
        "p2": "invalid_address",
        "p3": "unsubscribed",
        "p4": "suppressed",
        "p5": "missing_value",
        "p6": "",
        "p7": "duplicate_address",
        "p99": "no_person",
        "p8": "expired",
    }
    result = totals(Audience("loyal"))
    assert result.audience == sum(result.by_state.values()) == 9
    assert result.by_state["accepted"] == 1


def test_of_people_who_share_an_address_one_who_can_be_written_to_is(version: TemplateVersion) -> None:
    Profile.objects.bulk_create(
        [person(n, email="family@shop.example", first_name=name) for n, name in enumerate([None, "Bo", "Cy"], start=1)]
    )
    planned(version, "p1", "p2", "p3")
    deliver_due()
    assert reasons() == {"p1": "missing_value", "p2": "", "p3": "duplicate_address"}
    assert [m.subject for m in mail.outbox] == ["20% off for Bo"]


def test_who_shares_an_address_waits_while_a_mail_to_it_is_put_off(version: TemplateVersion) -> None:
    """The first is put off by the mail server and refused in the end; then the second is sent."""
    Profile.objects.bulk_create([person(n, email="family@shop.example") for n in (1, 2)])
    planned(version, "p1", "p2")
    with claims.sender() as number:
        (first,), _skipped = claims.claim(number, 10)
        settle.record([], number, hand_over=[first.id])
        settle.record([Outcome(first.id, State.PLANNED, wait_seconds=600)], number)
    assert deliver_due().handled == 0
    one, two = Message.objects.order_by("pk")
    assert (two.state, two.due_at) == (State.PLANNED, one.due_at)
    Message.objects.filter(pk=one.pk).update(state=State.REFUSED, reason="gave_up")
    Message.objects.filter(pk=two.pk).update(due_at=timezone.now())
    assert deliver_due().accepted == 1
    assert mail.outbox[0].subject == "20% off for Ann2"


def test_a_default_fills_the_gap(version: TemplateVersion) -> None:
    TemplateVersion.objects.update(defaults={"first name": "friend"})
    person(1, first_name="").save()
    planned(version, "p1")
    deliver_due()
    assert mail.outbox[0].body.startswith("Hi friend,")


def test_consent_can_be_required(version: TemplateVersion, people: Callable[[int], None]) -> None:
    people(2)
    Workspace.objects.update_or_create(pk=1, defaults={"consent_required": True})
    consent.opt_in("person1@shop.example", source="form")
    planned(version, "p1", "p2")
    deliver_due()
    assert reasons() == {"p1": "", "p2": "no_consent"}


def test_a_merged_person_is_found_by_the_old_id(version: TemplateVersion, people: Callable[[int], None]) -> None:
    people(1)
    ProfileRedirect.objects.create(old_id="old", target="p1")
    planned(version, "old")
    assert deliver_due().accepted == 1


@pytest.mark.parametrize(("earlier", "why"), [("p1", "duplicate_address"), ("p2", "duplicate_person")])
def test_who_turned_out_to_be_one_person_gets_one_mail(
    version: TemplateVersion, people: Callable[[int], None], earlier: str, why: str
) -> None:
    """At whatever address, and whichever of the two was written to before they were merged."""
    people(3)
    planned(version, "p1", "p2", "p3")
    if earlier == "p2":
        deliver_due(only=[Message.objects.get(profile_id="p2").pk])
    ProfileRedirect.objects.create(old_id="p2", target="p1")
    Profile.objects.filter(pk="p1").update(email="new@shop.example")
    Profile.objects.filter(pk="p2").delete()
    deliver_due()
    later = {"p1": "p2", "p2": "p1"}[earlier]
    assert reasons() == {earlier: "", later: why, "p3": ""}
    assert len(mail.outbox) == 2


def test_who_was_merged_long_ago_may_go_through_a_journey_again(
    version: TemplateVersion, people: Callable[[int], None]
) -> None:
    people(1)
    planned(version, "p2")
    Message.objects.update(state=State.ACCEPTED, settled_at=timezone.now())
    ProfileRedirect.objects.create(old_id="p2", target="p1")
    planned(version, "p1")
    assert deliver_due().accepted == 1


def test_stopping_skips_what_waits(version: TemplateVersion, people: Callable[[int], None]) -> None:
    people(2)
    planned(version, "p1", "p2")
    assert stop("loyal") == 2
    assert deliver_due().handled == 0
    assert set(reasons().values()) == {"stopped"}


def test_nothing_is_sent_before_it_is_due(version: TemplateVersion, people: Callable[[int], None]) -> None:
    people(1)
    planned(version, "p1", origin=Origin("loyal", "mail", due_at=timezone.now() + timedelta(hours=1)))
    assert deliver_due().handled == 0


def test_an_unsubscription_between_claim_and_hand_over_is_respected(
    version: TemplateVersion, people: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from messaging.composer import Composer

    people(1)
    planned(version, "p1")
    compose = Composer.compose

    def unsubscribe_first(self, batch):  # the moment between the two is reached by acting inside it
        consent.opt_out("person1@shop.example", source="test")
        return compose(self, batch)

    monkeypatch.setattr(Composer, "compose", unsubscribe_first)
    deliver_due()
    assert mail.outbox == []
    assert reasons() == {"p1": "unsubscribed"}


@pytest.mark.parametrize(
    "body", ["{{ First Name | date: 99 }}", "{% if First Name > 3 %}x{% endif %}", "{{ First Name | divided_by: 0 }}"]
)
def test_why_an_email_cannot_be_made_is_told_without_the_value(
    version: TemplateVersion, people: Callable[[int], None], body: str
) -> None:
    people(1)
    TemplateVersion.objects.update(body=body)
    planned(version, "p1")
    deliver_due()
    message = Message.objects.get()
    assert message.reason == "cannot_render"
    assert "value" in message.detail
    assert "Ann1" not in message.detail


def test_a_version_that_no_longer_renders_is_skipped(version: TemplateVersion, people: Callable[[int], None]) -> None:
    people(1)
    TemplateVersion.objects.update(body="{{ Nonsense }}")
    planned(version, "p1")
    deliver_due()
    message = Message.objects.get()
    assert (message.state, message.reason) == (State.SKIPPED, "cannot_render")
    assert Suppression.objects.count() == 0
