"""An address is what somebody typed. It holds up nobody else's mail, and what its owner decided holds however they
write it."""

from collections.abc import Callable

import pytest
from django.core import mail

from messaging import consent
from messaging.delivery import deliver_due
from messaging.models import Message, TemplateVersion
from messaging.services import Origin, Recipient, plan
from profiles.models import Profile
from tests.messaging.conftest import Sink, person

pytestmark = pytest.mark.django_db


def fates() -> dict[str, tuple[str, str]]:
    return {pk: (state, why) for pk, state, why in Message.objects.values_list("profile_id", "state", "reason")}


@pytest.mark.parametrize(
    "address",
    [
        "ann@ev\x01il.example",
        "ann@evil\x7f.example",
        "ann@ev\x9fil.example",
        "änn@evil.example",
        "ann@ev\u202eil.example",
    ],
    ids=ascii,
)
def test_an_address_that_no_server_takes_holds_up_nobody(version: TemplateVersion, sink: Sink, address: str) -> None:
    Profile.objects.bulk_create([person(1, email=address), person(2)])
    plan(version, [Recipient("p1", "1"), Recipient("p2", "2")], Origin("loyal", "mail"))
    assert deliver_due().trouble == ""
    assert fates() == {"p1": ("skipped", "invalid_address"), "p2": ("accepted", "")}
    assert sink.taken == ["person2@shop.example"]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("ann@bücher.example", "Ann@BÜCHER.example"),
        ("ann@xn--bcher-kva.example", "ann@bücher.example"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@shop.example", "ann@shop.example\u200b"),
    ],
)
def test_who_unsubscribed_is_not_written_to_in_another_spelling(
    version: TemplateVersion, said: str, written: str
) -> None:
    consent.opt_out(said, source="test")
    person(1, email=written).save()
    plan(version, [Recipient("p1", "1")], Origin("loyal", "mail"))
    deliver_due()
    assert fates() == {"p1": ("skipped", "unsubscribed")}
    assert mail.outbox == []


def test_who_was_erased_is_not_written_to_though_the_address_is_known(
    version: TemplateVersion, people: Callable[[int], None]
) -> None:
    """The first attempt, which the server put off, left the address in the ledger."""
    people(1)
    TemplateVersion.objects.update(subject="Hi", body="<p>Hi</p>")
    plan(version, [Recipient("p1", "1")], Origin("loyal", "mail"))
    Message.objects.update(address="person1@shop.example", attempts=1)
    Profile.objects.all().delete()
    deliver_due()
    assert fates() == {"p1": ("skipped", "no_person")}


def test_of_people_who_share_an_address_in_two_spellings_one_gets_the_mail(version: TemplateVersion) -> None:
    Profile.objects.bulk_create(
        [
            person(n, email=f"family@{domain}.example")
            for n, domain in enumerate(["bücher", "BÜCHER", "xn--bcher-kva"], 1)
        ]
    )
    plan(version, [Recipient(f"p{n}", f"{n}") for n in (1, 2, 3)], Origin("loyal", "mail"))
    deliver_due()
    assert [m.to for m in mail.outbox] == [["family@xn--bcher-kva.example"]]
    assert sorted(fates().values()) == [("accepted", "")] + 2 * [("skipped", "duplicate_address")]
