"""Mails on the timeline of a customer."""

import datetime
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from messaging.models import EmailTemplate, Interaction, Message, TrackedLink
from messaging.services import freeze

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
ClientOf = Callable[[User], Client]


def minutes(count: int) -> datetime.datetime:
    return NOON + datetime.timedelta(minutes=count)


@pytest.fixture
def story(template: EmailTemplate, people: Callable[[int], None]) -> None:
    """A mail was sent, opened three times (once by a scanner) and clicked; others are tests, planned, or another's."""
    people(2)
    version = freeze(template)
    link = TrackedLink.objects.create(template_version=version, position=99, url="https://shop.example/sale")

    def mail(cause: str, person: str = "p1", state: str = "accepted", is_test: bool = False) -> Message:
        return Message.objects.create(
            cause=cause, profile_id=person, template_version=version, state=state, is_test=is_test,
            planned_at=NOON, due_at=NOON, settled_at=NOON,
        )  # fmt: skip

    sent = mail("one")
    for number, (kind, is_machine) in enumerate(
        [("open", True), ("open", False), ("click", False), ("open", False), ("delivered", False)], start=1
    ):
        where = link if kind == "click" else None
        Interaction.objects.create(message=sent, kind=kind, at=minutes(number), is_machine=is_machine, link=where)
    for other in (mail("two", person="p2"), mail("three", state="skipped"), mail("four", is_test=True)):
        Interaction.objects.create(message=other, kind="bounce", at=minutes(9))
    Interaction.objects.filter(message__cause="three").delete()


def test_mails_opens_and_clicks_are_in_order(story: None, client_of: ClientOf, viewer: User) -> None:
    items = client_of(viewer).get("/api/v1/customers/p1/timeline/").json()["items"]
    assert [(item["type"], item["title"]) for item in items] == [
        ("email_click", "Loyal customers: shop.example/sale"),
        ("email_open", "Loyal customers"),
        ("email_sent", "Loyal customers"),
    ]
    assert items[1]["time"].startswith("2026-03-01T12:02")


def test_they_are_paged_and_filtered_like_others(story: None, client_of: ClientOf, viewer: User) -> None:
    client = client_of(viewer)
    first = client.get("/api/v1/customers/p1/timeline/", {"limit": 1}).json()
    rest = client.get("/api/v1/customers/p1/timeline/", {"limit": 9, "before": first["next"]}).json()
    assert [item["type"] for item in rest["items"]] == ["email_open", "email_sent"]
    page = client.get("/customers/p1/", {"type": "email_open"}).content.decode()
    assert "E-mail opened" in page
    assert "shop.example/sale" not in page


def test_who_may_not_see_messages_sees_none(story: None, client_of: ClientOf, stranger: User) -> None:
    stranger.user_permissions.add(Permission.objects.get(codename="view_profile"))
    assert client_of(stranger).get("/api/v1/customers/p1/timeline/").json()["items"] == []
    assert "Loyal customers" not in client_of(stranger).get("/customers/p1/").content.decode()
