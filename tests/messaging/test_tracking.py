from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from lake import mirror
from lake.queries import snapshot
from messaging import signing
from messaging.delivery import deliver_due
from messaging.models import Consent, EmailTemplate, Interaction, Message, State, Suppression, TrackedLink
from messaging.services import Origin, Recipient, freeze, plan

pytestmark = pytest.mark.django_db
PERSON = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0"


@pytest.fixture
def message(template: EmailTemplate, people: Callable[[int], None]) -> Message:
    people(1)
    template.body = '<p>Hi {{ First Name }} <a href="https://shop.example/sale?a=1&amp;b=2">Sale</a></p>'
    template.save()
    plan(freeze(template), [Recipient("p1", "c/p1")], Origin("loyal", "mail"))
    deliver_due()
    return Message.objects.get()


def visitor() -> Client:
    return Client(enforce_csrf_checks=True, headers={"User-Agent": PERSON})


def test_an_open_is_recorded_and_every_token_gets_the_same_picture(message: Message) -> None:
    good = visitor().get(f"/t/o/{signing.sign(signing.OPEN, message.pk)}.gif")
    bad = visitor().get("/t/o/AAAA.gif")
    assert good.content == bad.content
    assert list(Interaction.objects.values_list("kind", "is_machine", "client")) == [("open", False, "desktop")]


def test_a_click_leads_to_the_stored_link_only(message: Message) -> None:
    answer = visitor().get(f"/t/c/{signing.sign(signing.CLICK, message.pk, 0)}?url=https://evil.example")
    assert (answer.status_code, answer["Location"]) == (302, "https://shop.example/sale?a=1&b=2")
    assert Interaction.objects.get().link is not None


@pytest.mark.parametrize("kind", [signing.OPEN, signing.UNSUBSCRIBE])
def test_a_token_of_another_kind_does_not_click(message: Message, kind: bytes) -> None:
    assert visitor().get(f"/t/c/{signing.sign(kind, message.pk)}").status_code == 404


def test_a_changed_token_does_not_click(message: Message) -> None:
    token = signing.sign(signing.CLICK, message.pk, 0)
    changed = [token[:n] + ("A" if token[n] != "A" else "B") + token[n + 1 :] for n in range(len(token))]
    assert {visitor().get(f"/t/c/{other}").status_code for other in changed} == {404}
    assert visitor().get(f"/t/c/{signing.sign(signing.CLICK, message.pk, 7)}").status_code == 404


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"User-Agent": "Barracuda Sentinel"}),
        ("GET", {"User-Agent": ""}),
        ("HEAD", {"User-Agent": PERSON}),
        ("GET", {"User-Agent": PERSON, "Sec-Purpose": "prefetch;prerender"}),
        ("GET", {"User-Agent": PERSON, "X-Moz": "prefetch"}),
    ],
)
def test_who_fetches_ahead_or_says_that_it_is_a_program_is_a_machine(
    message: Message, method: str, headers: dict[str, str]
) -> None:
    Client(headers=headers).generic(method, f"/t/c/{signing.sign(signing.CLICK, message.pk, 0)}")
    Client(headers=headers).generic(method, f"/t/o/{signing.sign(signing.OPEN, message.pk)}.gif")
    assert list(Interaction.objects.values_list("is_machine", flat=True)) == [True, True]


@pytest.mark.parametrize(("links", "is_machine"), [(2, False), (3, True)])
def test_who_follows_many_links_in_a_moment_is_a_machine(message: Message, links: int, is_machine: bool) -> None:
    """A scanner that calls itself a browser; its first clicks are found out by its last."""
    version = message.template_version
    for position in range(1, links):
        TrackedLink.objects.create(template_version=version, position=position, url=f"https://shop.example/{position}")
    for position in range(links):
        visitor().get(f"/t/c/{signing.sign(signing.CLICK, message.pk, position)}")
    assert set(Interaction.objects.values_list("is_machine", flat=True)) == {is_machine}


def test_the_same_link_clicked_often_is_an_impatient_person(message: Message) -> None:
    for _time in range(5):
        visitor().get(f"/t/c/{signing.sign(signing.CLICK, message.pk, 0)}")
    assert set(Interaction.objects.values_list("is_machine", flat=True)) == {False}


def test_no_rule_sees_what_a_machine_did(message: Message) -> None:
    path = f"/t/c/{signing.sign(signing.CLICK, message.pk, 0)}"
    Client(headers={"User-Agent": "Barracuda Sentinel"}).get(path)
    visitor().get(path)
    mirror.sync(["kindred.interactions"])
    assert snapshot().info("kindred.interactions").rows == 1


def test_an_unknown_message_that_is_opened_was_sent(message: Message) -> None:
    Message.objects.update(state=State.UNKNOWN)
    visitor().get(f"/t/o/{signing.sign(signing.OPEN, message.pk)}.gif")
    message.refresh_from_db()
    assert message.state == State.ACCEPTED


def test_a_token_of_another_installation_is_refused(message: Message, settings: Any) -> None:
    theirs = signing.sign(signing.CLICK, message.pk, 0), signing.sign(signing.UNSUBSCRIBE, message.pk)
    settings.SECRET_KEY = "another"
    assert visitor().get(f"/t/c/{theirs[0]}").status_code == 404
    assert visitor().post(f"/t/u/{theirs[1]}", {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert Interaction.objects.count() == Consent.objects.count() == 0


def test_opening_the_unsubscribe_page_changes_nothing(message: Message) -> None:
    page = visitor().get(f"/t/u/{signing.sign(signing.UNSUBSCRIBE, message.pk)}")
    assert b"person1@shop.example" in page.content
    assert Consent.objects.count() == 0


@pytest.mark.parametrize("body", [{"List-Unsubscribe": "One-Click"}, {"action": "unsubscribe"}])
def test_unsubscribing_needs_no_cookie_and_ends_all_marketing(message: Message, body: dict[str, str]) -> None:
    assert visitor().post(f"/t/u/{signing.sign(signing.UNSUBSCRIBE, message.pk)}", body).status_code == 200
    assert list(Suppression.objects.values_list("address", "reason", "purpose")) == [
        ("person1@shop.example", "unsubscribed", "marketing")
    ]
    assert Interaction.objects.get().kind == "unsubscribe"
    plan(message.template_version, [Recipient("p1", "other/p1")], Origin("another", "mail"))
    deliver_due()
    assert Message.objects.first().reason == "unsubscribed"


def test_one_may_change_ones_mind(message: Message) -> None:
    path = f"/t/u/{signing.sign(signing.UNSUBSCRIBE, message.pk)}"
    visitor().post(path, {"action": "unsubscribe"})
    visitor().post(path, {"action": "resubscribe"})
    assert [row.state for row in Consent.objects.all()] == ["opted_in", "opted_out"]
    assert Suppression.objects.count() == 0


def test_the_message_id_is_the_same_whenever_it_is_built() -> None:
    assert signing.sign(signing.MESSAGE_ID, 7) == signing.sign(signing.MESSAGE_ID, 7)
